// Windows: fetched when asked for, sent without leaving the page, and the focus returns to where it was.

import { onChangeOf } from "./live/of.js";
import { element, icon, make } from "./page.js";
import { getHtml } from "./requests.js";
import { toast } from "./toasts.js";
import { text } from "./words.js";

/**
 * Open a window of a lead («reject», «hand-over»). `submit(fields)` does it and says whether it was done;
 * when it was not, the window stays open only if it throws a message.
 */
export async function openDialog(name, id, { submit }) {
  const opener = document.activeElement;
  let html;
  try {
    html = await getHtml(`/leads/${id}/dialogs/${name}`);
  } catch {
    toast(text("failed"), { bad: true, action: { label: text("again"), run: () => openDialog(name, id, { submit }) } });
    return;
  }
  const dialog = element(html);
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  form.noValidate = true; // our own line says what is missing, in the page's language
  const stop = onChangeOf(id, () => warn(dialog));
  dialog.addEventListener("close", () => {
    stop();
    dialog.remove();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(dialog, form, submit); });
  bindFind(dialog);
  bind(dialog);
  dialog.showModal();
}

/** The list of keys, which stands in every page. */
export function openKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog.open) dialog.showModal();
}

/** Closing by its buttons and sending by Ctrl+Enter, for every window. */
export function bind(dialog) {
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form")?.requestSubmit();
  });
}

function send(dialog, form, submit) {
  const missing = form.querySelector("input[type=radio][required]") && !form.querySelector("input[type=radio]:checked");
  const line = form.querySelector("[data-error]");
  line.hidden = !missing;
  if (missing) {
    line.textContent = line.dataset.needed;
    form.querySelector("input[type=radio]").focus();
    return;
  }
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrf;
  delete fields.next;
  dialog.close();
  submit(fields);
}

/** Somebody changed the lead while the window is open: say so, the owner decides what still fits. */
function warn(dialog) {
  const place = dialog.querySelector("[data-conflict]");
  place.replaceChildren(icon("arrows-exchange"), make("span", "", text("changed")));
  place.hidden = false;
}

function bindFind(dialog) {
  const field = dialog.querySelector("[data-find]");
  if (!field) return;
  const rows = [...dialog.querySelectorAll("[data-name]")];
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.name.includes(word));
    dialog.querySelector("[data-not-found]").hidden = rows.some((row) => !row.hidden);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    if (event.ctrlKey) return;
    event.preventDefault();
    const first = rows.find((row) => !row.hidden)?.querySelector("input");
    if (first) { first.checked = true; first.focus(); }
  });
}
