"""Lint of what every prompt must promise: exits that are said, languages, read-backs, notices.

L06 and L07 (that they are said), L15, L16, L17, L18, L19, L24, and what nobody has verified. Reads
the graph and its wording; that the exits work is proven in `menu_proof_checks`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding, Purpose, Severity
from ivr.rules.menu_links import links, options_of
from ivr.rules.menu_lint_texts import REPROMPTS, Said, named_keys
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    AskNode,
    ConfirmNode,
    Graph,
    InformationNode,
    LanguageNode,
    LineNode,
    LocationLinkNode,
    Node,
    Prompting,
    StatusNode,
    TransferNode,
    VoicemailNode,
)
from models.states import Language

LEAST_SECONDS_TO_ANSWER = 10.0
VERIFIED_DAYS = 365
_RECORDED: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(r"\brecord", re.IGNORECASE),
    Language.ES: re.compile(r"\bgrab", re.IGNORECASE),
}
_DECLINE: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(r"\b(?:hang up|without|instead|if you do not|if you don't)\b", re.I),
    Language.ES: re.compile(r"\b(?:cuelg\w+|colgar|sin|en vez|si no)\b", re.IGNORECASE),
}
_SAY_EMERGENCY: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(r"\bsay\b[^.]*\bemergency\b", re.IGNORECASE),
    Language.ES: re.compile(r"\bdiga\b[^.]*\bemergencia\b", re.IGNORECASE),
}
_OWN_NAME = {
    Language.EN: re.compile(r"\benglish\b", re.IGNORECASE),
    Language.ES: re.compile(r"\bespañol\b", re.IGNORECASE),
}
_TELEPHONE = re.compile(r"(?<!\d)(?:\d{3}[-. ])?\d{3}[-. ]\d{4}(?!\d)")
_SPOKEN = AskIntentNode | AskLocationNode | LocationLinkNode | AskNode
_FILED = LineNode | TransferNode | VoicemailNode


def lint(
    texts: list[Said], graph: Graph, city: CityFacts, today: date, purpose: Purpose
) -> Iterator[Finding]:
    """Find everything about what a prompt must say and be."""
    by_node: dict[str, list[Said]] = {}
    for text in texts:
        by_node.setdefault(text.node, []).append(text)
    for node_id, node in graph.nodes.items():
        yield from _of_node(node_id, node, by_node.get(node_id, []))
        yield from _verified(node_id, node, by_node.get(node_id, []), today, purpose)
    yield from _read_back(graph)
    yield from _approved(graph, city, purpose)


def _error(code: str, where: str, language: Language | None, what: str, mend: str) -> Finding:
    told = None if language is None else language.value
    return Finding(code, Severity.ERROR, where, told, what, mend)


def _of_node(node_id: str, node: Node, texts: list[Said]) -> Iterator[Finding]:
    match node:
        case LanguageNode():
            yield from _languages(node_id, node)
            yield from _person_said(texts)
        case VoicemailNode():
            yield from _recording_told(texts)
        case StatusNode():
            yield from _exits_said(texts)
    if isinstance(node, Prompting):
        yield from _person_said(texts)
        yield from _has_key(node_id, node)
        yield from _unhurried(node_id, node)


def _person_said(texts: list[Said]) -> Iterator[Finding]:
    """L07: who has missed twice is told of the person on 0."""
    for text in texts:
        if text.part == REPROMPTS[1] and not _names(text, "0"):
            mend = "add “For a person, press 0.” / “Para una persona, oprima 0.”"
            what = f"{text.part}: does not say that 0 reaches a person"
            yield _error("L07", text.node, text.language, what, mend)


def _names(text: Said, key: str) -> bool:
    return any(named.key == key for named in named_keys(text.words.text, text.language))


def _exits_said(texts: list[Said]) -> Iterator[Finding]:
    """L06: where digits are collected, 9 and 0 alone are exits and the prompt says so."""
    for text in texts:
        missing = [key for key in "90" if not _names(text, key)]
        if text.part == "prompt" and missing:
            what = f"{text.part}: collects digits and does not say what {' and '.join(missing)} do"
            mend = "say that 9 alone is for an emergency and 0 alone for a person"
            yield _error("L06", text.node, text.language, what, mend)


def _recording_told(texts: list[Said]) -> Iterator[Finding]:
    """L24: that it is recorded, and how not to be, before it is."""
    for text in texts:
        if text.part != "text":
            continue
        if not _RECORDED[text.language].search(text.words.text):
            mend = "say that the message is recorded"
            what = "text: does not say that it records"
            yield _error("L24", text.node, text.language, what, mend)
        if not (_names(text, "0") or _DECLINE[text.language].search(text.words.text)):
            mend = "say how to go on without a message: “For a person, press 0.”"
            what = "text: does not say how to decline"
            yield _error("L24", text.node, text.language, what, mend)


def _languages(node_id: str, node: LanguageNode) -> Iterator[Finding]:
    """L16: every language is offered, once, in itself, by a key that is said."""
    offered = [option.language for option in node.options]
    for language in Language:
        if offered.count(language) != 1:
            mend = "offer each language once"
            what = f"offers the language {offered.count(language)} times"
            yield _error("L16", node_id, language, what, mend)
    for option in node.options:
        text = option.text.text
        if not _OWN_NAME[option.language].search(text):
            mend = "“For English, press 1.” / “Para español, oprima 2.”"
            yield _error("L16", node_id, option.language, "is not offered in itself", mend)
        keys = [named.key for named in named_keys(text, option.language)]
        if keys != [option.key]:
            what = f"its offer does not say key {option.key}"
            yield _error("L16", node_id, option.language, what, "say its key, and only that")


def _has_key(node_id: str, node: Node) -> Iterator[Finding]:
    """L17: whoever cannot speak must get on by keys alone."""
    if isinstance(node, _SPOKEN) and not options_of(node):
        what = "can only be answered by speech; its keys lead nowhere but to a person"
        mend = "add an option with a key, such as “If you are not sure, press 1.”"
        yield _error("L17", node_id, None, what, mend)


def _unhurried(node_id: str, node: Prompting) -> Iterator[Finding]:
    """L18: relay and TTY callers need time: the prompt and its repeats wait ten seconds in all."""
    waits = node.prompt.timeout_seconds * (1 + len(node.prompt.reprompts))
    if waits < LEAST_SECONDS_TO_ANSWER:
        what = f"waits {waits:g} s in all"
        yield _error("L18", node_id, None, what, f"wait {LEAST_SECONDS_TO_ANSWER:g} s or more")


# What was verified, and by whom.


def _verified(
    node_id: str, node: Node, texts: list[Said], today: date, purpose: Purpose
) -> Iterator[Finding]:
    """V01: an answer has a source, and somebody held it against that source within a year."""
    if not isinstance(node, InformationNode):
        return
    what = ""
    if not node.source:
        what = "has no source"
    elif node.verified_on is None:
        what = "was never held against its source"
    elif today - node.verified_on > timedelta(days=VERIFIED_DAYS):
        what = f"was last held against its source on {node.verified_on}"
    if what:
        mend = "look it up, and enter `source` and `verified_on`"
        yield Finding("V01", purpose.unverified, node_id, None, what, mend)
    if node.verified_on is None:
        yield from _numbers(texts)


def _numbers(texts: list[Said]) -> Iterator[Finding]:
    """V01: a telephone number that nobody tried is worse than none."""
    for text in texts:
        number = _TELEPHONE.search(text.words.text)
        if number:
            yield Finding(
                "V01",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: speaks the number {number[0]}, which nobody has verified",
                "offer a transfer to a directory entry instead, or verify the answer",
            )


def _approved(graph: Graph, city: CityFacts, purpose: Purpose) -> Iterator[Finding]:
    """L15: every language was read by somebody, and has a voice."""
    for language in graph.languages:
        if language not in graph.reviewed:
            what = "nobody has read and approved the texts in this language"
            mend = "enter who read them and when in `reviewed`"
            yield Finding("L15", purpose.unverified, "", language.value, what, mend)
        if language not in city.voices:
            mend = "give the language a locale and a voice in the city pack"
            yield _error("L15", "", language, "has no locale and voice of its own", mend)


# Reading back.


def _read_back(graph: Graph) -> Iterator[Finding]:
    """L19: a place is read back before anything is done with it, a wish before a transfer."""
    for node_id, node in graph.nodes.items():
        if isinstance(node, AskLocationNode | LocationLinkNode):
            unread = _before(graph, node.next, "place", _FILED)
            if unread:
                what = f"leads to {unread} without reading the place back"
                mend = "lead to a `confirm` of the place first"
                yield _error("L19", node_id, None, what, mend)
        if isinstance(node, AskIntentNode):
            unread = _silently(graph, node.next, TransferNode)
            if unread:
                what = f"a wish that was only heard is transferred to {unread} at once"
                mend = "confirm the wish, or let the caller choose the transfer"
                yield _error("L19", node_id, None, what, mend)
        if isinstance(node, ConfirmNode):
            yield from _confirmed(graph, node_id, node)


def _confirmed(graph: Graph, node_id: str, node: ConfirmNode) -> Iterator[Finding]:
    """L19: what was said to be right is not asked again, and 1 and 2 are said."""
    again = _silently(graph, node.right, ConfirmNode)
    asked = graph.nodes.get(again)
    if isinstance(asked, ConfirmNode) and asked.of == node.of:
        what = f"asks again at {again} for what was just confirmed"
        yield _error("L19", node_id, None, what, "lead on from `right`")


def _before(graph: Graph, start: str, of: str, kinds: type | object) -> str:
    """The first node of `kinds` that is reached without a confirm of `of`; "" for none."""
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop(0)
        node = graph.nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if isinstance(node, ConfirmNode) and node.of == of:
            continue
        if isinstance(node, kinds):  # type: ignore[arg-type]
            return name
        waiting += [to for _, to in links(node)]
    return ""


def _silently(graph: Graph, start: str, kind: type) -> str:
    """The first node of a kind that is reached without another question; "" for none."""
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop(0)
        node = graph.nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if isinstance(node, kind):
            return name
        if not isinstance(node, Prompting | LanguageNode):
            waiting += [to for _, to in links(node)]
    return ""


def says_emergency(text: str, language: Language) -> bool:
    """Say whether a text tells of key 9 and of the word: the longer sentence of L06."""
    by_key = any(named.key == "9" for named in named_keys(text, language))
    return by_key and _SAY_EMERGENCY[language].search(text) is not None


def says_person(text: str, language: Language) -> bool:
    """Say whether a text tells of the person on 0 (L07)."""
    return any(named.key == "0" for named in named_keys(text, language))
