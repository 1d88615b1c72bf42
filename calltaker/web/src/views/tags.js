// The tags of a contact: each can be taken away; the field adds the first of the city's tags that fits, or proposes the word.
import { draw } from "../desk/in_place.js";
import { kbd } from "./words.js";

/** The city's tags that a contact does not have yet. */
export const freeTags = (card, shown) => (card?.tags ?? []).filter(({ title }) => !shown.tags?.some((one) => one.title === title));

/** The tags that fit what is typed: the very title, then one that begins so, then one with a word that does. */
export function matching(tags, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  if (!wanted) return [];
  const fits = (title) => (title === wanted ? 0 : title.startsWith(wanted) ? 1 : title.split(" ").some((word) => word.startsWith(wanted)) ? 2 : 3);
  return tags.map((one) => [fits(one.title.toLocaleLowerCase()), one]).filter(([rank]) => rank < 3).sort(([one], [other]) => one - other).map(([, one]) => one);
}

/** @param {import("../desk/desk_state.js").Page} page @param {{call_id: string, tags: {tag_id: string, title: string, is_proposal: boolean}[]}} shown */
export function tags(page, shown, acts) {
  const put = shown.tags ?? [];
  const typed = page.tag_typed ?? "";
  const free = freeTags(page.card, shown);
  const [first, ...others] = matching(free, typed);
  const will = !typed.trim() ? "" : first ? `Enter adds “${first.title}”.${others.length ? ` Also: ${others.slice(0, 3).map(({ title }) => title).join(", ")}.` : ""}` : `Enter proposes “${typed.trim()}”: it stays with this contact.`;
  return draw("section", { key: `tags-${shown.call_id}`, class: "tags", "aria-label": "Tags" },
    put.length > 0 && draw("ul", { key: "put", class: "tags-put", "aria-label": "Tags of this contact" }, ...put.map((one) => draw("li", { key: one.tag_id }, tag(one, acts)))),
    draw("form", { key: "add", class: "kept-row", on: { submit: acts.addTag } },
      draw("label", { class: "visually-hidden", for: "tag-field", text: "Add a tag" }),
      draw("input", { key: "field", id: "tag-field", autocomplete: "off", maxlength: "30", placeholder: "Tag (Alt+A)", list: "tag-list", "aria-describedby": "tag-will", "aria-keyshortcuts": "Alt+A", on: { input: (event) => acts.typeTag(event.target.value) } }),
      draw("datalist", { key: "list", id: "tag-list" }, ...free.map(({ tag: key, title }) => draw("option", { key, value: title }))),
      draw("button", { key: "submit", type: "submit", text: "Add" }),
      page.follow_up ? null : draw("button", { key: "open", id: "follow-up-open", type: "button", "aria-keyshortcuts": "Alt+U", on: { click: acts.openFollowUp } }, "Follow up ", kbd("Alt+U"))),
    draw("p", { key: "will", id: "tag-will", class: `kept-hint${will ? "" : " visually-hidden"}`, role: "status", text: will }));
}

const hidden = (words) => draw("span", { class: "visually-hidden", text: words });

/** A tag that is on the contact; a proposal is told apart by a word, not by its colour. */
function tag(one, acts) {
  return draw("button", { type: "button", class: "tag-put", on: { click: () => acts.removeTag(one) } }, hidden("Take the tag "), one.title, one.is_proposal && draw("span", { class: "quiet", text: " proposed" }), hidden(" away"), draw("span", { "aria-hidden": "true", class: "mark", text: "✕" }));
}
