// Windows: fetched when asked for, sent without leaving the page, and the focus returns to where it was.

import { onChangeOf } from "./live/of.js";
import { element, icon, make } from "./page.js";
import { getHtml } from "./requests.js";
import { toast } from "./toasts.js";
import { text } from "./words.js";

/**
 * Open the window at an address, about a lead. `submit(fields)` does what it asks for; a window that `stays` closes
 * only when that is done, and shows the words of a refusal that `submit` throws.
 */
export async function openDialog(address, id, { submit }) {
  const opener = document.activeElement;
  let html;
  try {
    html = await getHtml(address);
  } catch {
    toast(text("failed"), { bad: true, action: { label: text("again"), run: () => openDialog(address, id, { submit }) } });
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
  window.htmx?.process(dialog);
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
  const missing = [...form.querySelectorAll("[required]")].find((field) => !field.checkValidity());
  const line = form.querySelector("[data-error]");
  line.hidden = !missing;
  if (missing) {
    line.textContent = missing.dataset.needed ?? line.dataset.needed;
    missing.focus();
    return;
  }
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrf;
  delete fields.next;
  if (form.matches("[data-stays]")) {
    stay(dialog, line, submit(fields));
    return;
  }
  dialog.close();
  submit(fields);
}

/** Close the window when it is done; a refusal is told in it, with everything still there to be put right. */
async function stay(dialog, line, done) {
  const button = dialog.querySelector(".v-window-foot button");
  button.disabled = true;
  try {
    await done;
    dialog.close();
  } catch (refusal) {
    line.textContent = refusal.message;
    line.hidden = false;
  } finally {
    button.disabled = false;
  }
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
  const rows = () => [...dialog.querySelectorAll("[data-name]")];
  if (!field.matches("[hx-get]")) field.addEventListener("input", () => narrow(field.value, rows(), dialog.querySelector("[data-not-found]")));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    if (event.ctrlKey) return;
    event.preventDefault();
    const first = rows().find((row) => !row.hidden)?.querySelector("input");
    if (first) { first.checked = true; first.focus(); }
  });
}

/** Show the rows in whose names all the words stand. */
function narrow(value, rows, nothing) {
  const words = value.trim().toLowerCase().split(/\s+/);
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.name.includes(word));
  nothing.hidden = rows.some((row) => !row.hidden);
}
