// Dragging a card: out of «Не разобрано» accepts it, back into it gives it back, into «Отклонённые» asks for the reason.

import { commandFor, run } from "./commands.js";
import { onCard } from "./columns.js";
import { hold, release } from "./pile.js";

let dragged = null;

/** Bind the board; a finger scrolls and has the menu instead. */
export function startDrag() {
  const fine = matchMedia("(pointer: fine)").matches;
  if (!fine) return;
  onCard((card) => { card.draggable = true; });
  for (const card of document.querySelectorAll(".v-card")) card.draggable = true;
  const board = document.querySelector("[data-columns]");
  board.addEventListener("dragstart", lift);
  board.addEventListener("dragend", drop);
  board.addEventListener("dragover", over);
  board.addEventListener("dragleave", (event) => { if (!board.contains(event.relatedTarget)) light(null); });
  board.addEventListener("drop", land);
}

function lift(event) {
  dragged = event.target.closest(".v-card");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/uri-list", new URL(`/leads/${dragged.dataset.id}`, location.href).href);
  hold("drag");
  // The class changes the card only after the browser has taken its picture.
  requestAnimationFrame(() => dragged?.classList.add("v-card-dragged"));
}

function drop() {
  dragged?.classList.remove("v-card-dragged");
  dragged = null;
  light(null);
  release("drag");
}

function over(event) {
  const column = event.target.closest("[data-column]");
  const may = dragged && column && commandFor(dragged, column.dataset.column);
  light(may ? column : null);
  if (!may) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
}

function land(event) {
  const column = event.target.closest("[data-column]");
  const name = dragged && column && commandFor(dragged, column.dataset.column);
  if (!name) return;
  event.preventDefault();
  const card = dragged;
  drop();
  run(card, name);
}

function light(column) {
  for (const other of document.querySelectorAll(".v-col-drop")) if (other !== column) other.classList.remove("v-col-drop");
  column?.classList.add("v-col-drop");
}
