// One server-sent event stream, read by fetch instead of EventSource: so the page sees keep-alives (a stream that has
// gone silent is noticed), a refusal's status and its Retry-After, and sends Last-Event-ID itself.

/** Longest silence of a healthy stream: keep-alives come every 5 s. */
const LONGEST_SILENCE_MS = 11000;

/** Cuts a stream of text into messages {id, event, data}; comments count as a sign of life only. */
export class MessageCutter {
  #rest = "";

  /** @param {string} text @returns {{id: ?string, event: string, data: string}[]} */
  push(text) {
    const blocks = (this.#rest + text.replaceAll("\r\n", "\n")).split("\n\n");
    this.#rest = blocks.pop();
    return blocks.map(message).filter((one) => one !== null);
  }
}

function message(block) {
  const fields = { id: null, event: "message", data: [] };
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^(id|event|data): ?(.*)$/) ?? [];
    if (name === "data") fields.data.push(value);
    else if (name) fields[name] = value;
  }
  return fields.data.length || fields.id ? { ...fields, data: fields.data.join("\n") } : null;
}

/**
 * Read `/events` until it ends; returns the seconds to wait before the next try, throws when it was lost.
 * @param {{after: () => number, signal: AbortSignal, opened: () => void, alive: () => void, heard: (message: any) => void}} listener
 */
export async function readStream({ after, signal, opened, alive, heard }) {
  const silence = new AbortController();
  const answer = await fetch(`/events?after=${after()}`, {
    headers: { Accept: "text/event-stream", "Last-Event-ID": String(after()) },
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (answer.status === 503) return Number(answer.headers.get("Retry-After")) || 5;
  if (!answer.ok || answer.redirected) throw new Error(`events answered ${answer.status}`);
  opened();
  await readBody(answer.body, silence, alive, heard);
  return 0;
}

async function readBody(body, silence, alive, heard) {
  const cutter = new MessageCutter();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let timer = 0;
  try {
    for (;;) {
      timer = setTimeout(() => silence.abort(new Error("the stream has gone silent")), LONGEST_SILENCE_MS);
      const { value, done } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      alive();
      cutter.push(value).forEach(heard);
    }
  } finally {
    clearTimeout(timer);
  }
}
