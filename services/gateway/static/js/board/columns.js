// The columns as they stand in the page: a card is put at its sorted place, replaced or taken out; counters follow.

import { element, flash } from "../page.js";
import { tick } from "../waits.js";
import { counted, text } from "../words.js";

const MOST_EXACT = 9_999;
const listeners = [];

/** Call back with every card that was put into the page or replaced. */
export function onCard(callback) {
  listeners.push(callback);
}

export function allColumns() {
  return [...document.querySelectorAll("[data-column]")];
}

export function columnOf(key) {
  return document.querySelector(`[data-column="${key}"]`);
}

export function cardOf(id) {
  return document.querySelector(`.v-card[data-id="${CSS.escape(id)}"]`);
}

/** Put a card {id, column, order, version, html} where it belongs; return its element, null when it is beyond what is loaded. */
export function place(card) {
  const old = cardOf(card.id);
  if (old && Number(old.dataset.version) > card.version) return old;
  if (old && old.dataset.in === card.column && old.dataset.order === card.order) return replace(old, card);
  old?.remove();
  const column = columnOf(card.column);
  const before = placeFor(column, card);
  if (before === null) return null;
  const made = element(card.html);
  before.before(made);
  flash(made, "v-card-new");
  ready(made);
  return made;
}

/** Take a card out of the page. */
export function remove(id) {
  cardOf(id)?.remove();
}

/** Announce cards that came into the page by other ways (more of a column, a whole column). */
export function ready(...cards) {
  for (const card of cards) for (const callback of listeners) callback(card);
}

/** Replace what a card shows but keep its element: neither the pointer nor the focus loses it. */
function replace(old, card) {
  const made = element(card.html);
  const focused = old.contains(document.activeElement) && old !== document.activeElement ? describe(document.activeElement) : null;
  for (const { name } of [...old.attributes]) if (!["class", "tabindex", "draggable"].includes(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (name !== "tabindex" && name !== "class") old.setAttribute(name, value);
  old.className = made.className;
  old.replaceChildren(...made.childNodes);
  ready(old);
  if (focused) old.querySelector(focused)?.focus();
  flash(old, "v-card-changed");
  tick(old);
  return old;
}

function describe(target) {
  return target.matches("[data-menu]") ? "[data-menu]" : `${target.localName}.${[...target.classList].join(".")}`;
}

/** The element before which the card stands; null when the card lies beyond the loaded part of the column. */
function placeFor(column, card) {
  const cards = [...column.querySelectorAll(".v-card")];
  const later = cards.find((other) => (card.column === "new" ? other.dataset.order > card.order : other.dataset.order < card.order));
  if (later) return later;
  if (column.querySelector(".v-more, .v-col-full")) return null;
  return column.querySelector("[data-empty]");
}

/** Show the counters that the server counted; what it could not count stays. */
export function showCounters(columns) {
  for (const [key, { count, total, note }] of Object.entries(columns)) {
    const column = columnOf(key);
    if (!column || count === null) continue;
    showCount(column, count, total);
    if (note !== null) column.querySelector("[data-note]").textContent = note;
  }
  showTotal();
}

/** Count a card in or out before the server has counted, so that the move is seen whole. */
export function countBy(key, difference) {
  const column = columnOf(key);
  const total = Number(column.dataset.total) + difference;
  if (!column.dataset.total || total < 0 || total >= MOST_EXACT) return;
  showCount(column, grouped(total), total);
  showTotal();
}

function showCount(column, count, total) {
  column.dataset.total = total;
  const chips = document.querySelectorAll(`[data-count-of="${column.dataset.column}"]`);
  for (const place of [column.querySelector("[data-count]"), ...chips]) {
    if (place.textContent === count) continue;
    place.textContent = count;
    flash(place, "v-changed");
  }
}

function showTotal() {
  const totals = allColumns().filter((column) => column.dataset.column !== "rejected").map((column) => column.dataset.total);
  if (totals.some((total) => !total)) return;
  const sum = totals.reduce((all, total) => all + Number(total), 0);
  const place = document.querySelector("[data-total-of-board]");
  const capped = sum > MOST_EXACT;
  const words = counted("total", sum).replace(String(sum), capped ? `${grouped(MOST_EXACT)}+` : grouped(sum));
  if (place.textContent !== words) place.textContent = words;
}

function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Bring notes, the line and the tag of each column in step with its cards. */
export function refreshHeads() {
  for (const column of allColumns()) {
    const cards = [...column.querySelectorAll(".v-card")];
    const waiting = cards.filter((card) => card.hasAttribute("data-waits")).length;
    const share = cards.length ? Math.round((100 * (cards.length - waiting)) / cards.length) : 0;
    column.querySelector("[data-share]")?.setAttribute("width", String(share));
    if (["new", "rejected"].includes(column.dataset.column) || column.querySelector(".v-failed")) continue;
    column.querySelector("[data-note]").textContent = waiting ? counted("waiting", waiting) : text("nobody_waits");
  }
}
