// Toasts bottom right: what happened, and the way back; they stop under the pointer and never steal the focus.

import { icon, make } from "./page.js";

const SHOWN_MS = 7_000;
const MOST = 4;

/** Show a message; `action` is {label, run}, `bad` gives it the red edge of a failure. */
export function toast(words, { action = null, bad = false } = {}) {
  const box = make("div", `v-toast${bad ? " v-toast-bad" : ""}`, "", { role: bad ? "alert" : "status" });
  box.append(icon(bad ? "alert-circle" : "check"), make("span", "", words));
  const close = () => box.remove();
  if (action) {
    const button = make("button", "", action.label, { type: "button" });
    button.addEventListener("click", () => { close(); action.run(); });
    box.append(button);
  }
  const list = document.getElementById("toasts");
  raise(list);
  list.append(box);
  while (list.children.length > MOST) list.firstElementChild.remove();
  countDown(box, close);
}

/** Put the list above a window that was opened after it. */
function raise(list) {
  if (list.matches(":popover-open")) list.hidePopover();
  list.showPopover();
}

function countDown(box, close) {
  let timer = setTimeout(close, SHOWN_MS);
  const stop = () => clearTimeout(timer);
  const go = () => { stop(); timer = setTimeout(close, SHOWN_MS); };
  box.addEventListener("pointerenter", stop);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusin", stop);
  box.addEventListener("focusout", go);
}
