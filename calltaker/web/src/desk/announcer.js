// Says changes to a screen reader: politely what can wait, at once what cannot. Two regions made once, never drawn anew.

const regions = {};

/** @param {"polite"|"assertive"} how */
export function announce(words, how = "polite") {
  const region = (regions[how] ??= made(how));
  if (region.textContent !== words) region.textContent = words;
}

function made(how) {
  const region = document.createElement("div");
  region.className = "visually-hidden";
  region.setAttribute("aria-live", how);
  region.setAttribute("role", how === "assertive" ? "alert" : "status");
  document.body.append(region);
  return region;
}
