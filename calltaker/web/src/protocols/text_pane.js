// The text of the draft with its line numbers, and marks at the lines that findings are about. A plain text field: a screen
// reader, the browser's search and every key work in it as everywhere; Tab leaves it.

const LINE_PX = 20;
const INDENT = 2;

/** One pane, made once and kept where it is drawn. */
export class TextPane {
  #lines = 0;
  #marks = "";
  #wrote; #moved;

  /** @param {{wrote: (text: string) => void, moved: (line: number) => void}} told  Typed; the cursor went to a line. */
  constructor({ wrote, moved }) {
    this.#wrote = wrote;
    this.#moved = moved;
    this.element = made("div", "text-pane");
    this.gutter = made("div", "text-gutter");
    this.gutter.setAttribute("aria-hidden", "true");
    this.numbers = made("div", "text-numbers");
    this.bands = made("div", "text-bands");
    this.bands.setAttribute("aria-hidden", "true");
    this.field = Object.assign(made("textarea", "text-field"), { id: "protocol-text", spellcheck: false, autocomplete: "off", wrap: "off" });
    this.field.setAttribute("aria-label", "The protocol as text (YAML)");
    this.field.setAttribute("aria-describedby", "text-line");
    this.gutter.append(this.numbers);
    this.element.append(this.gutter, this.bands, this.field);
    this.#listen();
  }

  #listen() {
    this.field.addEventListener("input", () => { this.#number(); this.#wrote(this.field.value); });
    this.field.addEventListener("scroll", () => this.#follow());
    this.field.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && this.#indent(event));
    for (const kind of ["keyup", "click", "focus"]) this.field.addEventListener(kind, () => this.#moved(this.line));
  }

  /** The line in which the cursor stands, from 1. */
  get line() {
    return countLines(this.field.value.slice(0, this.field.selectionStart));
  }

  /** Show this text with these findings ({line, severity, message}); the cursor stays near what changed. */
  show(text, findings, isReadOnly) {
    if (this.field.value !== text) this.#replace(text);
    this.field.readOnly = isReadOnly;
    this.#number();
    this.#mark(findings);
  }

  #replace(text) {
    const before = this.field.value;
    const top = this.field.scrollTop;
    this.field.value = text;
    if (!before) return;
    const end = lastDifference(before, text);
    this.field.setSelectionRange(end, end);
    this.field.scrollTop = top;
  }

  /** Put the cursor at the beginning of a line, and the line in sight. */
  goTo(line) {
    const at = this.field.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(at, at);
    this.field.scrollTop = Math.max(0, (line - 1) * LINE_PX - this.field.clientHeight / 3);
    this.#follow();
    this.#moved(line);
  }

  #number() {
    const count = countLines(this.field.value);
    if (count === this.#lines) return;
    this.#lines = count;
    this.numbers.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
  }

  #mark(findings) {
    const marks = findings.filter(({ line }) => line).map(({ line, severity }) => `${line} ${severity}`).join();
    if (marks === this.#marks) return;
    this.#marks = marks;
    const worst = new Map();
    for (const { line, severity } of findings) if (line && worst.get(line) !== "error") worst.set(line, severity);
    this.bands.replaceChildren(...[...worst].map(([line, severity]) => placed(made("div", `text-band text-band-${severity}`), line)));
    this.gutter.replaceChildren(this.numbers, ...[...worst].map(([line, severity]) => placed(Object.assign(made("span", `text-mark text-mark-${severity}`), { textContent: severity === "error" ? "▲" : "◆" }), line)));
    this.#follow();
  }

  #follow() {
    const by = `translateY(${-this.field.scrollTop}px)`;
    for (const one of [...this.gutter.children, ...this.bands.children]) one.style.transform = by;
  }

  /** A new line begins where the one before it does; after "key:" or "- " a step further in. */
  #indent(event) {
    event.preventDefault();
    const before = this.field.value.slice(0, this.field.selectionStart).split("\n").at(-1);
    const [, spaces, dash] = /^( *)(- )?/.exec(before);
    const deeper = /:\s*$/.test(before) ? INDENT : 0;
    // insertText keeps the browser's own undo of this field in step.
    document.execCommand("insertText", false, `\n${spaces}${" ".repeat((dash ? INDENT : 0) + deeper)}`);
  }
}

const made = (tag, name) => Object.assign(document.createElement(tag), { className: name });
const countLines = (text) => text.split("\n").length;

function placed(element, line) {
  element.style.top = `${(line - 1) * LINE_PX}px`;
  return element;
}

/** Where a text stops being different from the one before it: there something was just changed. */
function lastDifference(before, after) {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return after.length - same;
}
