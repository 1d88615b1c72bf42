// A call to the draft, played in the page: what the line said, what the caller did, which nodes it went through, and
// the facts that the author pretends. The server's interpreter answers; its state is opaque here.
import { speak, stopSpeaking } from "./speech.js";

/** @typedef {{who: "line"|"caller"|"note", language?: string, text: string, recording?: string}} Heard */

export const NO_FACTS = { is_open: null, holiday: null, switches: {}, line_length: 0, seen_before: false, withheld: false };

/** A call that has not begun. */
export const noCall = () => ({ is_open: false, state: null, heard: [], path: [], here: "", begun: false, over: false, ended: "", listens: false, busy: false, facts: NO_FACTS, muted: localStorage.getItem("old-pueblo.try-muted") === "yes" });

/** The acts of the drawer. `page` holds the call as `page.call`. */
export function tryingActs({ page, door, changed, report }) {
  let number = 0;

  async function turn(input, said) {
    const mine = (number += 1);
    const { call } = page;
    if (said) call.heard.push({ who: "caller", text: said });
    Object.assign(call, { busy: true });
    changed();
    try {
      const answer = await door.tryOn({ document: page.document, state: call.state, input, facts: factsOf(call.facts) });
      if (mine === number) heard(answer);
    } catch (refused) {
      if (mine === number) report("try", refused);
    } finally {
      if (mine === number) Object.assign(call, { busy: false });
      changed();
    }
  }

  function heard({ state, spoken, listens, over, ended, path, notes = [] }) {
    const { call } = page;
    Object.assign(call, { state, listens, over, ended, begun: true, path: [...call.path, ...path], here: path.at(-1) ?? call.here });
    call.heard.push(...spoken.map((said) => ({ who: "line", ...said })), ...notes.map(({ text }) => ({ who: "note", text })));
    if (over) call.heard.push({ who: "note", text: ended ? `The call ends: ${ended}.` : "The call ends." });
    if (!call.muted) speak(spoken);
  }

  return {
    openTry() {
      page.call.is_open = true;
      changed(true);
      (document.getElementById("try-begin") ?? document.getElementById("try-words"))?.focus();
    },
    closeTry() { stopSpeaking(); page.call.is_open = false; changed(); },
    begin() {
      stopSpeaking();
      page.call = { ...noCall(), is_open: true, facts: page.call.facts, muted: page.call.muted };
      return turn({});
    },
    press: (digits) => { stopSpeaking(); return turn({ digits }, `pressed ${digits}`); },
    say: (words) => { stopSpeaking(); return turn({ speech: words }, `“${words}”`); },
    silence: () => { stopSpeaking(); return turn({ silent: true }, "said nothing"); },
    happens: (event, words) => turn({ event }, words.toLowerCase()),
    hangUp() {
      number += 1;
      stopSpeaking();
      page.call.heard.push({ who: "note", text: "You hung up." });
      Object.assign(page.call, { over: true, listens: false, busy: false });
      changed();
    },
    fact(name, value) { page.call.facts = { ...page.call.facts, [name]: value }; changed(); },
    factSwitch(name, value) { page.call.facts = { ...page.call.facts, switches: { ...page.call.facts.switches, [name]: value } }; changed(); },
    mute() {
      page.call.muted = !page.call.muted;
      localStorage.setItem("old-pueblo.try-muted", page.call.muted ? "yes" : "no");
      if (page.call.muted) stopSpeaking();
      changed();
    },
  };
}

/** Only what is pretended; everything else is as it is now. */
function factsOf({ switches, ...facts }) {
  const pretended = Object.entries(switches).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)), switches: Object.fromEntries(pretended) };
}

/**
 * A step of a finding's example: "press 2", "say a pothole", "silence", with facts behind it: "press 2 (main closed)".
 * Facts that are not named are as the gate takes them: open, no holiday, every switch off, nobody in line.
 */
export function exampleStep(step) {
  const [, act, named = ""] = /^(.*?)(?: \(([^()]*)\))?$/.exec(step);
  const [, verb = "", what = ""] = /^(press|say) (.*)$/.exec(act) ?? [];
  const switches = named.split(", ").map((fact) => /^(\S+) on$/.exec(fact)?.[1]).filter(Boolean);
  return { verb, what, facts: {
    is_open: !/ closed/.test(named), holiday: / holiday/.test(named), switches: Object.fromEntries(switches.map((name) => [name, true])),
    line_length: Number(/(\d+)\S* in line/.exec(named)?.[1] ?? 0), seen_before: /called before/.test(named), withheld: /number withheld|no text/.test(named),
  } };
}
