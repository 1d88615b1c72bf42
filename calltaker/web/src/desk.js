// The desk page: puts its parts together and keeps the one loop: something changed, draw.
import { acts as makeActs } from "./desk/acts.js";
import { announce } from "./desk/announcer.js";
import { setByServer, wallTime } from "./desk/clock.js";
import { firstPage } from "./desk/desk_state.js";
import { announceChange, deskState, drawDesk, focusRinging } from "./desk/drawing.js";
import { meaning } from "./desk/keys.js";
import { LiveFeed } from "./desk/live_feed.js";
import { CardKeeper } from "./desk/card_keeper.js";
import { DeviceCheck } from "./desk/device_check.js";
import { Nearby } from "./desk/nearby.js";
import { NotesKeeper } from "./desk/notes_keeper.js";
import { PlaceMap } from "./desk/place_map.js";
import { RedButton } from "./desk/red_button.js";
import { Ringer } from "./desk/ringer.js";
import { order, readDesk, useToken } from "./desk/staff_door.js";
import { Telephone } from "./desk/telephone.js";
import { THIS_PAGE } from "./desk/this_page.js";
import { Watch } from "./desk/watch.js";
import { isUnderWay } from "./views/strip.js";

// Together below five seconds: that is how late a loss may be shown.
const HEARTBEAT_MS = 2500;
const HEARTBEAT_LIMIT_MS = 1500;
const REREAD_PAUSE_MS = 40;
/** A leg that the server has ended is put down here if it has stayed this long. */
const STALE_LEG_MS = 3000;

const root = document.getElementById("desk");
const page = { ...firstPage(), rang_at: 0 };
const streams = { feed: false, heart: true };
let drawing = false;

function changed(atOnce = false) {
  if (atOnce === true) return drawNow();
  if (drawing) return;
  drawing = true;
  queueMicrotask(drawNow);
}

function drawNow() {
  drawing = false;
  drawDesk(root, page, acts, { map, notes });
  const offer = page.desk?.offers[0];
  const state = deskState(page);
  const sign = state === "emergency" || (state === "ringing" && offer.above_all) ? "emergency" : state === "ringing" ? "ringing" : "idle";
  ringer.show(sign, state === "ringing", { ringing: `● Ringing ${offer?.caller}`, emergency: "▲ 911", call: page.desk?.call?.caller }[state] ?? "");
}

const ringer = new Ringer();
const map = new PlaceMap({
  picked: (point) => acts.pick(point),
  moved: (far) => Object.assign(page, { pin_moved: far }) && changed(),
  dropped: (drop) => acts.movePlace(drop),
});
const nearby = new Nearby((found) => {
  page.nearby = found;
  map.mark(found?.requests ?? []);
  changed();
});
const card = new CardKeeper((found) => Object.assign(page, { card: found }) && changed());
const notes = new NotesKeeper((state) => Object.assign(page, { notes: state }) && changed());
const telephone = new Telephone(
  () => order("/softphone-token"),
  (state) => Object.assign(page, { telephone: state }) && changed(),
  ({ is_loss, ...problem }) => acts.report({ id: is_loss ? "leg" : "telephone", ...problem }),
);
const check = new DeviceCheck(telephone, () => changed(), page.check);
const red = new RedButton(
  (pressed, desk) => {
    page.red = pressed;
    if (desk?.now) take(desk);
    changed();
  },
  (error) => acts.fail("choose", error, "The caller hears you as before."),
);
const acts = makeActs({ page, changed, take, telephone, check, ringer, red, map });
const watch = new Watch({ page, telephone, acts, order });
const feed = new LiveFeed({ event: reread, live: (isLive) => showLive({ feed: isLive }) });

/** Use a state of the desk; an older one that comes late is dropped. */
function take(desk) {
  const before = page.desk;
  if (before && Date.parse(desk.now) < Date.parse(before.now)) return;
  page.desk = desk;
  setByServer(desk.now);
  useToken(desk.csrf_token);
  feed.reached(desk.as_of_event);
  if (page.signed_out) signedIn();
  settle(before, desk);
  changed(true);
  announceChange(before, desk);
  if (deskState(page) === "ringing" && desk.offers[0].offer_id !== before?.offers[0]?.offer_id) focusRinging(page);
}

