// While the pointer is on a card or a menu is open, nothing may jump under it: changes wait behind «2 новых».

import { make, say } from "../page.js";
import { counted, text } from "../words.js";
import { allColumns, cardOf, columnOf, place, refreshHeads, remove } from "./columns.js";

const piles = new Map(); // key of a column → changes in the order in which they came, by id
const hovers = matchMedia("(hover: hover)");
const holds = new Set(); // reasons to hold everything: an open menu, a card in the hand

/** Let everything wait as long as the reason stands. */
export function hold(reason) {
  holds.add(reason);
}

/** The reason is gone: show what waited, unless something else holds it. */
export function release(reason) {
  holds.delete(reason);
  for (const column of allColumns()) if (!isBusy(column)) show(column.dataset.column);
}

/** Show what waited in a column as soon as the pointer leaves it. */
export function startPile() {
  for (const column of allColumns()) watch(column);
}

export function watch(column) {
  column.addEventListener("pointerleave", () => { if (!isBusy(column)) show(column.dataset.column); });
}

/** Put a card in now, or let it wait when that would move what is under the pointer. */
export function put(card) {
  const old = cardOf(card.id);
  const stays = old && old.dataset.in === card.column && old.dataset.order === card.order;
  const columns = [columnOf(card.column), old?.closest("[data-column]")];
  if (stays || !columns.some((column) => column && isBusy(column))) {
    forget(card.id);
    place(card);
    return;
  }
  wait(columns.find((column) => column && isBusy(column)).dataset.column, card.id, { card, isNew: !old });
  if (old) gone(old);
}

/** Take a card out now, or show that it is gone and let it stand until the pointer is elsewhere. */
export function take(id) {
  const old = cardOf(id);
  const column = old?.closest("[data-column]");
  forget(id);
  if (!old) return;
  if (!isBusy(column)) {
    remove(id);
    return;
  }
  gone(old);
  wait(column.dataset.column, id, { card: null, isNew: false });
}

function isBusy(column) {
  // A finger leaves «hover» behind where it tapped: only a real pointer holds the cards.
  return holds.size > 0 || (hovers.matches && column.querySelector(".v-card:hover") !== null);
}

function gone(card) {
  card.classList.add("v-card-held");
  card.setAttribute("aria-description", text("gone"));
}

function wait(key, id, change) {
  forget(id);
  if (!piles.has(key)) piles.set(key, new Map());
  piles.get(key).set(id, change);
  announce(key);
}

function forget(id) {
  for (const [key, pile] of piles) if (pile.delete(id)) announce(key);
}

/** The button on top of the column says how many new ones wait. */
function announce(key) {
  const head = columnOf(key).querySelector(".v-col-head");
  const count = [...(piles.get(key)?.values() ?? [])].filter((change) => change.isNew).length;
  let button = head.querySelector(".v-col-waiting");
  if (!count) {
    button?.remove();
    return;
  }
  if (!button) {
    button = make("button", "v-col-waiting", "", { type: "button" });
    button.addEventListener("click", () => show(key, true));
    head.append(button);
  }
  button.textContent = counted("new", count);
}

function show(key, look = false) {
  const pile = piles.get(key);
  if (!pile?.size) return;
  piles.delete(key);
  announce(key);
  let first = null;
  for (const [id, { card, isNew }] of pile) {
    if (card) {
      const shown = place(card);
      shown?.classList.remove("v-card-held");
      if (isNew) first ??= shown;
    } else remove(id);
  }
  refreshHeads();
  if (look) first?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  if (look && first) say(first.dataset.name);
}
