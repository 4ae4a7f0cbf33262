// Waits and ages tick in place: up where there is no target, else down along the ring and over it.

import { clock, everySecond, now, span } from "./clock.js";

const SOON_SHARE = 0.25; // the last quarter of the time is amber, as on the server
const TONES = ["plain", "ok", "soon", "over"];

/** Start ticking. */
export function startWaits() {
  everySecond(() => tick(document));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(document); });
}

/** Bring everything that counts inside `root` to the present moment. */
export function tick(root) {
  const at = now();
  for (const wait of root.querySelectorAll("[data-since]")) showWait(wait, at);
  for (const age of root.querySelectorAll("[data-age]")) write(age, span(at - Date.parse(age.dataset.age)));
  for (const tag of root.querySelectorAll("[data-longest]")) showLongest(tag);
}

function showWait(wait, at) {
  const since = Date.parse(wait.dataset.since);
  const label = wait.querySelector("[data-text]");
  if (!wait.dataset.until) {
    write(label, clock(at - since));
    return;
  }
  const until = Date.parse(wait.dataset.until);
  const left = until - at;
  const share = left / Math.max(until - since, 1_000);
  const tone = left <= 0 ? "over" : share < SOON_SHARE ? "soon" : "ok";
  write(label, left <= 0 ? `+${span(-left)}` : clock(left));
  wait.querySelector("circle + circle")?.setAttribute("stroke-dasharray", `${Math.max(0, share * 100).toFixed(1)} 100`);
  if (wait.classList.contains(`v-wait-${tone}`)) return;
  for (const other of TONES) wait.classList.toggle(`v-wait-${other}`, other === tone);
  wait.closest(".v-card")?.classList.toggle("v-card-over", tone === "over");
}

/** The head of the column says how long its first card waits: the column is sorted by arrival. */
function showLongest(tag) {
  const first = tag.closest("[data-column]").querySelector(".v-card .v-wait [data-text]");
  tag.hidden = !first;
  if (first) write(tag.querySelector("[data-text]"), first.textContent);
}

function write(target, words) {
  if (target && target.textContent !== words) target.textContent = words;
}
