// The top of the page: what is live, what is saved, what waits for whom, and the acts that change it.
import { draw } from "../../desk/in_place.js";
import { counted, moment } from "../words.js";
import { button } from "./buttons.js";

/**
 * The bar of one document: `list` is the way back to all of its kind, `title` what people call it.
 * @param {object[]} more  Buttons between History and Propose.
 */
export function versionBar(page, acts, { list, title, more }) {
  return draw("header", { key: "bar", class: "editor-bar" },
    draw("div", { class: "editor-name" }, draw("a", { href: list.href, text: list.words }), draw("span", { "aria-hidden": "true", class: "quiet", text: "/" }), draw("h1", { text: title, title })),
    draw("div", { class: "editor-states" }, live(page), saved(page)),
    draw("div", { class: "editor-acts" },
      button("Undo", acts.undo, { key: "undo", disabled: !page.edits.past.length, title: "Ctrl Z" }),
      button("Redo", acts.redo, { key: "redo", disabled: !page.edits.future.length, title: "Ctrl Shift Z" }),
      button("Difference", () => acts.openDifference(), { key: "difference" }),
      button("History", acts.openHistory, { key: "history" }),
      ...more,
      propose(page, acts)));
}

function live({ live: now, history }) {
  const wasLive = history.some(({ state }) => state === "superseded");
  if (!now) return draw("span", { class: "editor-state" }, draw("span", { class: "mark", "aria-hidden": "true", text: "○" }), wasLive ? "Out of use" : "Nothing is live yet");
  return draw("span", { class: "editor-state" }, draw("span", { class: "mark live-mark", "aria-hidden": "true", text: "●" }), draw("strong", { text: `Live v${now.version}` }), draw("span", { class: "quiet", text: ` since ${moment(now.published_at)}` }));
}

function saved({ saving, draft, me }) {
  const words = { typing: "Typing …", saving: "Saving …", kept: "Not saved; kept in this browser" }[saving.state];
  if (words) return draw("span", { key: "saved", id: "draft-state", class: saving.state === "kept" ? "editor-state warn" : "editor-state", title: saving.why || null, text: words });
  if (draft.state === "none") return draw("span", { key: "saved", id: "draft-state", class: "editor-state quiet", text: "No draft: as it is live" });
  return draw("span", { key: "saved", id: "draft-state", class: "editor-state figures" }, `Draft saved ${moment(draft.saved_at)}`, draft.saved_by && draft.saved_by !== me.name && draw("span", { class: "quiet", text: ` by ${draft.saved_by}` }));
}

function propose(page, acts) {
  if (page.draft.state === "proposed") return null;
  const why = whyNotPropose(page);
  return [why && draw("span", { key: "why", id: "why-not-propose", class: "why", text: why }), button("Propose", acts.openPropose, { key: "propose", tone: "primary", disabled: Boolean(why), reason: why ? "why-not-propose" : null })];
}

/** Why the draft cannot be proposed, "" when it can. */
export function whyNotPropose({ me, draft, saving, check }) {
  if (!me.may.propose) return "Your role does not propose changes.";
  if (draft.state === "none" && saving.state === "") return "Nothing has been changed.";
  return check.errors ? `${counted(check.errors, "error")} to mend first.` : "";
}

/** What waits: for approval, for its time, for this person to look. */
export function bands(page, acts) {
  return draw("div", { key: "bands", class: "bands" },
    waiting(page, acts),
    ...(page.scheduled ?? []).map((one) => draw("p", { key: `at-${one.version}`, class: "band" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◷" }), draw("span", {}, draw("strong", { text: `v${one.version} goes live ${moment(one.publish_at)}` }), `, proposed by ${one.author}, approved by ${one.approver}`), page.me.may.approve && button("Call it off", () => acts.openCancel(one.version), { tone: "small" }))),
    page.other && draw("p", { key: "other", class: "band band-held" }, draw("strong", { text: `${page.other.draft.saved_by ?? "Somebody"} has saved a newer draft, ${moment(page.other.draft.saved_at)}.` }), button("Show it", acts.takeOther, { tone: "small" })),
    draw("div", { key: "problems", class: "editor-problems" }, ...page.problems.map((one) => problem(one, acts))));
}

function problem({ id, what, to_do: toDo, sign_in: signIn }, acts) {
  return draw("div", { key: id, class: "problem", role: "alert" },
    draw("div", {}, draw("p", {}, draw("strong", { text: what })), toDo && draw("p", { text: toDo })),
    signIn ? draw("a", { class: "button primary", href: "/login", target: "_blank", rel: "opener", text: "Sign in again" }) : button("Read", () => acts.read(id)));
}

function waiting(page, acts) {
  const { draft } = page;
  if (draft.state !== "proposed") return null;
  const why = whyNotApprove(page);
  return draw("section", { key: "waiting", class: "band band-waiting", "aria-label": "Waiting for approval" },
    draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }),
    draw("p", {}, draw("strong", { text: "Waiting for approval. " }), `${draft.proposed_by} proposed this${draft.proposed_at ? ` ${moment(draft.proposed_at)}` : ""}`, draft.publish_at ? `, to go live ${moment(draft.publish_at)}: ` : ": ", draw("q", { text: draft.reason ?? "" })),
    why && draw("p", { class: "quiet", id: "why-not-approve", text: why }),
    !why && button("Approve", acts.openApprove, { tone: "primary" }),
    !why && button("Decline", acts.openDecline),
    page.me.may.propose && button("Withdraw", acts.withdraw));
}

/** Why this person cannot approve, "" when they can. */
export function whyNotApprove({ me, draft }) {
  if (!me.may.approve) return "A supervisor approves it.";
  return draft.proposed_by === me.name || draft.proposed_by_id === me.staff_id ? "You proposed it, so somebody else approves it." : "";
}
