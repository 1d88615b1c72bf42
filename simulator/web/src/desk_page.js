// A telephone that is answered elsewhere: a 911 desk, or the staffed line outside the system. One desk to a page.
import { ask, attempt, journalOf, listen, pageData } from "./control.js";
import { Conversation } from "./conversation.js";
import { clockTime, make } from "./elements.js";
import { readable } from "./parties.js";

const OWN_WORDS = "We have the caller.";
const LAMPS = { idle: "Quiet", ringing: "Ringing", live: "Talking" };
const HABITS = [
  ["manual", "I decide each time"],
  ["answer", "Answer by itself"],
  ["busy", "Always busy"],
  ["no_answer", "Never answers"],
];

const { phone } = pageData();
const path = `/simulator/phones/${encodeURIComponent(phone.number)}`;
const at = (id) => document.getElementById(id);
const conversation = new Conversation("What is said on this line", "Nothing yet. What each party says appears here once a call is answered.");
const seen = new Set();
let current = null; // {call_sid, state: "ringing" | "live", since}

function drawn() {
  at("captions").append(conversation.element);
  const habits = HABITS.map(([value, words]) => make("option", { value }, words));
  at("habit").append(...habits);
  at("habit").addEventListener("change", () => attempt(() => ask("PUT", path, { next: [], otherwise: { on_ring: at("habit").value, after_seconds: 2 } })));
  for (const [id, command] of [["answer", "answer"], ["busy", "busy"], ["ignore", "ignore"], ["hangup", "hangup"]]) at(id).addEventListener("click", () => order(command));
  at("saying").addEventListener("submit", said);
  at("acknowledge").addEventListener("change", acknowledged);
}

function order(command, body = {}) {
  return current && attempt(() => ask("POST", `/simulator/calls/${current.call_sid}/${command}`, body));
}

async function said(event) {
  event.preventDefault();
  const words = at("words").value.trim();
  at("words").value = "";
  if (words) await order("say", { text: words });
}

/** The desk takes the call on: it says so on the line. Said once; a tick cannot be unsaid. */
async function acknowledged() {
  at("acknowledge").disabled = true;
  await order("say", { text: OWN_WORDS });
}

/** Look at the telephone itself; the stream tells when to look. */
async function look() {
  const now = await attempt(() => ask("GET", path));
  if (!now) return;
  const callSid = now.live[0] || now.ringing[0] || null;
  const state = now.live.length ? "live" : now.ringing.length ? "ringing" : "idle";
  if (callSid !== (current?.call_sid ?? null)) await turnTo(callSid);
  if (current && current.state !== state) Object.assign(current, { state, since: Date.now() });
  show(state, now.ringing.length - (state === "ringing" ? 1 : 0));
}

async function turnTo(callSid) {
  if (!callSid) {
    current = null;
    return;
  }
  current = { call_sid: callSid, state: null, since: Date.now(), caller: "" };
  seen.clear();
  conversation.clear();
  at("acknowledge").checked = false;
  current.caller = (await attempt(() => ask("GET", `/simulator/calls/${callSid}`)))?.from ?? "";
  for (const entry of await journalOf(callSid)) show_entry(entry);
}

function show_entry(entry) {
  const mark = `${entry.at} ${entry.kind} ${JSON.stringify(entry.data)}`;
  if (entry.call_sid !== current?.call_sid || seen.has(mark)) return;
  seen.add(mark);
  conversation.show(entry);
}

function show(state, others) {
  const held = document.activeElement;
  document.body.dataset.state = state;
  const caller = current ? readable(current.caller) : "";
  at("lamp-word").textContent = LAMPS[state];
  at("status").textContent = state === "idle" ? "No call" : `${LAMPS[state]}: ${caller}`;
  at("caller").textContent = caller || "No call";
  at("others").textContent = others > 0 ? `${others} more ringing` : "";
  for (const id of ["answer", "busy", "ignore"]) at(id).disabled = state !== "ringing";
  for (const id of ["hangup", "words", "say"]) at(id).disabled = state !== "live";
  at("acknowledge").disabled = state !== "live" || at("acknowledge").checked;
  if (state === "ringing" && (held === document.body || held.disabled)) at("answer").focus();
  else if (state === "live" && held.disabled) at("words").focus();
  document.title = `${state === "ringing" ? "RINGING: " : ""}${phone.name}`;
}

function tickOver() {
  at("clock").textContent = current ? clockTime((Date.now() - current.since) / 1000) : "";
}

async function happened(entry) {
  await look();
  show_entry(entry);
}

drawn();
show("idle", 0);
listen(`phone=${encodeURIComponent(phone.number)}`, happened, look);
setInterval(tickOver, 500);
