// Words and moments as the pages write them on which something is drafted and published.

const NAMES = { en: "English", es: "Español" };

export const LANGUAGES = ["en", "es"];
export const languageName = (language) => NAMES[language] ?? language;

/** "14:02:11" today, "21 Nov, 14:02" before. */
export function moment(at) {
  if (!at) return "";
  const [then, now] = [new Date(at), new Date()];
  if (then.toDateString() === now.toDateString()) return then.toLocaleTimeString("en-GB", { hour12: false });
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return then.toLocaleString("en-GB", { day: "numeric", month: "short", ...year, hour: "2-digit", minute: "2-digit", hour12: false });
}

/** "6.2 s", "1 min 05 s" */
export function seconds(figure) {
  if (figure === null || figure === undefined) return "";
  if (figure < 60) return `${Number(figure).toFixed(1)} s`;
  const whole = Math.round(figure);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** "1 error", "3 errors" */
export const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

/** The zone in which this computer writes its moments. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "+15205550142" as people write it: "(520) 555-0142". */
export const telephone = (number) => String(number).replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");
