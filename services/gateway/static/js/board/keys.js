// The keys of the board. Letters count by their place too: on a Russian layout the key «k» writes «л».

import { commandFor, may, run } from "./commands.js";
import { openMenu } from "./menu.js";
import { currentCard, sidestep, step } from "./roving.js";

const COMMANDS = { h: "hand-over", r: "reject", o: "open" };

/** Handle a letter or an arrow; return whether it was one of ours. */
export function boardKey(letter, event) {
  const card = currentCard();
  if (letter === "j" || event.key === "ArrowDown") step(true);
  else if (letter === "k" || event.key === "ArrowUp") step(false);
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") sidestep(event.key === "ArrowRight");
  else if (!card) return false;
  else if (event.key === "Enter" && event.target === card) run(card, commandFor(card), { byKey: true });
  else if (letter === "m") openMenu(card);
  else if (event.key === "Escape" && card.contains(document.activeElement)) document.activeElement.blur();
  else if (letter in COMMANDS) command(card, COMMANDS[letter]);
  else return false;
  return true;
}

function command(card, name) {
  if (may(card, name)) run(card, name, { byKey: true });
}
