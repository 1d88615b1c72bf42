// The top of the protocol's page: the bar that every kind of document has, and the way to try it; the agency's approval.
import { draw } from "../../desk/in_place.js";
import { button } from "../../publishing/views/buttons.js";
import { bands, versionBar } from "../../publishing/views/version_bar.js";
import { titleOf } from "../page.js";

const LIST = { href: "/protocols", words: "Protocols" };

export function protocolBar(page, acts) {
  const more = [button("Try it", page.call.is_open ? acts.closeTry : acts.openTry, { key: "try", id: "open-try", pressed: page.call.is_open, disabled: !page.me.may.edit })];
  return versionBar(page, acts, { list: LIST, title: titleOf(page), more });
}

/** Whether the public-safety agency has approved the content; the desk shows it too. */
export function contentApproval({ document: { approval: given } }) {
  if (given?.by) return draw("span", { key: "approval", class: "quiet content-approval", text: `Content approved by ${given.by}` });
  return draw("span", { key: "approval", class: "chip tone-possible content-approval" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), "Content approval pending");
}

export const protocolBands = (page, acts) => bands(page, acts);
