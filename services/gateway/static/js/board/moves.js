// Moves of cards: seen at once, then confirmed by the owner; a refusal puts the card back and says why.

import { act } from "../acts.js";
import { say } from "../page.js";
import { toast } from "../toasts.js";
import { text } from "../words.js";
import { cardOf, columnOf, countBy, place, refreshHeads, remove } from "./columns.js";

const TARGETS = { claim: "today", "give-back": "new", reject: "rejected", "mark-spam": "rejected" };
const moving = new Set();

/** Whether an answer about this card is under way. */
export function isMoving(id) {
  return moving.has(id);
}

/** What moving a card into a column means; null when nothing. */
export function actionFor(card, key) {
  const from = card.dataset.in;
  if (from === key || card.dataset.status === "converting") return null;
  if (key === "rejected") return "reject";
  if (from === "new") return "claim";
  if (from === "rejected") return "reopen";
  return key === "new" ? "give-back" : null;
}

/** Do it: the card moves at once and comes back when the owner refuses. Return whether he agreed. */
export async function move(card, action, fields = {}) {
  const { id, name } = card.dataset;
  if (moving.has(id)) return false;
  moving.add(id);
  const back = TARGETS[action] ? lift(card, TARGETS[action]) : () => {};
  card.classList.add("v-card-held");
  try {
    const answer = await act(id, action, fields);
    moving.delete(id);
    settle(card, answer);
    toast(answer.toast, { action: undoing(card, answer.undo) });
    say(answer.card ? text("moved", { name, column: columnOf(answer.card.column).dataset.title }) : answer.toast);
    return true;
  } catch (refusal) {
    moving.delete(id);
    back();
    settle(card, refusal.body ?? {});
    const again = refusal.status >= 500 || !refusal.status;
    toast(again ? text("rolled_back") : refusal.message, { bad: true, action: again ? { label: text("again"), run: () => move(card, action, fields) } : null });
    return false;
  } finally {
    refreshHeads();
  }
}

/** Show the card as the owner says it is now. */
function settle(card, { card: shown, gone }) {
  card.classList.remove("v-card-held");
  if (gone) {
    countBy(card.dataset.in, -1);
    remove(card.dataset.id);
  } else if (shown) {
    if (card.dataset.in !== shown.column) {
      countBy(card.dataset.in, -1);
      countBy(shown.column, 1);
    }
    place(shown)?.classList.remove("v-card-held");
  }
}

function undoing(card, undo) {
  if (!undo) return null;
  const { id } = card.dataset;
  return {
    label: undo.label,
    run: () => {
      const there = cardOf(id);
      if (there) move(there, undo.action, { reason: text("undo_reason") });
      else act(id, undo.action, { reason: text("undo_reason") }).then((answer) => toast(answer.toast), (refusal) => toast(refusal.message, { bad: true }));
    },
  };
}

/** Put the card on top of the other column (at the end of «new») and return the way back. */
function lift(card, key) {
  const from = card.dataset.in;
  const next = card.nextElementSibling;
  const list = columnOf(key).querySelector("[data-cards]");
  const empty = list.querySelector("[data-empty]");
  if (key === "new" && empty && !list.querySelector(".v-more")) empty.before(card);
  else list.prepend(card);
  card.dataset.in = key;
  countBy(from, -1);
  countBy(key, 1);
  return () => {
    if (next?.isConnected) next.before(card);
    else columnOf(from).querySelector("[data-cards]").prepend(card);
    card.dataset.in = from;
    countBy(key, -1);
    countBy(from, 1);
  };
}
