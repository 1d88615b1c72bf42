// What people call the other parties of a call: from a number, a softphone's identity, or the label of a leg in a room.

const WITHHELD = ["anonymous", "unknown", "restricted", "unavailable"];
const LABELS = [
  [/^caller/, "Caller"],
  [/^psap/, "911"],
  [/^(client:|staff|call-?taker|desk|agent)/, "Call-taker"],
];

/** A number as people read it: (520) 555-0142; anything else as it came. */
export function readable(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number || "");
  if (parts) return `(${parts[1]}) ${parts[2]}-${parts[3]}`;
  return !number || WITHHELD.includes(String(number).toLowerCase()) ? "Withheld number" : number;
}

/** Who speaks, in a word. */
export function partyName(from) {
  const known = LABELS.find(([pattern]) => pattern.test(from || ""));
  if (known) return known[1];
  return from ? readable(from) : "Other party";
}
