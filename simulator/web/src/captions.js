// A box at the foot of somebody else's page: what the other parties of the call say, and a line to type what one says oneself.
// It lives in a shadow root with its own sheet, so that the page's style, its rules against inline style, and its keys are left alone.

import { partyName } from "./parties.js";

const SHEET = `
  :host { position: fixed; inset: auto 16px 16px auto; width: min(420px, calc(100vw - 32px)); z-index: 2147483000; font: 14px/1.4 system-ui, sans-serif; color: #1b1b1b; }
  :host([hidden]) { display: none; }
  section { background: #fff; border: 1px solid #71767a; border-radius: 12px; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); overflow: clip; }
  header { display: flex; align-items: center; gap: 8px; padding: 4px 4px 4px 12px; background: #f0f0f0; }
  h2 { margin: 0; flex: 1; font-size: 13px; font-weight: 600; }
  .log { height: 144px; overflow-y: auto; padding: 8px 12px; }
  ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
  ol b { font-weight: 600; }
  li.mine { text-align: right; color: #00457a; }
  form { display: flex; gap: 8px; padding: 8px; border-top: 1px solid #dfe1e2; }
  input { flex: 1; min-width: 0; min-height: 32px; padding: 2px 8px; font: inherit; border: 1px solid #71767a; border-radius: 6px; background: #fff; color: inherit; }
  button { min-height: 32px; padding: 2px 12px; font: inherit; border: 1px solid #71767a; border-radius: 6px; background: #fff; color: inherit; cursor: pointer; }
  :focus-visible { outline: 3px solid #0076d6; outline-offset: 1px; }
  .log:focus-visible { outline-offset: -3px; }
  .folded .log, .folded form { display: none; }
`;
const FRAME = `
  <section aria-label="Captions of the demonstration">
    <header><h2>What is said (simulated)</h2><button type="button" id="fold" aria-expanded="true">Fold</button></header>
    <div class="log" role="log" aria-label="What the others say" tabindex="0"><ol></ol></div>
    <form><input aria-label="What you say on the call" placeholder="Say to the caller" autocomplete="off"><button>Say</button></form>
  </section>`;

/** Make the box, hidden until a call is on; `received` takes every message of the signalling socket. */
export function captionBox() {
  const host = document.createElement("old-pueblo-captions");
  host.hidden = true;
  const root = framed(host);
  const call = { sid: null, send: null };
  root.querySelector("form").addEventListener("submit", (event) => said(event, root, call));
  root.querySelector("#fold").addEventListener("click", (event) => fold(event.target, root));
  // The page under the box has keys of its own; what is typed here is meant for the call alone.
  for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, (event) => /^F\d/.test(event.key) || event.stopPropagation());
  whenReady(() => document.body.append(host));
  return { received: (message, send) => received(message, send, { host, root, call }), lost: () => void (host.hidden = true) };
}

function framed(host) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const parsed = new DOMParser().parseFromString(FRAME, "text/html");
  root.append(document.importNode(parsed.body.firstElementChild, true));
  return root;
}

function received({ type, payload = {} }, send, { host, root, call }) {
  if (type === "caption") {
    if (call.sid !== payload.callsid) root.querySelector("ol").replaceChildren();
    Object.assign(call, { sid: payload.callsid, send });
    host.hidden = false;
    add(root, partyName(payload.from), payload.text, payload.language);
  } else if (type === "answer") {
    if (call.sid !== payload.callsid) root.querySelector("ol").replaceChildren();
    Object.assign(call, { sid: payload.callsid, send });
    host.hidden = false;
  } else if ((type === "hangup" || type === "cancel") && payload.callsid === call.sid) {
    call.sid = null;
    host.hidden = true;
  }
}

function add(root, who, text, language) {
  const item = document.createElement("li");
  item.className = who === "You" ? "mine" : "";
  const name = document.createElement("b");
  name.textContent = `${who}: `;
  const words = document.createElement("span");
  words.textContent = text;
  if (language) words.lang = language.slice(0, 2);
  item.append(name, words);
  root.querySelector("ol").append(item);
  const log = root.querySelector(".log");
  log.scrollTop = log.scrollHeight;
}

function said(event, root, call) {
  event.preventDefault();
  const box = root.querySelector("input");
  const text = box.value.trim();
  if (!text || !call.sid) return;
  call.send({ type: "caption", version: "1.6", payload: { callsid: call.sid, text } });
  add(root, "You", text);
  box.value = "";
}

function fold(control, root) {
  const isFolded = root.querySelector("section").classList.toggle("folded");
  control.setAttribute("aria-expanded", String(!isFolded));
  control.textContent = isFolded ? "Open" : "Fold";
}

function whenReady(act) {
  if (document.body) act();
  else document.addEventListener("DOMContentLoaded", act, { once: true });
}
