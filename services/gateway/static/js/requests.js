// Requests to our own server: the token against forgery, time limits, and the way out when the session ended.

const LIMIT_MS = 15_000;

/** What the server refused: its status and the JSON it sent along. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.error ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** A fragment of HTML; Refusal when the server has none. */
export async function getHtml(address) {
  const answer = await send(address, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Refusal(answer.status, {});
  return answer.text();
}

/** A JSON answer; Refusal when there is none. */
export async function getJson(address) {
  return read(await send(address, { headers: { "X-Requested-With": "fetch", Accept: "application/json" } }));
}

/** Post a form and read its JSON answer; Refusal carries what the server says about it. */
export async function post(address, fields = {}) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, Accept: "application/json" };
  return read(await send(address, { method: "POST", headers, body: new URLSearchParams(fields) }));
}

/** Post a preference; the answer is a redirect that does not concern us. */
export async function postQuietly(address, fields) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf };
  await send(address, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
}

/** To the login page, and back here after it. */
export function signIn() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

async function send(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(LIMIT_MS), ...options });
  if (answer.status === 401) {
    signIn();
    return new Promise(() => {}); // the page is leaving: nothing that waited for the answer should go on
  }
  return answer;
}

async function read(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}
