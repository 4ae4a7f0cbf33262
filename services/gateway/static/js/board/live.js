// The board follows the live link: changed cards come in, gone ones leave, counters change; after a gap whole columns.

import { ask, onCards } from "../live/changes.js";
import { isOwn, on } from "../live/link.js";
import { element, say } from "../page.js";
import { getHtml } from "../requests.js";
import { text } from "../words.js";
import { allColumns, cardOf, columnOf, place, ready, refreshHeads, showCounters } from "./columns.js";
import { isMoving } from "./moves.js";
import { put, take } from "./pile.js";

/** Start following. */
export function startLive() {
  onCards((answer) => {
    for (const card of answer.cards) if (!leaveToMove(card.id)) put(card);
    for (const id of answer.gone) if (!leaveToMove(id)) leave(id);
    showCounters(answer.columns);
    refreshHeads();
  });
  on("resync", () => { for (const column of allColumns()) renew(column.dataset.column); });
}

/** A card that is being moved here is shown by its own answer; look again after it. */
function leaveToMove(id) {
  if (!isMoving(id)) return false;
  setTimeout(() => ask(id), 1_000);
  return true;
}

function leave(id) {
  const card = cardOf(id);
  if (card && !isOwn(id)) say(text("taken", { name: card.dataset.name }));
  take(id);
}

/** Compare a column with the owner's: what is new comes in, what is gone leaves, the rest is only replaced when it changed. */
export async function renew(key) {
  const html = await getHtml(`/board/columns/${key}/whole?${document.body.dataset.query}`).catch(() => null);
  if (html === null) return;
  const fresh = element(html);
  const column = columnOf(key);
  const failed = column.querySelector(".v-failed") !== null;
  if (failed) {
    swap(column, fresh);
    return;
  }
  const cards = [...fresh.querySelectorAll(".v-card")];
  dropMissing(column, cards, fresh);
  for (const card of cards) {
    const { id, order, version } = card.dataset;
    const old = cardOf(id);
    if (!old || Number(old.dataset.version) < Number(version)) put({ id, order, column: key, version: Number(version), html: card.outerHTML });
  }
  const count = fresh.querySelector("[data-count]").textContent;
  showCounters({ [key]: { count, total: Number(fresh.dataset.total), note: fresh.querySelector("[data-note]").textContent } });
  refreshHeads();
}

/** Cards within the answered part of the column that were not answered are not in it any more. */
function dropMissing(column, cards, fresh) {
  const ids = new Set(cards.map((card) => card.dataset.id));
  const last = fresh.querySelector(".v-more") ? cards.at(-1)?.dataset.order : null;
  const isNew = column.dataset.column === "new";
  for (const old of column.querySelectorAll(".v-card")) {
    const within = last === null || (isNew ? old.dataset.order <= last : old.dataset.order >= last);
    if (within && !ids.has(old.dataset.id) && !leaveToMove(old.dataset.id)) take(old.dataset.id);
  }
}

function swap(column, fresh) {
  fresh.className = column.className;
  column.replaceWith(fresh);
  window.htmx?.process(fresh);
  ready(...fresh.querySelectorAll(".v-card"));
}
