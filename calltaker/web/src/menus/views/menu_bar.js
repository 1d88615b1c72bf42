// The top of the menu's page: the bar that every kind of document has, and how a draft is heard.
import { button } from "../../publishing/views/buttons.js";
import { versionBar } from "../../publishing/views/version_bar.js";

const LIST = { href: "/menus", words: "Menus" };

export function menuBar(page, acts) {
  const more = [
    button("Call the draft", acts.callDraft, { key: "trial" }),
    button("Try it", page.call.is_open ? acts.closeTry : acts.openTry, { key: "try", pressed: page.call.is_open }),
  ];
  return versionBar(page, acts, { list: LIST, title: page.key, more });
}
