"""What a new version of a protocol changes, in plain sentences and in the document's order.

Compared by ids: what kept its id has changed, what lost it is gone, except that
a question that kept all but its id was renamed. The order of rules,
determinants and tests means nothing and is not told. Knows no document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from protocols.conditions import Condition
from protocols.plain_conditions import condition_in_words, in_a_row
from protocols.script import (
    Approval,
    AuthorTest,
    Destination,
    Determinant,
    Option,
    Protocol,
    Question,
    Rule,
    Text,
)
from protocols.wording import answer_text


@dataclass(frozen=True, slots=True)
class Sentence:
    """One difference.

    `where` names the item ("question smell_place", "protocol"), `kind` is `added`,
    `removed`, `moved`, `renamed` or `changed`; `text` is the whole sentence.
    """

    where: str
    kind: str
    text: str


Said = Iterable[Sentence]


def differences(old: Protocol, new: Protocol) -> tuple[Sentence, ...]:
    """Say in plain sentences what the new version changes; nothing is empty where all is equal."""
    return tuple(
        chain(
            _head(old, new),
            _questions(old, new),
            _rules(old, new),
            _determinants(old, new),
            _tests(old, new),
            _jumps(old, new),
            _exceptions(old, new),
        )
    )


def _head(old: Protocol, new: Protocol) -> Said:
    where = "protocol"
    yield from _value(where, "id", old.id, new.id)
    yield from _text(where, "title", old.title, new.title)
    yield from _value(where, "version note", _quoted(old.version_note), _quoted(new.version_note))
    yield from _value(where, "approval", _approval(old.approval), _approval(new.approval))
    for source in new.sources:
        if source not in old.sources:
            yield Sentence(where, "added", _stop(f"A source is new: {_quoted(source)}"))
    for source in old.sources:
        if source not in new.sources:
            yield Sentence(where, "removed", _stop(f"A source is gone: {_quoted(source)}"))
    yield from _value(where, "determinant where no rule holds", old.otherwise, new.otherwise)


def _questions(old: Protocol, new: Protocol) -> Said:
    renamed = dict(_renamed(old, new))
    for was, now in renamed.items():
        yield Sentence(f"question {now}", "renamed", f"Question {was} is now called {now}.")
    ids = [renamed.get(question.id, question.id) for question in old.questions]
    before = dict(zip(ids, old.questions, strict=True))
    yield from _gone("question", before, new.question_by_id)
    for place, question in enumerate(new.questions):
        if question.id in before:
            yield from _question(before[question.id], question)
        else:
            yield _new_question(question, new.questions[place - 1].id if place else None)
    yield from _moved(ids, [question.id for question in new.questions])


def _renamed(old: Protocol, new: Protocol) -> Iterable[tuple[str, str]]:
    """Pair the questions that differ by their id alone, each once."""
    fresh = [q for q in new.questions if q.id not in old.question_by_id]
    for question in old.questions:
        if question.id in new.question_by_id:
            continue
        same = next((q for q in fresh if _meaning(q) == _meaning(question)), None)
        if same is not None:
            fresh.remove(same)
            yield question.id, same.id


def _meaning(question: Question) -> tuple[object, ...]:
    return (question.kind, question.text, question.options, question.safety)


def _new_question(question: Question, after: str | None) -> Sentence:
    place = f"after {after}" if after else "in the first place"
    text = f"Question {question.id} is new, {place}: {_quoted(question.text.en)}"
    return Sentence(f"question {question.id}", "added", _stop(text))


def _question(old: Question, new: Question) -> Said:
    where = f"question {new.id}"
    yield from _value(where, "kind", old.kind.value, new.kind.value)
    yield from _text(where, "text", old.text, new.text)
    yield from _text(where, "note", old.note, new.note)
    if old.safety != new.safety:
        now = "now" if new.safety else "no longer"
        yield Sentence(where, "changed", f"{_capital(where)}: it is {now} a safety question.")
    yield from _options(where, old, new)
    for what in ("least", "most", "worse"):
        yield from _value(where, what, _plain(getattr(old, what)), _plain(getattr(new, what)))
    yield from _text(where, "unit", old.unit, new.unit)
    if old.ask_if != new.ask_if:
        was, now = _asked_if(old.ask_if), _asked_if(new.ask_if)
        yield from _value(where, "condition for asking", was, now, certainly=True)


def _options(where: str, old: Question, new: Question) -> Said:
    before, now = {o.id: o for o in old.options}, {o.id: o for o in new.options}
    for name, option in now.items():
        if name not in before:
            text = f"{_capital(where)}: option {name} is new: {_quoted(option.text.en)}."
            yield Sentence(where, "added", text + (" It means danger." if option.danger else ""))
        else:
            yield from _option(where, before[name], option)
    for name in before:
        if name not in now:
            yield Sentence(where, "removed", f"{_capital(where)}: option {name} is gone.")
    kept, order = [n for n in before if n in now], [n for n in now if n in before]
    if kept != order:
        text = f"{_capital(where)}: the options come in the order {in_a_row(order, 'and')}."
        yield Sentence(where, "moved", text)


def _option(where: str, old: Option, new: Option) -> Said:
    yield from _text(where, "text", old.text, new.text, f"of option {new.id}")
    if old.danger != new.danger:
        now = "now means danger" if new.danger else "no longer means danger"
        yield Sentence(where, "changed", f"{_capital(where)}: option {new.id} {now}.")


def _moved(old: Sequence[str], new: Sequence[str]) -> Said:
    kept, order = [name for name in old if name in new], [name for name in new if name in old]
    matcher = SequenceMatcher(a=kept, b=order, autojunk=False)
    in_place = {kept[m.a + step] for m in matcher.get_matching_blocks() for step in range(m.size)}
    for place, name in enumerate(order):
        if name not in in_place:
            after = f"after {order[place - 1]}" if place else "first"
            text = f"Question {name} has moved; it now comes {after}."
            yield Sentence(f"question {name}", "moved", text)


def _rules(old: Protocol, new: Protocol) -> Said:
    before = {rule.id: rule for rule in old.rules}
    yield from _gone("rule", before, {rule.id: rule for rule in new.rules})
    for rule in new.rules:
        if rule.id in before:
            yield from _rule(before[rule.id], rule)
        else:
            when = condition_in_words(rule.when)
            text = f"Rule {rule.id} is new: if {when}, then {rule.determinant}."
            yield Sentence(f"rule {rule.id}", "added", text)


def _rule(old: Rule, new: Rule) -> Said:
    where = f"rule {new.id}"
    if old.when != new.when:
        yield from _value(
            where, "condition", _condition(old.when), _condition(new.when), certainly=True
        )
    yield from _value(where, "determinant", old.determinant, new.determinant)


def _determinants(old: Protocol, new: Protocol) -> Said:
    before = old.determinant_by_id
    yield from _gone("determinant", before, new.determinant_by_id)
    for determinant in new.determinants:
        if determinant.id in before:
            yield from _determinant(before[determinant.id], determinant)
        else:
            title = _quoted(determinant.title.en)
            to = f"{determinant.level.value}, to {_destination(determinant.destination)}"
            text = f"Determinant {determinant.id} is new: {title}, {to}."
            yield Sentence(f"determinant {determinant.id}", "added", text)


def _determinant(old: Determinant, new: Determinant) -> Said:
    where = f"determinant {new.id}"
    yield from _value(where, "level", old.level.value, new.level.value)
    yield from _value(where, "priority", str(old.priority), str(new.priority))
    yield from _text(where, "title", old.title, new.title)
    was, now = _destination(old.destination), _destination(new.destination)
    yield from _value(where, "destination", was, now)
    yield from _value(where, "common code", old.common_code, new.common_code)
    yield from _value(where, "request code", old.request_code or "", new.request_code or "")
    yield from _text(where, "script", old.script, new.script)
    yield from _text(where, "advice", old.advice, new.advice)


def _tests(old: Protocol, new: Protocol) -> Said:
    before = {test.id: test for test in old.tests}
    yield from _gone("test", before, {test.id: test for test in new.tests})
    for test in new.tests:
        where = f"test {test.id}"
        if test.id not in before:
            text = f"Test {test.id} is new: {_answers(new, test)} gives {test.determinant}."
            yield Sentence(where, "added", text)
            continue
        was, now = _answers(old, before[test.id]), _answers(new, test)
        if dict(before[test.id].answers) != dict(test.answers):
            yield from _value(where, "answers", was, now, certainly=True)
        yield from _value(where, "determinant", before[test.id].determinant, test.determinant)


def _jumps(old: Protocol, new: Protocol) -> Said:
    before, now = {jump.to: jump for jump in old.jumps}, {jump.to: jump for jump in new.jumps}
    yield from _gone("jump", before, now)
    for name, jump in now.items():
        if name in before:
            yield from _text(f"jump {name}", "title", before[name].title, jump.title)
        else:
            text = f"Jump {name} is new: {_quoted(jump.title.en)}."
            yield Sentence(f"jump {name}", "added", text)


def _exceptions(old: Protocol, new: Protocol) -> Said:
    before, now = (
        {e.rule: e.reason for e in old.exceptions},
        {e.rule: e.reason for e in new.exceptions},
    )
    for rule in sorted({*before, *now}):
        was, reason = _quoted(before.get(rule, "")), _quoted(now.get(rule, ""))
        yield from _value(f"exception {rule}", "reason", was, reason)


def _gone(what: str, before: Mapping[str, object], now: Mapping[str, object]) -> Said:
    for name in before:
        if name not in now:
            yield Sentence(f"{what} {name}", "removed", f"{_capital(what)} {name} is gone.")


def _text(where: str, what: str, old: Text | None, new: Text | None, of: str = "") -> Said:
    for language, name in (("en", "English"), ("es", "Spanish")):
        was, now = (_quoted(text[language]) if text else "" for text in (old, new))
        yield from _value(where, f"{name} {what}{of and f' {of}'}", was, now)


def _value(where: str, what: str, old: str, new: str, *, certainly: bool = False) -> Said:
    """Say that one thing changed; an empty one was not there, or no longer is."""
    if old == new and not certainly:
        return
    if old and new:
        said = f"the {what} changed from {old} to {new}"
    else:
        said = f"the {what} is new: {new}" if new else f"the {what} is gone; it was {old}"
    yield Sentence(where, "changed", _stop(f"{_capital(where)}: {said}"))


def _stop(said: str) -> str:
    """End a sentence, unless it ends with a quoted one."""
    return said if said.endswith((".”", "?”", "!”")) else f"{said}."


def _quoted(text: str) -> str:
    return f"“{text}”" if text else ""


def _plain(value: float | str | None) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, int | float) else value


def _condition(condition: Condition) -> str:
    return f"“{condition_in_words(condition)}”"


def _asked_if(condition: Condition | None) -> str:
    return _condition(condition) if condition else "“always”"


def _approval(approval: Approval) -> str:
    return "pending" if approval.pending else f"{approval.by} on {approval.on}"


def _destination(destination: Destination) -> str:
    return f"{destination.kind.value} {destination.key}"


def _answers(protocol: Protocol, test: AuthorTest) -> str:
    given = [
        f"{name} = {answer_text(protocol.question_by_id[name], answer, 'en')}"
        for name, answer in test.answers
    ]
    return in_a_row(given, "and") if given else "no answer"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
