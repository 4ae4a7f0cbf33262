// The commands of a card, whoever gives them: a key, the menu, a button, a drop.

import { openDialog } from "../dialogs.js";
import { actionFor, move } from "./moves.js";
import { focusCard, neighbour } from "./roving.js";

const WITH_WINDOW = new Set(["reject", "hand-over", "mark-spam"]);

/** Carry out a command; `byKey` moves the focus on to the next card. */
export async function run(card, name, { byKey = false } = {}) {
  const { id, call, write } = card.dataset;
  if (name === "open") location.assign(`/leads/${id}`);
  else if (name === "call") location.assign(call);
  else if (name === "write") location.assign(write);
  else if (WITH_WINDOW.has(name)) await openDialog(`/leads/${id}/dialogs/${name}`, id, { submit: (fields) => carry(card, name, fields, byKey) });
  else await carry(card, name, {}, byKey);
}

/** Whether the card's state and the reader's rights allow it; the owner has the last word. */
export function may(card, name) {
  if (name === "open") return true;
  if (name === "call" || name === "write") return Boolean(card.dataset[name]);
  return card.dataset.may.split(" ").includes(name);
}

/** What a drop on a column, or the key Enter, means for the card. */
export function commandFor(card, key) {
  const name = key ? actionFor(card, key) : card.dataset.in === "new" ? "claim" : "open";
  if (name && may(card, name)) return name;
  return key ? null : "open";
}

function carry(card, name, fields, byKey) {
  const next = byKey ? neighbour(card) : null;
  const done = move(card, name, fields);
  if (next) focusCard(next);
  return done;
}
