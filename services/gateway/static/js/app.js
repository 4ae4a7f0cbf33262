// The start of every page with a frame around it.

import { startBoard } from "./board/start.js";
import { boardKey } from "./board/keys.js";
import { allowSound } from "./chime.js";
import { bind, openKeys } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { leadKey } from "./lead/keys.js";
import { startLead } from "./lead/start.js";
import { startBanner } from "./live/banner.js";
import { startChanges } from "./live/changes.js";
import { startLink } from "./live/link.js";
import { startNotices } from "./notices.js";
import { startPreferences } from "./preferences.js";
import { startTitle } from "./title.js";
import { toast } from "./toasts.js";
import { startWaits } from "./waits.js";

const onBoard = document.querySelector("[data-board]") !== null;
const onLead = document.querySelector("[data-lead]") !== null;

startPreferences();
startTitle();
startWaits();
startNotices();
startBanner();
allowSound();
startKeys(onBoard ? boardKey : onLead ? leadKey : () => false);
if (onBoard) {
  startBoard();
  startChanges();
}
if (onLead) startLead();
startLink();

bind(document.getElementById("keys"));
document.addEventListener("click", (event) => {
  if (event.target.closest('[data-open="keys"]')) {
    document.getElementById("user-menu").hidePopover();
    openKeys();
  }
});

const message = document.getElementById("flash");
if (message) {
  message.hidden = true;
  toast(message.textContent, { bad: message.matches(".v-flash-bad") });
}
