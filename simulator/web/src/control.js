// How a page talks to the simulator: commands by POST, what happens by a live stream that comes back by itself.

/** Ask the simulator for something; throws an Error whose message can be shown. */
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const told = text ? readJson(text) : {};
  if (!answer.ok) throw new Error(told.problem || told.message || told.error || `The simulator answered ${answer.status} to ${path}.`);
  return told;
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Listen to the journal as it is written.
 *
 * `query` narrows it ("phone=+1..." or "call_sid=CA..."). `onEntry` gets every entry; `onOpen` runs at each (re)connection,
 * so that the page can read what it missed. Returns a function that stops listening.
 */
export function listen(query, onEntry, onOpen = () => {}) {
  let stopped = false;
  let socket;
  const connect = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/simulator/live?${query}`);
    socket.addEventListener("open", onOpen);
    socket.addEventListener("message", (message) => onEntry(JSON.parse(message.data)));
    socket.addEventListener("close", () => stopped || setTimeout(connect, 1000));
  };
  connect();
  return () => {
    stopped = true;
    socket.close();
  };
}

/** The journal of one call so far, oldest first. */
export async function journalOf(callSid) {
  return (await ask("GET", `/simulator/journal?call_sid=${encodeURIComponent(callSid)}`)).entries;
}

/** What the server wrote into the page for this script. */
export function pageData() {
  return JSON.parse(document.getElementById("page-data").textContent);
}

/** Show what went wrong until somebody has read it; null takes it away. */
export function showProblem(error) {
  const box = document.getElementById("problem");
  box.hidden = error === null;
  box.textContent = error === null ? "" : String(error.message || error);
}

/** Run a command of the person at the page and show its failure, if any. */
export async function attempt(command) {
  try {
    showProblem(null);
    return await command();
  } catch (error) {
    showProblem(error);
    return null;
  }
}
