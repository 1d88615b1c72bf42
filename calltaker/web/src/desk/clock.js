// Time as the desk shows it: running seconds against the server's clock, wall time for what is past.

let serverAheadMs = 0;

/** Learn how far the server's clock is ahead of this machine's from the `now` of an answer. */
export function setByServer(now) {
  serverAheadMs = Date.parse(now) - Date.now();
}

/** Milliseconds since 1970 by the server's clock. */
export const serverNow = () => Date.now() + serverAheadMs;

/** Whole seconds between two moments (ISO text or milliseconds), never below 0. */
export function secondsBetween(from, to) {
  const at = (moment) => (typeof moment === "number" ? moment : Date.parse(moment));
  return Math.max(0, Math.floor((at(to) - at(from)) / 1000));
}

/** "0:07", "12:03", "1:02:03". */
export function running(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (figure) => String(figure).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Running time since a moment, by the server's clock; "" when there is none. */
export const runningSince = (moment) => (moment ? running(secondsBetween(moment, serverNow())) : "");

/** "just now", "5 min ago", "3 h ago", "12 days ago", by the server's clock. */
export function ago(moment) {
  const minutes = Math.floor(secondsBetween(moment, serverNow()) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} days ago`;
}

/** "14:02" in this desk's time, with the day before it when that is not today; "" when there is none. */
export function hourAndMinute(moment) {
  if (!moment) return "";
  const at = new Date(moment);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false });
  const isToday = at.toDateString() === new Date(serverNow()).toDateString();
  return isToday ? time : `${time} on ${at.toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric" })}`;
}

/** "14:02:11" in this desk's time; "" when there is none. */
export function wallTime(moment) {
  if (!moment) return "";
  return new Date(moment).toLocaleTimeString("en-GB", { hour12: false });
}

/** "27 Feb 2026, 12:00" where the city is. */
export function wallDay(moment) {
  return new Date(moment).toLocaleString("en-GB", { timeZone: cityZone(), day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** A day where the city is, as a date field has it: "2026-07-04". */
export const localDay = (moment = serverNow()) => new Date(moment).toLocaleDateString("sv-SE", { timeZone: cityZone() });

/** "Today", "Tomorrow", "Thu 9 Jul", where the city is. */
export function dayWords(moment) {
  const day = localDay(Date.parse(moment));
  if (day === localDay()) return "Today";
  if (day === localDay(serverNow() + 86_400_000)) return "Tomorrow";
  return new Date(moment).toLocaleDateString("en-GB", { timeZone: cityZone(), weekday: "short", day: "numeric", month: "short" });
}

const cityZone = () => document.getElementById("desk")?.dataset.zone || undefined;

/** The present minute where the city is, as a protocol keeps it: "2026-07-04T21:30". */
export function localMinute() {
  const timeZone = cityZone();
  const shown = new Date(serverNow()).toLocaleString("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  return shown.replace(" ", "T");
}
