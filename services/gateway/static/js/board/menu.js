// The menu of a card: by right click, «⋯», the key m, or the menu key; a sheet at the bottom on phones.

import { isPhone } from "../page.js";
import { may, run } from "./commands.js";
import { hold, release } from "./pile.js";
import { focusCard } from "./roving.js";

let card = null;
let menu = null;

/** Bind the ways to open it. */
export function startMenu() {
  menu = document.getElementById("card-menu");
  document.addEventListener("contextmenu", (event) => {
    const under = event.target.closest(".v-card");
    if (!under || event.shiftKey) return; // Shift keeps the browser's own menu within reach
    event.preventDefault();
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMenu(under, byKey ? below(under) : { x: event.clientX, y: event.clientY });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-menu]");
    if (!button) return;
    event.preventDefault();
    openMenu(button.closest(".v-card"), below(button));
  });
  menu.addEventListener("click", choose);
  menu.addEventListener("keydown", keys);
  document.addEventListener("pointerdown", (event) => { if (card && !menu.contains(event.target)) close(); }, true);
  document.addEventListener("scroll", (event) => { if (card && !menu.contains(event.target)) close(); }, true);
  window.addEventListener("blur", () => { if (card) close(); });
}

/** Open it for a card, at a point or below the card. */
export function openMenu(forCard, at = below(forCard)) {
  if (card) close(false);
  card = forCard;
  for (const item of menu.querySelectorAll("[data-do]")) {
    item.hidden = !may(card, item.dataset.do);
    item.href = address(item.dataset.do);
  }
  menu.querySelector("[data-with]").hidden = !may(card, "reject");
  card.classList.add("v-card-chosen");
  hold("menu");
  menu.showPopover();
  if (!isPhone()) stand(at);
  items()[0]?.focus();
}

/** Real addresses, so that a middle click and «copy link» do what they say. */
function address(name) {
  if (name === "call") return card.dataset.call ?? "";
  if (name === "write") return card.dataset.write ?? "";
  const dialog = ["reject", "hand-over", "mark-spam"].includes(name) ? `/dialogs/${name}` : "";
  return `/leads/${card.dataset.id}${dialog}`;
}

function below(target) {
  const box = target.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 4 };
}

/** Keep the whole menu inside the window. */
function stand({ x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
}

function close(giveBack = true) {
  const left = card;
  card = null;
  menu.hidePopover();
  left.classList.remove("v-card-chosen");
  if (giveBack && left.isConnected) focusCard(left);
  release("menu");
}

function choose(event) {
  const item = event.target.closest("[data-do]");
  if (!item || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const chosen = card;
  close();
  run(chosen, item.dataset.do, { byKey: event.detail === 0 });
}

function items() {
  return [...menu.querySelectorAll("[data-do]:not([hidden])")];
}

function keys(event) {
  const all = items();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) all.at(to % all.length).focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key === " ") document.activeElement.click();
  else if (event.key !== "Enter") all.slice(at + 1).concat(all).find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  if (event.key === "Enter") return; // a link: the browser clicks it
  event.preventDefault();
  event.stopPropagation();
}
