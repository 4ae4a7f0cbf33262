// The board: everything that makes it live, put together.

import { run } from "./commands.js";
import { ready, refreshHeads } from "./columns.js";
import { startDrag } from "./drag.js";
import { startFold } from "./fold.js";
import { startLive } from "./live.js";
import { startMenu } from "./menu.js";
import { startPhone } from "./phone.js";
import { startPile, watch } from "./pile.js";
import { startRoving } from "./roving.js";

/** Start the board's parts. */
export function startBoard() {
  startRoving();
  startFold();
  startPhone();
  startMenu();
  startDrag();
  startPile();
  startLive();
  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".v-card form[data-act]");
    if (!form) return;
    event.preventDefault();
    run(form.closest(".v-card"), form.dataset.act, { byKey: event.submitter?.matches(":focus-visible") });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".v-card [data-command]");
    if (!button) return;
    event.preventDefault();
    run(button.closest(".v-card"), button.dataset.command);
  });
  // More of a column, or a column that had failed, came by a link of the page itself.
  document.addEventListener("htmx:load", (event) => {
    const loaded = event.detail.elt;
    if (loaded.matches(".v-card")) ready(loaded);
    if (loaded.matches(".v-col")) {
      watch(loaded);
      ready(...loaded.querySelectorAll(".v-card"));
    }
    refreshHeads();
  });
}
