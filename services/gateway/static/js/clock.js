// One clock for everything that counts: the server's time, ticking once a second.

import { text } from "./words.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const stamp = document.querySelector('meta[name="server-time"]')?.content;
const zone = document.querySelector('meta[name="time-zone"]')?.content;
const [visit] = performance.getEntriesByType("navigation");
// The stamp was written when the answer left the server, not when this module came to run.
const ahead = stamp ? Date.parse(stamp) - (performance.timeOrigin + (visit?.responseStart ?? performance.now())) : 0;

/** When the page was rendered, by the server's clock. */
export const renderedAt = stamp ?? new Date().toISOString();

/** Now by the server's clock, in milliseconds: computers of managers may be minutes off. */
export function now() {
  return Date.now() + ahead;
}

/** A length of time in its largest unit: «29 с», «27 мин», «3 ч», «2 дн». */
export function span(length) {
  const left = Math.max(0, length);
  for (const [unit, size] of [["day", DAY], ["hour", HOUR], ["minute", MINUTE]]) {
    if (left >= size) return text(`unit.${unit}`, { count: Math.floor(left / size) });
  }
  return text("unit.second", { count: Math.floor(left / SECOND) });
}

/** A short length as «1:52», a longer one by its unit; the same rule as on the server. */
export function clock(length) {
  const seconds = Math.floor(Math.max(0, length) / SECOND);
  if (seconds >= 600) return span(length);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The time of day by the company's clock. */
export function timeOfDay(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
}

/** Call back once a second. */
export function everySecond(callback) {
  setInterval(callback, SECOND);
}
