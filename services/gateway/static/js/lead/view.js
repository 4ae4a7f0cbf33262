// How the card looks to this reader: the tab on a phone, the filter of the timeline, long texts, his place in it.

import { flash, make } from "../page.js";
import { tick } from "../waits.js";
import { text } from "../words.js";

const chosen = { pane: "feed", show: "all", open: new Set() };

/** Bind what came with the fragment and show it as chosen before. */
export function dress(main) {
  for (const tab of main.querySelectorAll("[data-pane]")) {
    tab.addEventListener("click", () => showPane(main, tab.dataset.pane));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      showPane(main, chosen.pane === "feed" ? "about" : "feed");
      main.querySelector(`[data-pane="${chosen.pane}"]`).focus();
    });
  }
  for (const chip of main.querySelectorAll("[data-show]")) chip.addEventListener("click", () => showKind(main, chip.dataset.show));
  showPane(main, chosen.pane);
  showKind(main, chosen.show);
  main.querySelectorAll("[data-clip]").forEach(clip);
  tick(main);
}

/** Remember scroll and focus and what the timeline held; return the way back to them. */
export function keepPlace(main) {
  const panes = [".v-blocks", ".v-feed"].map((name) => [name, main.querySelector(name)?.scrollTop ?? 0]);
  const top = main.scrollTop;
  const focused = main.contains(document.activeElement) ? describe(document.activeElement) : "";
  const known = new Set([...main.querySelectorAll(".v-entry")].map((entry) => entry.textContent));
  return () => {
    for (const [name, scrolled] of panes) main.querySelector(name).scrollTop = scrolled;
    main.scrollTop = top;
    if (focused) main.querySelector(focused)?.focus({ preventScroll: true });
    for (const entry of main.querySelectorAll(".v-entry")) if (!known.has(entry.textContent)) flash(entry, "v-entry-new");
  };
}

function describe(target) {
  if (target.id) return `#${CSS.escape(target.id)}`;
  const { copy, show, dialog } = target.dataset;
  if (copy) return `[data-copy="${CSS.escape(copy)}"]`;
  if (show) return `[data-show="${show}"]`;
  return dialog ? `[data-dialog="${dialog}"]` : "";
}

function showPane(main, pane) {
  chosen.pane = pane;
  main.querySelector(".v-lead-panes").dataset.tab = pane;
  for (const tab of main.querySelectorAll("[data-pane]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.pane === pane));
    tab.tabIndex = tab.dataset.pane === pane ? 0 : -1;
  }
}

function showKind(main, kind) {
  chosen.show = kind;
  for (const chip of main.querySelectorAll("[data-show]")) {
    chip.classList.toggle("v-chip-on", chip.dataset.show === kind);
    chip.setAttribute("aria-pressed", String(chip.dataset.show === kind));
  }
  for (const entry of main.querySelectorAll(".v-entry")) entry.hidden = kind !== "all" && entry.dataset.kind !== kind;
  for (const list of main.querySelectorAll(".v-entries")) {
    const empty = [...list.children].every((entry) => entry.hidden);
    list.hidden = empty;
    list.previousElementSibling.hidden = empty;
  }
}

/** A long text is cut after its lines and opens by a button; without scripts it stands whole. */
function clip(block, index) {
  const name = `${index}:${block.textContent.length}`;
  block.style.setProperty("--lines", block.dataset.clip);
  block.classList.add("v-clip-lines");
  if (block.scrollHeight <= block.clientHeight + 2) {
    block.classList.remove("v-clip-lines");
    return;
  }
  const button = make("button", "v-more-text", "", { type: "button" });
  const show = (open) => {
    block.classList.toggle("v-clip-lines", !open);
    button.textContent = text(open ? "short_text" : "full_text");
    button.setAttribute("aria-expanded", String(open));
    if (open) chosen.open.add(name);
    else chosen.open.delete(name);
  };
  button.addEventListener("click", () => show(block.classList.contains("v-clip-lines")));
  block.after(button);
  show(chosen.open.has(name));
}
