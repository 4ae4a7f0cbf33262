// The bell: what came lately, kept by the browser for all its tabs; the leading tab rings and notifies.

import { chime } from "./chime.js";
import { now, timeOfDay } from "./clock.js";
import { fetchCards } from "./live/changes.js";
import { isLeader, isOwn, on } from "./live/link.js";
import { element, flash, icon, say } from "./page.js";
import { isOn } from "./preferences.js";
import { countInTitle } from "./title.js";
import { text } from "./words.js";

const GATHER_MS = 150;
const MOST = 20;
const DAY_MS = 86_400_000;
const CREATED = "leads.lead-created.v1";
const ATTACHED = "leads.inquiry-attached.v1";
const ASSIGNED = "leads.lead-assigned.v1";
const NEWS = new Set([CREATED, ATTACHED, ASSIGNED]);

const key = `voronka.notices.${document.body.dataset.me}`;
const news = new Map(); // id of a lead → the topic that made it news
let timer = 0;

/** Listen for what is new to this reader; the list is shared through the browser's storage. */
export function startNotices() {
  on("change", ({ id, topic }) => hear(id, topic));
  on("resync", plan);
  window.addEventListener("storage", (event) => { if (event.key === key) showShared(event); });
  const counted = document.body.dataset.waiting; // only the reader's own board, not narrowed, knows it
  if (counted !== undefined) store({ ...load(), fresh: Number(counted) });
  document.getElementById("notices").addEventListener("toggle", (event) => { if (event.newState === "open") markSeen(); });
  show(load().fresh);
}

function hear(id, topic) {
  if (!isLeader()) return;
  if (NEWS.has(topic) && !isOwn(id) && news.get(id) !== CREATED) news.set(id, topic);
  plan();
}

function plan() {
  if (isLeader()) timer ||= setTimeout(look, GATHER_MS);
}

/** The reader's own list counts, not the filter that his board happens to have. */
async function look() {
  timer = 0;
  const topics = new Map([...news].slice(0, 50));
  for (const id of topics.keys()) news.delete(id);
  const answer = await fetchCards([...topics.keys()], "", "new").catch(() => null);
  if (!answer) return;
  const before = load();
  const known = new Set(before.items.map(identity));
  const came = answer.cards.filter((card) => worth(card, topics.get(card.id))).map((card) => describe(card, topics.get(card.id))).filter((item) => !known.has(identity(item)));
  const others = before.items.filter((item) => !came.some((fresh) => fresh.id === item.id) && item.at > now() - DAY_MS);
  save({ fresh: answer.columns.new?.total ?? before.fresh, unseen: before.unseen + came.length, items: [...came, ...others].slice(0, MOST) });
  if (came.length) announce(came);
}

/** A new lead always is; a further inquiry where the reader answers for the lead; a lead handed over to him. */
function worth(card, topic) {
  return topic === ATTACHED ? card.column !== "rejected" : card.column === "new";
}

function identity(item) {
  return `${item.id}:${item.version}`;
}

function describe(card, topic) {
  const shown = element(card.html);
  return {
    id: card.id,
    version: card.version,
    name: shown.dataset.name,
    text: shown.querySelector(".v-card-text")?.textContent ?? "",
    hue: shown.dataset.hue,
    sign: shown.querySelector(".v-tile use").getAttribute("href").split("#")[1],
    heading: text(topic === ATTACHED ? "new_inquiry" : "new_lead", { name: shown.dataset.name }),
    at: now(),
  };
}

function announce(came) {
  countInTitle(came.length);
  say(came.map((item) => item.heading).join(". "));
  if (isOn("sound")) chime();
  if (!isOn("desktop") || !("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  for (const item of came.slice(0, 3)) notify(item);
}

function notify(item) {
  const shown = new Notification(item.heading, { body: item.text, tag: item.id, icon: document.querySelector('link[rel="icon"]').href });
  shown.addEventListener("click", () => { window.focus(); location.assign(`/leads/${item.id}`); });
}

function load() {
  try {
    return { fresh: null, unseen: 0, items: [], ...JSON.parse(localStorage.getItem(key)) };
  } catch {
    return { fresh: null, unseen: 0, items: [] };
  }
}

function store(state) {
  localStorage.setItem(key, JSON.stringify(state));
}

function save(state) {
  store(state);
  show(state.fresh);
}

/** Another tab wrote: its news count in this tab's title too. */
function showShared(event) {
  const before = JSON.parse(event.oldValue ?? "{}");
  const after = load();
  const more = after.unseen - (before.unseen ?? 0);
  if (more > 0) countInTitle(more);
  if (more > 0 && document.hasFocus()) say(after.items.slice(0, more).map((item) => item.heading).join(". "));
  show(after.fresh);
}

function markSeen() {
  save({ ...load(), unseen: 0 });
}

/** Draw the list and its counters; `fresh` is how many leads wait, when it is known. */
function show(fresh = null) {
  const { items, unseen } = load();
  for (const badge of document.querySelectorAll("[data-notices]")) showCount(badge, unseen);
  if (fresh !== null) for (const badge of document.querySelectorAll("[data-fresh]")) showCount(badge, fresh);
  const place = document.getElementById("notices");
  place.querySelector("[data-empty]").hidden = items.length > 0;
  place.querySelector("[data-list]").replaceChildren(...items.map(row));
}

function showCount(badge, count) {
  const words = count > 99 ? "99+" : String(count);
  badge.hidden = !count;
  if (badge.textContent === words) return;
  badge.textContent = words;
  if (count) flash(badge, "v-changed");
}

function row(item) {
  const made = document.getElementById("notice").content.firstElementChild.cloneNode(true);
  made.querySelector("a").href = `/leads/${item.id}`;
  made.querySelector("[data-name]").textContent = item.name;
  made.querySelector("[data-text]").textContent = item.text;
  made.querySelector("time").textContent = timeOfDay(item.at);
  const tile = made.querySelector("[data-tile]");
  tile.className = `v-tile v-hue-${item.hue}`;
  tile.append(icon(item.sign, "14"));
  return made;
}
