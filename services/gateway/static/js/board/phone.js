// On a phone one column stands at a time, chosen by the chips; a swipe over a card opens its actions.

const SWIPE_PX = 48;

/** Bind chips and swipes. */
export function startPhone() {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => { event.preventDefault(); choose(tab, tabs); });
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (to) choose(tabs.at((tabs.indexOf(tab) + to) % tabs.length), tabs, true);
    });
  }
  choose(tabs[0], tabs);
  for (const column of document.querySelectorAll("[data-cards]")) bindSwipe(column);
  for (const button of document.querySelectorAll("[data-phone-search]")) button.addEventListener("click", toggleSearch);
}

function choose(tab, tabs, focus = false) {
  for (const other of tabs) {
    const on = other === tab;
    other.classList.toggle("v-chip-on", on);
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).classList.toggle("v-shown", on);
  }
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focus) tab.focus();
}

function bindSwipe(list) {
  let start = null;
  list.addEventListener("touchstart", (event) => {
    const [finger] = event.changedTouches;
    start = { card: event.target.closest(".v-card"), x: finger.clientX, y: finger.clientY };
  }, { passive: true });
  list.addEventListener("touchend", (event) => {
    const [finger] = event.changedTouches;
    const [right, down] = [finger.clientX - start.x, finger.clientY - start.y];
    if (!start.card || Math.abs(right) < SWIPE_PX || Math.abs(right) < 2 * Math.abs(down)) return;
    for (const other of list.querySelectorAll(".v-card-open")) if (other !== start.card) other.classList.remove("v-card-open");
    start.card.classList.toggle("v-card-open", right < 0);
  }, { passive: true });
}

function toggleSearch(event) {
  event.preventDefault();
  const form = document.getElementById("phone-search");
  const open = form.classList.toggle("v-open");
  if (open) form.querySelector('[type="search"]').focus();
}
