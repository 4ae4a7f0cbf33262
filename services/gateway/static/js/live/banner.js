// «Связь потеряна»: the page says at once that it is no longer live, counts down to the next try, and offers it now.

import { toast } from "../toasts.js";
import { text } from "../words.js";
import { on, retryNow } from "./link.js";

const PATIENCE_MS = 400; // a link that comes straight back is nobody's business

let timer = 0;
let shown = false;

/** Show the state of the link in the top bar and, when it is lost, in a banner. */
export function startBanner() {
  const banner = document.getElementById("banner");
  banner.querySelector("button").addEventListener("click", retryNow);
  on("state", ({ up, retryAt }) => {
    mark(up);
    clearTimeout(timer);
    if (up) hide(banner);
    else timer = setTimeout(() => show(banner, retryAt), shown ? 0 : PATIENCE_MS);
  });
  window.addEventListener("pagehide", () => clearTimeout(timer));
}

function mark(up) {
  const place = document.getElementById("live");
  if (!place) return;
  place.classList.toggle("v-off", !up);
  place.querySelector("[data-text]").textContent = text(up ? "live" : "dead");
}

function hide(banner) {
  banner.hidden = true;
  banner.querySelector("[data-lost]").textContent = "";
  if (shown) toast(text("back"));
  shown = false;
}

function show(banner, retryAt) {
  if (!shown) {
    banner.hidden = false;
    banner.querySelector("[data-lost]").textContent = text("offline"); // written after it is shown, so that it is read aloud
    shown = true;
  }
  count(banner, retryAt);
}

function count(banner, retryAt) {
  const left = Math.ceil((retryAt - Date.now()) / 1_000);
  banner.querySelector("[data-text]").textContent = left > 0 ? text("offline.text", { count: left }) : text("offline.now");
  if (left > 0) timer = setTimeout(() => count(banner, retryAt), 250);
}
