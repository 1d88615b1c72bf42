// The shapes that the staff door sends (GET /desk/state) and the page's own state around them. Types, and nothing else
// but the first value: every module reads its meaning here.
import { firstCheck } from "./device_check.js";


/** @typedef {{en: string, es: string}} Both  The same sentence in each language of the line. */
/** @typedef {{entry_id: string, call_id: string, caller: string, language: string, priority: string, waiting_since: string,
 *   state: string, intent: ?string, emergency: string}} Waiting */
/** @typedef {{kind: string, task_id: string, call_id: string, caller: string, language: string, since: string, seconds: ?number,
 *   is_there: boolean, intent_title: ?string, words: ?string, place: ?string, emergency: boolean, number_by_hand: ?string,
 *   state: string, by: ?string, again_at: ?string, tries: number, last_outcome: ?string}} Task  State: to_do, claimed, in_line, calling, talking, again, gave_up. Left by a caller: a message, or somebody to be called back. */
/** @typedef {{offer_id: string, call_id: string, caller: string, language: string, words: ?string, intent: ?string,
 *   intent_title: ?string, place: ?string, jurisdiction: ?string, emergency: string, emergency_reason: ?string,
 *   priority: string, waiting_since: string, above_all: boolean, earlier_contacts: number, kind: string}} Offer  Kind: call, call_back. */
/** @typedef {{text: string, latitude: ?number, longitude: ?number, uncertainty_metres: ?number, confirmed: boolean,
 *   jurisdiction: ?string, jurisdiction_certain: boolean, source?: string}} Place */
/** @typedef {{why_not: ?string, state: ?string, at: ?string}} LocationLink  State: pending, sent, failed, used; `at`: when it was used, else when it expires. */
/** @typedef {{task_id: string, what: ?string, due_at: string, is_due: boolean, for_whom: ?string, is_done: boolean}} FollowUp */
/** @typedef {{call_id: string, at: string, intent_title: ?string, outcome: ?string, disposition: ?string, request: ?string, emergency: boolean}} Contact  From the same number, earlier. */
/** @typedef {{earlier: {count: number, contacts: Contact[]}, tags: {tag: string, title: string}[]}} Card */
/** @typedef {{number: string, title: string, state: string, made_at: string, metres: number, latitude: number, longitude: number}} NearRequest */
/** @typedef {{id: string, kind: string, text: Both, note: ?(string|Both), unit: ?Both, safety: boolean, options: {id: string, text: Both}[]}} Question */
/** @typedef {{id: string, level: string, emergency: boolean, title: any, destination: any, script: Both, advice: ?Both,
 *   criteria: {rule: string, read: any}[], request_code: ?string, final: boolean}} Determinant */
/** @typedef {{id: string, title: Both, level: string}} Named */
/** @typedef {{at_seconds: number, by: string, determinant: ?Named, computed: ?Named, reason: ?string, role: ?string}} Change */
/** @typedef {Named & {emergency: boolean, stands: boolean, lower: boolean, why_not: ?string}} Choice  An outcome to choose by hand. */
/** @typedef {{session_id: string, protocol: string, version: number, title: Both, approval: string, question: ?Question,
 *   answered: {question: string, text: Both, value: any, option_text: ?Both, told: string, asked: Question}[],
 *   coming: {id: string, text: any}[], determinant: ?Determinant, standing_by: string, computed: ?Named, changes: Change[],
 *   danger_words: {question: string, text: string, level: string}[], choices: Choice[], jumps: {protocol: string, title: Both}[],
 *   read_aloud: Record<string, boolean>, ended: ?string}} Protocol */
/** @typedef {{id: string, title: Both, note: Both, script: Both, advice: Both}} RedFlag */
/** @typedef {{escalation_id: string, state: string, cause: string, requested_at: string, ringing_at: ?string,
 *   answered_at: ?string, accepted_at: ?string, attempt: number, destination: any, next_destination: any,
 *   number_by_hand: ?string, may_leave: boolean, leave_reason: ?string, script: ?Both}} Escalation */
/** @typedef {{referral_id: string, destination: string, name: Both, kind: string, state: string, is_open: boolean, takes_over: boolean,
 *   has_the_caller: boolean, consult: boolean, requested_at: string, ringing_at: ?string, answered_at: ?string, accepted_at: ?string,
 *   ended_at: ?string, number: ?string, what_to_do: ?string, to_them: Both, to_caller: Both}} Referral  Somebody called into the call. */
/** @typedef {{call_id: string, phase: string, caller: string, caller_verified: ?string, language: string, words: ?string,
 *   better_number: ?string, intent: ?string, intent_title: ?string, confidence: ?number, alternatives: {intent: string, title: string, confidence: number}[],
 *   emergency: string, emergency_reason: ?string, place: ?Place, waited_seconds: ?number, joined_at: ?string, in_room: boolean,
 *   alone: boolean, on_hold: boolean, hold_since: ?string, hold_reason: ?string, hold_ends_at: ?string,
 *   hold_warning_seconds: number, hold_reasons: {key: string, title: string, said: Both}[], legs: {kind: string, state: string, label: string}[],
 *   protocol: ?Protocol, protocol_lost: ?Lost, protocols: {protocol: string, title: Both, suggested: boolean}[], red_flags: RedFlag[], danger_raised: ?RedFlag,
 *   notes: {text: string, saved_at: ?string}, tags: {tag_id: string, title: string, is_proposal: boolean}[], follow_ups: FollowUp[],
 *   location_link: LocationLink, service_request: any, escalation: ?Escalation, may_leave: boolean, leave_reason: ?string,
 *   telephone: {device: ?string, switch: ?{switch_id: string, device: string, state: string, is_open: boolean, asked_at: string}},
 *   referrals: Referral[], directory: {key: string, name: Both, kind: string, number: string}[]}} Call */
