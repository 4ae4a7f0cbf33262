// The card of a lead follows its lead: what changed elsewhere comes in place, without losing where the reader is.

import { act } from "../acts.js";
import { openDialog } from "../dialogs.js";
import { on } from "../live/link.js";
import { icon, make } from "../page.js";
import { getHtml } from "../requests.js";
import { toast } from "../toasts.js";
import { text } from "../words.js";
import { startCopy } from "./copy.js";
import { dress, keepPlace } from "./view.js";

const GATHER_MS = 100;
const INQUIRIES = "inquiries/"; // what is done with one inquiry is refused in its window, not in the head of the lead
let main = null;
let timer = 0;

/** Bind the card and follow its lead. */
export function startLead() {
  main = document.querySelector("[data-lead]");
  dress(main);
  startCopy();
  on("change", ({ id, version }) => { if (id === leadId() && version > shownVersion()) plan(); });
  on("resync", plan);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-act]") || event.target.closest("dialog")) return;
    event.preventDefault();
    carry(event.target.dataset.act, {});
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    document.getElementById("lead-menu")?.hidePopover();
    const { dialog } = link.dataset;
    const inWindow = dialog.startsWith(INQUIRIES);
    openDialog(link.getAttribute("href"), leadId(), { submit: (fields) => carry(dialog, fields, inWindow) });
  });
  document.addEventListener("htmx:afterSwap", () => dress(main));
}

function leadId() {
  return main.dataset.lead;
}

function shownVersion() {
  return Number(main.querySelector("[data-version]").dataset.version);
}

async function carry(action, fields, inWindow = false) {
  const buttons = main.querySelectorAll("[data-act] button, [data-dialog]");
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  let refused = "";
  try {
    const answer = await act(leadId(), action, fields);
    toast(answer.toast, { action: next(answer) });
  } catch (refusal) {
    if (inWindow) {
      release();
      throw refusal;
    }
    refused = refusal.message;
  }
  await renew();
  if (refused) conflict(refused);
}

/** What the toast offers: the way back, or the way to where it went. */
function next({ undo, open }) {
  if (undo) return { label: undo.label, run: () => carry(undo.action, { reason: text("undo_reason") }) };
  return open ? { label: open.label, run: () => location.assign(open.href) } : null;
}

function release() {
  for (const button of main.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** The owner refused: the card shows how the lead is now, and this block why it was refused. */
function conflict(words) {
  const place = document.getElementById("conflict");
  const button = make("button", "", text("close"), { type: "button" });
  button.addEventListener("click", () => { place.hidden = true; });
  place.replaceChildren(icon("arrows-exchange"), make("span", "", words), button);
  place.hidden = false;
}

function plan() {
  timer ||= setTimeout(renew, GATHER_MS);
}

async function renew() {
  timer = 0;
  const html = await getHtml(`/leads/${leadId()}/body`).catch((refusal) => {
    if (refusal.status === 404) location.assign("/");
    return null;
  });
  release();
  if (html === null) return;
  const restore = keepPlace(main);
  main.innerHTML = html;
  window.htmx?.process(main);
  dress(main);
  restore();
}