function settle(before, { call, wrap_up }) {
  if (call?.call_id !== before?.call?.call_id) forgetCall();
  if (shownId({ call, wrap_up }) !== shownId(before)) Object.assign(page, { follow_up: null, tag_typed: "", better_open: false, correcting: false });
  notes.open(call?.call_id ?? wrap_up?.call_id ?? null, (call ?? wrap_up)?.notes);
  map.show(call?.call_id ?? null, call?.place ?? null);
  nearby.follow(call);
  card.follow(shownId({ call, wrap_up }));
  red.seen(call);
  if (page.red?.confirmed && (call?.call_id !== page.red.call_id || isUnderWay(call.escalation))) page.red = null;
  if (call) red.resume(call.call_id);
  if (before?.call && !call) callEnded();
  watch.seen();
  // The caller has hung up: the leg that ended a moment before the news of it was no loss.
  if (wrap_up && page.problems.some(({ id }) => id === "leg")) acts.read("leg");
}

/** Whose card is shown: of the call, or of the one that is wrapped up. */
const shownId = (desk) => desk?.call?.call_id ?? desk?.wrap_up?.call_id ?? null;

function callEnded() {
  telephone.expectEnd();
  setTimeout(() => !page.desk?.call && telephone.isInCall && telephone.putDown(), STALE_LEG_MS);
}

function forgetCall() {
  Object.assign(page, { reopened: null, wanted: "", sheet: null, chosen: null, choice: null, contact: null });
}

function signedIn() {
  page.signed_out = false;
  acts.read("signed-out");
}

let rereading = 0;
function reread() {
  if (!rereading) rereading = setTimeout(readAgain, REREAD_PAUSE_MS);
}

async function readAgain() {
  try {
    take(await readDesk());
  } catch (error) {
    if (error.status === 401) acts.signedOut();
    // Any other loss is shown by the state line, and read again with the next heartbeat.
  } finally {
    rereading = 0;
  }
}

function showLive(part) {
  Object.assign(streams, part);
  const isLive = streams.feed && streams.heart;
  // A page that never was live says so as soon as it knows, not before its first try has ended.
  const isNews = isLive !== page.live.is_live || (Object.values(part).includes(false) && !page.live.since);
  if (!isNews) return;
  const isFirst = isLive && !page.live.since;
  page.live = isLive ? { is_live: true, since: null } : { is_live: false, since: wallTime(Date.now()) };
  announce(isLive ? (isFirst ? "Live" : "Live again") : "Not live: what you see may be old", isLive ? "polite" : "assertive");
  if (isLive) reread();
  changed();
}

async function beat() {
  try {
    const desk = await order("/heartbeat", { page: THIS_PAGE }, HEARTBEAT_LIMIT_MS);
    showLive({ heart: true });
    if (desk.now) take(desk);
    else if (page.signed_out || !page.live.is_live) reread();
  } catch (error) {
    showLive({ heart: error.status !== 0 });
    if (error.status === 401) acts.signedOut();
    else if (error.status) reread(); // a token that has changed comes with the next state
  }
  setTimeout(beat, HEARTBEAT_MS);
}

window.addEventListener("keydown", (event) => {
  const asked = meaning(event);
  if (!asked || (asked.does === "question" && document.querySelector(":popover-open"))) return;
  event.preventDefault();
  if (!event.repeat) acts.key(asked);
});
window.addEventListener("beforeunload", (event) => telephone.isInCall && event.preventDefault());
window.addEventListener("pagehide", () => watch.closed());
// A page that comes back from the browser's cache has a dead softphone.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

useToken(document.querySelector('meta[name="csrf-token"]')?.content);
announce("", "polite");
announce("", "assertive");
changed(true);
setInterval(() => {
  watch.tick();
  changed();
}, 1000);
await readAgain();
feed.start(page.desk?.as_of_event ?? 0);
beat();
