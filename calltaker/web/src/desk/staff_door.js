// The staff door over HTTP: reads the desk's state, gives orders. Turns every refusal into words for the call-taker:
// what happened and what to do. Knows nothing of the page.

/** An order was refused or got no answer. `status` is 0 when no answer came, 401 when the session has ended. */
export class DoorError extends Error {
  /** @param {number} status @param {string} problem @param {string} whatToDo @param {boolean} [dialled]  911 is dialled although the desk cannot show it. @param {any} [told]  The whole answer. */
  constructor(status, problem, whatToDo, dialled = false, told = null) {
    super(problem);
    this.status = status;
    this.problem = problem;
    this.whatToDo = whatToDo;
    this.dialled = dialled;
    this.told = told;
  }
}

let csrfToken = "";

/** The token of the page or of the newest state; sent with every order. */
export function useToken(token) {
  if (token) csrfToken = token;
}

/** @returns {Promise<import("./desk_state.js").Desk>} */
export const readDesk = (limitMs = 5000) => ask("/desk/state", { method: "GET" }, limitMs);

/** Give an order. `limitMs` after which no answer counts as none. @returns {Promise<any>} */
export function order(path, body = {}, limitMs = 8000, extra = {}) {
  return ask(`/desk${path}`, { ...sending("POST", body), ...extra }, limitMs);
}

/** A request that sends a value as JSON, with the page's token. */
export const sending = (method, body) => ({ method, headers: { "Content-Type": "application/json", ...token() }, body: JSON.stringify(body) });

/** The header that proves that a request comes from our page. */
export const token = () => ({ "X-CSRFToken": csrfToken });

/** One request to the door. @returns {Promise<any>} */
export async function ask(address, request, limitMs) {
  const answer = await fetched(address, request, limitMs);
  if (answer.status === 401 || answer.redirected) throw new DoorError(401, "You are signed out.", "Sign in again; your notes are kept in this browser.");
  const told = await read(answer);
  if (answer.ok && told) return told;
  throw new DoorError(answer.status, told?.problem ?? `The server answered ${answer.status}.`, told?.what_to_do ?? "Try again; if it stays, tell your supervisor.", told?.dialled === true, told);
}

async function fetched(address, request, limitMs) {
  try {
    return await fetch(address, { credentials: "same-origin", ...request, signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    const waited = error.name === "TimeoutError" ? `no answer within ${limitMs / 1000} s` : "it cannot be reached";
    throw new DoorError(0, `The server did not answer: ${waited}.`, "Check the network; the page goes on trying to read.");
  }
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}
