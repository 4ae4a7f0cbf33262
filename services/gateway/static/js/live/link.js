// One live connection per browser: the tab that holds the lock reads the stream, the others listen to it.

import { renderedAt } from "../clock.js";
import { signIn } from "../requests.js";
import { readStream, SessionOver } from "./stream.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
const REMEMBERED = 500;
const OWN_MS = 3_000;

const tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
const listeners = { change: [], resync: [], state: [] };
const own = new Map(); // leads that this reader acted upon, in whichever tab: nobody needs to be told of his own deeds
const recent = []; // events that this tab received last, for tabs that opened in the meantime
let channel = null;
let leading = false;
let state = { up: null, retryAt: 0 };
let lastId = "";
let wake = () => {};

/** Whether this tab reads the stream: it alone rings and notifies. */
export function isLeader() {
  return leading;
}

/** Call back on `change` ({type, id, version, topic}), on `resync`, or on `state` ({up, retryAt}). */
export function on(kind, callback) {
  listeners[kind].push(callback);
  if (kind === "state" && state.up !== null) callback(state);
}

/** Note that the reader acts upon a lead himself. */
export function markOwn(id) {
  tell({ own: id });
}

/** Whether the reader acted upon the lead a moment ago. */
export function isOwn(id) {
  return Date.now() - (own.get(id) ?? 0) < OWN_MS;
}

/** Try again now, whichever tab leads. */
export function retryNow() {
  wake();
  channel?.postMessage({ retry: true });
}

/** Join the tabs of this reader; the first one connects. */
export function startLink() {
  channel = new BroadcastChannel(`voronka-live-${document.body.dataset.me}`);
  channel.addEventListener("message", ({ data }) => hear(data));
  channel.postMessage({ hello: tab, since: Date.parse(renderedAt) });
  window.addEventListener("online", () => wake());
  if (navigator.locks) navigator.locks.request(`voronka-live-${document.body.dataset.me}`, lead).catch(() => {});
  else lead(); // without a secure context there is no lock: each tab reads for itself
}

async function lead() {
  leading = true;
  for (let failures = 0; ; failures += 1) {
    try {
      await connect(() => { failures = 0; });
    } catch (error) {
      if (error instanceof SessionOver) { signIn(); return; }
    }
    const pause = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    tell({ state: { up: false, retryAt: Date.now() + pause } });
    await new Promise((resolve) => { wake = resolve; setTimeout(resolve, pause); });
  }
}

async function connect(reset) {
  const broken = new AbortController();
  const drop = () => broken.abort();
  window.addEventListener("offline", drop, { once: true });
  wake = () => {};
  try {
    await readStream(`/live?since=${encodeURIComponent(renderedAt)}`, {
      lastId,
      signal: broken.signal,
      opened: () => { reset(); tell({ state: { up: true, retryAt: 0 } }); },
      received: (event) => tell({ event: { ...event, at: Number(event.id) || Date.now() } }),
    });
  } finally {
    window.removeEventListener("offline", drop);
  }
}

/** Say it to all tabs, this one too. */
function tell(message) {
  channel?.postMessage(message);
  hear(message);
}

function hear(message) {
  if (message.to && message.to !== tab) return;
  if (message.state) {
    state = message.state;
    for (const callback of listeners.state) callback(state);
  }
  if (message.event) receive(message.event);
  if (message.own) own.set(message.own, Date.now());
  if (leading && message.retry) wake();
  if (leading && message.hello) welcome(message);
}

function receive(event) {
  if (event.id) lastId = event.id;
  recent.push(event);
  if (recent.length > REMEMBERED) recent.shift();
  for (const callback of listeners[event.name] ?? []) callback(event.data);
}

/** Tell a new tab how the link is, and what happened between its rendering and its first word. */
function welcome({ hello, since }) {
  channel.postMessage({ to: hello, state });
  for (const event of recent.filter((item) => item.at >= since)) channel.postMessage({ to: hello, event });
}