/** @typedef {{protocol: string, version: number, problem: string, what_to_do: string}} Lost  Questions that can no longer be read. */
/** @typedef {{call_id: string, caller: string, place: ?Place, ended_at: string, outcome: ?string, dispositions: {key: string, title: string}[], notes: any,
 *   left_open: ?{determinant: Determinant, unanswered: Both[]}, protocol_lost: ?Lost,
 *   cut_off: ?{title: ?Both, number_by_hand: ?string, script: Both}, service_request: any, escalation: ?Escalation}} WrapUp */
/** @typedef {{now: string, as_of_event: number, csrf_token: string, staff: any, presence: {state: string, since: string, reason: ?string, reason_title: ?string,
 *   ends_at: ?string, more_minutes: number, page: ?string}, breaks: {key: string, title: string}[],
 *   desk_telephone: ?{number: string, is_approved: boolean},
 *   line: Waiting[], line_figures: {waiting: number, longest_since: ?string, expected_minutes: ?[number, number]}, tasks: Task[], last_contact: ?{call_id: string, caller: string, intent_title: ?string, disposition: string, title: string, until: string}, offers: Offer[], call: ?Call, wrap_up: ?WrapUp, dispositions: any[]}} Desk */

/**
 * What the page knows beside the desk's state.
 * @typedef {object} Page
 * @property {?Desk} desk
 * @property {{is_live: boolean, since: ?string, said: string}} live  `since`: when it stopped, as a wall clock.
 * @property {{state: string, muted: boolean, said: string}} telephone  off, starting, ready, connecting, in_call, reconnecting, failed.
 * @property {?{call_id: string, escalation_id: string, pressed_at: number, tries: number, confirmed: boolean, said: string}} red
 * @property {{id: string, what: string, hears: string, to_do: string, sign_in?: boolean}[]} problems
 * @property {{state: string, at: string}} notes  State: "", typing, saving, saved, kept.
 * @property {boolean} signed_out
 * @property {boolean} keys_shown
 * @property {string} tab  Which column a narrow page shows: question, caller, line.
 * @property {?string} reopened  Id of an answered question being answered again.
 * @property {string} wanted  Words typed to find a protocol.
 * @property {?string} sheet  What is open in place of the question: red_flags, directory, earlier, hold, keypad, protocols, choose.
 * @property {string} [pressed]  Keys of the telephone that were pressed since the pad was opened.
 * @property {boolean} [consult]  Whom the directory calls in comes while the caller is on hold.
 * @property {?string} heard  The caller's words that sounded like a danger and opened the panel.
 * @property {?{question: string, ids: string[]}} chosen  Several answers chosen so far, not confirmed.
 * @property {?{determinant: ?string, kind: string}} choice  The outcome being chosen by hand, before its reason.
 * @property {?string} busy  The command under way, if any.
 * @property {boolean} place_edited
 * @property {?{metres: number, way: string, saving: boolean}} pin_moved  How far the pin is from where it is saved.
 * @property {?Card} card  What stands beside the call and seldom changes.
 * @property {?any} contact  The earlier contact that is read.
 * @property {string} tag_typed
 * @property {?{when: string, day: string, for_me: boolean, id: string}} follow_up  The follow-up being written.
 * @property {boolean} correcting  The outcome of the last contact is being put right.
 * @property {boolean} better_open
 * @property {Check} check
 * @property {?{within_metres: number, requests: NearRequest[]}} nearby  Open requests around the call's place, the nearest first.
 */

/** @typedef {{state: string, words: string, to_do: string}} Step */
/** @typedef {{open: boolean, skipped: ?string, microphone: Step, speaker: Step, network: Step, inputs: {id: string, name: string}[],
 *   outputs: {id: string, name: string}[], input: string, output: string}} Check  The check before a shift. `skipped`: null before it, "" when it was done. */

/** @returns {Page} */
export function firstPage() {
  return {
    desk: null,
    live: { is_live: false, since: null, said: "connecting" },
    telephone: { state: "off", muted: false, said: "" },
    red: null,
    problems: [],
    notes: { state: "", at: "" },
    signed_out: false,
    keys_shown: false,
    tab: "question",
    reopened: null,
    wanted: "",
    sheet: null,
    heard: null,
    chosen: null,
    choice: null,
    busy: null,
    place_edited: false,
    pin_moved: null,
    nearby: null,
    card: null,
    contact: null,
    tag_typed: "",
    follow_up: null,
    correcting: false,
    better_open: false,
    check: firstCheck(),
  };
}
