// What changed is gathered for a moment and asked for in one request, in which the server checks the rights.

import { getJson } from "../requests.js";
import { on } from "./link.js";

const GATHER_MS = 100;
const MOST_IDS = 50;
const AGAIN_MS = 2_000;

const waiting = new Map(); // id of a lead → the topics that it was mentioned in
const listeners = [];
let timer = 0;

/** Call back with each answer of /board/cards and the topics by id: ({cards, gone, columns}, topics). */
export function onCards(callback) {
  listeners.push(callback);
}

/** Listen to the link; a hidden tab asks only when somebody looks at it again. */
export function startChanges() {
  on("change", ({ type, id, topic }) => { if (type === "lead") ask(id, topic); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) plan(); });
}

/** Ask for a lead with the next request, whatever happened to it. */
export function ask(id, topic = "") {
  const topics = waiting.get(id) ?? new Set();
  waiting.set(id, topics.add(topic));
  plan();
}

function plan(after = GATHER_MS) {
  if (timer || !waiting.size || document.hidden) return;
  timer = setTimeout(send, after);
}

async function send() {
  timer = 0;
  const batch = [...waiting].slice(0, MOST_IDS);
  for (const [id] of batch) waiting.delete(id);
  try {
    const answer = await fetchCards(batch.map(([id]) => id), document.body.dataset.query);
    for (const callback of listeners) callback(answer, new Map(batch));
  } catch {
    for (const [id, topics] of batch) if (!waiting.has(id)) waiting.set(id, topics);
    plan(AGAIN_MS);
    return;
  }
  plan();
}

/** Ask for cards and counters by a filter; `columns` limits the counters to these. */
export function fetchCards(ids, query = "", columns = "") {
  const asked = new URLSearchParams(query);
  asked.set("ids", ids.join(","));
  if (columns) asked.set("columns", columns);
  return getJson(`/board/cards?${asked}`);
}
