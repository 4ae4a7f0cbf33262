// Keys that work everywhere; what a page adds comes after them.

import { isWriting } from "./page.js";
import { openKeys } from "./dialogs.js";

/** Listen; `pageKey(letter, event)` handles what is the page's own and says whether it was. */
export function startKeys(pageKey) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || document.querySelector("[popover=auto]:popover-open, .v-menu:popover-open")) return;
    if (isWriting(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (general(event) || pageKey(letterOf(event), event)) event.preventDefault();
  });
}

function general(event) {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) openKeys();
  else if (event.key === "/" || event.code === "Slash") search();
  else return false;
  return true;
}

function search() {
  const field = document.getElementById("search");
  field.focus();
  field.select();
}

/** The Latin letter of a key, by what it writes, else by where it stands. */
function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
}
