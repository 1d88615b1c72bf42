"""Every text of a graph with its place, and what it says about keys.

Reads wording, never meaning: which keys a text names and with which goal before them. Shared by
the lints; judges nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ivr.rules.menu_nodes import (
    AskLocationNode,
    Graph,
    LanguageNode,
    Node,
    Prompting,
    StatusNode,
    Text,
    VoicemailNode,
    Words,
)
from models.states import Language

PROMPT = "prompt"
REPROMPTS = ("reprompt 1", "reprompt 2")
_NUMBER_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "star": "*", "asterisk": "*", "pound": "#",
    "hash": "#", "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5",
    "seis": "6", "siete": "7", "ocho": "8", "nueve": "9", "estrella": "*", "asterisco": "*",
    "gato": "#", "numeral": "#", "almohadilla": "#",
}  # fmt: skip
_KEY = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_PRESS: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(
        rf"\b(?:press|dial|push|hit|touch|enter)\s+(?:(?:the|key|number|digit)\s+)*"
        rf"(?:(\d)(?![\d-]*\d)|({_KEY})\b|([*#]))",
        re.IGNORECASE,
    ),
    Language.ES: re.compile(
        r"\b(?:oprima|presione|marque|pulse|apriete|toque)\s+"
        r"(?:(?:el|la|tecla|signo|número|numero|de)\s+)*"
        rf"(?:(\d)(?![\d-]*\d)|({_KEY})\b|([*#]))",
        re.IGNORECASE,
    ),
}
_BOUNDARY = re.compile(r"[.!?¡¿;](?:\s|$)|[¡¿]")
_CLAUSE_END = re.compile(r"[.!?;](?:\s|$)")
_FILLERS = re.compile(
    r"^(?:[\s,:]|\b(?:please|or|and|also|then|now|just|you can|you may|o|u|y|e|bien|"
    r"por favor|también|tambien|ahora|puede)\b)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a node in one language; `part` says which."""

    node: str
    part: str
    language: Language
    words: Words


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key that a text names: the goal said before it, what follows it, and the option's words.

    `goal` is "" where the key comes first; `clause` is all that is spoken for this key.
    """

    key: str
    goal: str
    after: str
    clause: str


def said(graph: Graph) -> Iterator[Said]:
    """Every spoken text of the graph; the sentences of every menu have the node ""."""
    for name in graph.sentences.__slots__:
        sentence: Text | None = getattr(graph.sentences, name)
        if sentence is not None:
            yield from _said("", f"sentence {name}", sentence)
    for node_id, node in graph.nodes.items():
        yield from said_by(node_id, node)


def said_by(node_id: str, node: Node) -> Iterator[Said]:
    """Every spoken text of one node."""
    if isinstance(node, LanguageNode):
        yield from (Said(node_id, "greeting", lang, words) for lang, words in node.greeting)
        yield from (Said(node_id, f"key {one.key}", one.language, one.text) for one in node.options)
        for part, text in zip(REPROMPTS, node.reprompts, strict=True):
            yield from _said(node_id, part, text)
        return
    own: Text | None = getattr(node, "text", None)
    if own is not None:
        yield from _said(node_id, "text", own)
    if isinstance(node, Prompting):
        yield from _said(node_id, PROMPT, node.prompt.text)
        for part, again in zip(REPROMPTS, node.prompt.reprompts, strict=True):
            yield from _said(node_id, part, again)
    if isinstance(node, AskLocationNode):
        yield from _said(node_id, "change", node.change)
    if isinstance(node, StatusNode):
        yield from _said(node_id, "found", node.found)
        yield from _said(node_id, "not found", node.not_found)
    if isinstance(node, VoicemailNode):
        yield from _said(node_id, "thanks", node.thanks)


def _said(node_id: str, part: str, text: Text) -> Iterator[Said]:
    return (Said(node_id, part, language, words) for language, words in text.items())


@lru_cache(maxsize=20_000)
def named_keys(text: str, language: Language) -> tuple[NamedKey, ...]:
    """The keys that a text names, in the order in which they are spoken."""
    found = []
    begins = 0
    for match in _PRESS[language].finditer(text):
        goal_at = _last_boundary(text, begins, match.start())
        ends = _next_boundary(text, match.end())
        key = match[1] or match[3] or _NUMBER_WORDS[match[2].lower()]
        goal = _FILLERS.sub("", text[goal_at : match.start()]).strip(" ,:")
        clause = text[goal_at:ends].strip()
        found.append(NamedKey(key, goal, text[match.end() : ends].strip(" ,:"), clause))
        begins = match.end()
    return tuple(found)


def _last_boundary(text: str, begins: int, ends: int) -> int:
    """Where the clause before a key begins: after the last mark, or after the key before."""
    at = begins
    for mark in _BOUNDARY.finditer(text, begins, ends):
        at = mark.end()
    return at


def _next_boundary(text: str, at: int) -> int:
    mark = _CLAUSE_END.search(text, at)
    return mark.start() if mark else len(text)
