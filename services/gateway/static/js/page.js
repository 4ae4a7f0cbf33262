// Reading and building the page: icons, fragments, what a screen reader is told.

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite, as the templates draw it. */
export function icon(name, size = "16") {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", `v-icon v-icon-${size}${name.endsWith("-filled") ? " v-icon-fill" : ""}`);
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  picture.append(use);
  return picture;
}

/** The first element of a piece of HTML that our own server rendered. */
export function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

/** An element with a class, a text and attributes. */
export function make(tag, className = "", content = "", attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content) made.textContent = content;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Tell people who listen instead of look; emptied first, so that the same words are said again. */
export function say(words) {
  const region = document.getElementById("said");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
}

/** Let an animation class run once. */
export function flash(target, className) {
  target.classList.remove(className);
  void target.offsetWidth; // restarts the animation when it is running
  target.classList.add(className);
  target.addEventListener("animationend", () => target.classList.remove(className), { once: true });
}

/** Whether the reader is writing now, so that letters are not commands. */
export function isWriting(target) {
  return target instanceof Element && target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

/** Whether the page is as narrow as a phone; the same limit as in the style sheets. */
export function isPhone() {
  return matchMedia("(max-width: 767px)").matches;
}
