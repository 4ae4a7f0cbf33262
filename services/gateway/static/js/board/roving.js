// One card is the current one: the arrow keys, j and k move it, Tab leaves the list; its neighbours wait for it.

import { onCard } from "./columns.js";

/** Keep one tab stop for the whole board. */
export function startRoving() {
  onCard(prepare);
  for (const card of document.querySelectorAll(".v-card")) prepare(card);
  document.addEventListener("focusin", ({ target }) => {
    const card = target.closest?.(".v-card");
    if (card) mark(card);
  });
  const first = document.querySelector(".v-card");
  if (first) mark(first);
}

function prepare(card) {
  for (const link of card.querySelectorAll(".v-card-name, .v-card-title")) link.tabIndex = -1;
  if (!document.querySelector('.v-card[tabindex="0"]')) card.tabIndex = 0;
}

function mark(card) {
  for (const other of document.querySelectorAll('.v-card[tabindex="0"]')) if (other !== card) other.tabIndex = -1;
  card.tabIndex = 0;
}

/** The card that has the focus, or the one under the pointer. */
export function currentCard() {
  return document.activeElement?.closest(".v-card") ?? document.querySelector(".v-card:hover");
}

export function focusCard(card) {
  if (!card) return;
  mark(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The card to look at when this one leaves its column: triage goes on without the mouse. */
export function neighbour(card) {
  return following(card) ?? preceding(card);
}

/** Move down or up within the column; from nowhere to the first card. */
export function step(down) {
  const card = currentCard();
  if (!card) focusCard(document.querySelector(".v-shown .v-card, .v-card"));
  else focusCard(down ? following(card) : preceding(card));
}

/** Move to the nearest card of the next column that has any and is unfolded. */
export function sidestep(right) {
  const card = currentCard();
  if (!card) return step(true);
  const columns = [...document.querySelectorAll("[data-column]:not(.v-col-folded)")].filter((column) => column.querySelector(".v-card"));
  const column = columns[columns.indexOf(card.closest("[data-column]")) + (right ? 1 : -1)];
  if (!column) return undefined;
  const top = card.getBoundingClientRect().top;
  const distance = (other) => Math.abs(other.getBoundingClientRect().top - top);
  return focusCard([...column.querySelectorAll(".v-card")].reduce((best, other) => (distance(other) < distance(best) ? other : best)));
}

function following(card) {
  let next = card.nextElementSibling;
  while (next && !next.matches(".v-card")) next = next.nextElementSibling;
  return next;
}

function preceding(card) {
  let previous = card.previousElementSibling;
  while (previous && !previous.matches(".v-card")) previous = previous.previousElementSibling;
  return previous;
}
