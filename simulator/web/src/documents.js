// Folded away under a phone: what the telephone company asked of the product for this call and what it got back.
import { ask } from "./control.js";
import { make } from "./elements.js";

export class Documents {
  constructor() {
    this.list = make("ol", { class: "documents" });
    this.element = make("details", { class: "paper" }, make("summary", {}, "What Twilio sent and got"), this.list);
    this.element.addEventListener("toggle", () => this.refresh());
    this.callSid = null;
  }

  follow(callSid) {
    this.callSid = callSid;
    this.list.replaceChildren();
    this.refresh();
  }

  /** Read the call's documents again, when somebody is looking. */
  async refresh() {
    if (!this.callSid || !this.element.open) return;
    const { documents = [] } = await ask("GET", `/simulator/calls/${this.callSid}`);
    if (documents.length !== this.list.childElementCount) this.list.replaceChildren(...documents.map(shown));
  }
}

function shown(document) {
  const seconds = typeof document.took_seconds === "number" ? `${document.took_seconds.toFixed(2)} s` : "";
  const line = make("p", { class: "figures" }, `${document.status ?? "no answer"}  ${pathOf(document.url)}  ${seconds}`);
  const failed = document.error ? make("p", { class: "failed" }, document.error) : null;
  const body = document.body ? make("pre", { tabindex: "0", "aria-label": "The answer" }, pretty(document.body)) : null;
  return make("li", {}, line, failed, body);
}

function pathOf(url) {
  try {
    return new URL(url).pathname;
  } catch {
    return url || "";
  }
}

function pretty(body) {
  return body.replace(/></g, ">\n<");
}
