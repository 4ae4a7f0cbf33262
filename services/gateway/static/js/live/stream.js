// One server-sent stream, read with fetch: unlike EventSource it tells a refused session from a lost link,
// and notices silence (a half-open connection answers nothing and closes nothing).

const SILENCE_MS = 40_000; // the server sends at least a comment every 15 s

/** The session is over: reconnecting would not help. */
export class SessionOver extends Error {}

/**
 * Read the stream until it ends. `opened` is called when the server answered, `received` with {name, id, data}.
 * SessionOver when the server says so; any other error or a plain return means that the link is gone.
 */
export async function readStream(address, { lastId, signal, opened, received }) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const headers = { Accept: "text/event-stream", ...(lastId ? { "Last-Event-ID": lastId } : {}) };
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.any([signal, silence.signal]) });
    if (answer.status === 401) throw new SessionOver();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    opened();
    let rest = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      rest = deliver(rest + part.value.replaceAll("\r\n", "\n"), received);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Hand over every complete event of the text and return what is left of it. */
function deliver(buffer, received) {
  const blocks = buffer.split("\n\n");
  for (const block of blocks.slice(0, -1)) {
    const event = parse(block);
    if (event) received(event);
  }
  return blocks.at(-1);
}

function parse(block) {
  const event = { name: "message", id: "", data: "" };
  for (const line of block.split("\n")) {
    const [field, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart()];
    if (field === "event") event.name = value;
    if (field === "id") event.id = value;
    if (field === "data") event.data += value;
  }
  if (!event.data) return null; // a comment keeps the link alive and says nothing
  if (event.name === "end") throw new SessionOver();
  return { ...event, data: JSON.parse(event.data) };
}
