// What a telephone's error means to the person at the desk: what happened, what the caller hears now, what to do.
// Codes are Twilio's (Voice SDK errors); the server's side of each case is fixed: an unjoined caller goes back to the
// front of the line, a lost call-taker's caller after two seconds alone.

/** @typedef {"idle"|"joining"|"talking"} Moment */

const HEARS = {
  idle: "No caller is affected.",
  joining: "The caller stays in the line, at its front, and hears that somebody will be with them.",
  talking: "After two seconds alone the caller hears “We lost the connection; you are first” and is offered to you first. If 911 is on the line, 911 stays with them.",
};

const READY = "Press “Ready” at the top left to start your telephone again.";

const KINDS = [
  { codes: ["InsecurePage"], what: "This page has no microphone: it was not opened over https or on 127.0.0.1.", to_do: "Open the desk by its https address." },
  { codes: ["NotAllowedError", 31401, 31208], what: "The browser refused the microphone.", to_do: "Allow the microphone for this page beside the address, then press “Ready”." },
  { codes: ["NotFoundError", 31402, 31201], what: "No microphone was found, or it was not free.", to_do: "Plug in the headset, close what else uses it, then press “Ready”." },
  { codes: [20101, 20104, 20151, 31204, 31205, 31207], what: "Your telephone's pass was refused or has run out.", to_do: READY },
  { codes: [31206], what: "The telephone company says that too many calls are being made.", to_do: "Wait ten seconds, then press “Ready”." },
  { codes: [31003, 31005, 31009, 53000, 53001], what: "Your telephone cannot reach the telephone company.", to_do: `Check the network cable or the wireless. ${READY}` },
  { codes: [31400, 31404, 31480, 31603, 31486], what: "The telephone company did not take the call.", to_do: "Wait for the next offer; tell your supervisor if it comes again." },
  { codes: [53400, 53402, 53405], what: "The sound between you and the caller was lost.", to_do: "Check headset and network; the telephone reconnects by itself." },
];

/** `is_loss`: the leg ended with no error and no order; it may turn out that the caller has hung up. @param {any} error @param {Moment} moment */
export function trouble(error, moment) {
  const kind = KINDS.find(({ codes }) => codes.includes(error?.code) || codes.includes(error?.name));
  const what = kind?.what ?? (error ? fallback(error) : "Your telephone's connection to the call was lost.");
  return { what, hears: HEARS[moment], to_do: kind?.to_do ?? READY, is_loss: !error };
}

function fallback(error) {
  if (error.whatToDo) return error.problem;
  return `Your telephone failed${error.code ? ` (code ${error.code})` : ""}.`;
}
