"""Lint of keys: how many, in which order, said how (L01, L03, L04, L05, L08, L17).

Reads the compiled graph and its wording; the proofs of what keys do stand in `menu_proof`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from ivr.rules.folding import holds
from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding, Severity
from ivr.rules.menu_links import links, options_of
from ivr.rules.menu_lint_texts import REPROMPTS, NamedKey, Said, named_keys, said, said_by
from ivr.rules.menu_nodes import (
    AskIntentNode,
    CallBackNode,
    ConfirmNode,
    Does,
    Graph,
    HumanLineNode,
    LanguageNode,
    LineNode,
    Node,
    Option,
    Passing,
    Prompting,
    StatusNode,
)
from ivr.rules.spoken_words import wants_person, wants_repeat
from models.states import EmergencyLevel, Language

MOST_CHOICES = 7
MANY_CHOICES = 4
LEAST_CALLERS = 30
"""Callers of a menu in 30 days; below it counts say nothing about the order of its keys."""
_CLEARLY_MORE = 1.5
_COMMON = frozenset("09*#")
_MEANINGS = {
    ("9", Language.EN): r"emergenc|danger|911|9-1-1|hurt|fire|life",
    ("9", Language.ES): r"emergencia|peligro|911|9-1-1|herid|incendio|vida",
    ("0", Language.EN): r"person|some(?:one|body)|operator|agent|human|people|staff|representative",
    ("0", Language.ES): r"persona|alguien|operador|agente|representante|atiend|decírselo",
    ("*", Language.EN): r"back|again|repeat|return|before|previous|danger|change|hear",
    ("*", Language.ES): r"atrás|volver|vuelva|regres|repet|repita|otra vez|anterior|peligro|"
    r"cambi|escuch|oír",
    ("#", Language.EN): r"done|end|finish|enter|ready|last|number|after|then",
    ("#", Language.ES): r"termin|listo|lista|fin|último|número|después|luego|al acabar",
}
_MEANING_WORDS = {
    "9": "911 (say: emergency)",
    "0": "a person (say: a person)",
    "*": "back, or again (say: to go back)",
    "#": "the end of an entry (say: when you are done)",
}


def lint(graph: Graph, city: CityFacts) -> Iterator[Finding]:
    """Find everything about keys."""
    for text in said(graph):
        if not text.node:
            yield from of_wording(text)
    for node_id, node in graph.nodes.items():
        offered = keys_of(node)
        if isinstance(node, LanguageNode) or options_of(node):
            yield from _counted(node_id, offered)
        yield from _ascending(node_id, offered)
        yield from _spoken(node_id, node, offered)
        yield from _twins(graph, node_id, node, city)
        yield from _most_used_first(node_id, node, city)


def keys_of(node: Node) -> tuple[str, ...]:
    """Keys 1 to 8 that mean something at a node, in the order of its options."""
    if isinstance(node, LanguageNode):
        return tuple(option.key for option in node.options)
    if isinstance(node, ConfirmNode):
        return ("1", "2")
    return tuple(option.key for option in options_of(node))


def _counted(node_id: str, offered: tuple[str, ...]) -> Iterator[Finding]:
    """L01: broad menus are found faster than deep ones, up to what an ear holds."""
    if len(offered) <= MANY_CHOICES:
        return
    severity = Severity.ERROR if len(offered) > MOST_CHOICES else Severity.WARNING
    yield Finding(
        "L01",
        severity,
        node_id,
        None,
        f"offers {len(offered)} choices; more than {MANY_CHOICES} are hard to hold in the ear",
        "keep the four that most callers want, and ask in words for the rest"
        if severity is Severity.WARNING
        else f"offer at most {MOST_CHOICES}; put the others behind a question in words",
    )


def _ascending(node_id: str, offered: tuple[str, ...]) -> Iterator[Finding]:
    """L04: keys go up from 1 without a gap."""
    if offered and list(offered) != [str(n) for n in range(1, len(offered) + 1)]:
        yield Finding(
            "L04",
            Severity.ERROR,
            node_id,
            None,
            f"its keys go {', '.join(offered)}",
            "number the options 1, 2, 3 ... in the order in which they are spoken",
        )


def _spoken(node_id: str, node: Node, offered: tuple[str, ...]) -> Iterator[Finding]:
    for text in said_by(node_id, node):
        yield from of_wording(text)
        keys = named_keys(text.words.text, text.language)
        if isinstance(node, Prompting):
            yield from _existing(text, keys, offered)
            yield from _in_order(text, keys)
    if isinstance(node, Prompting):
        yield from _all_said(node_id, node, offered)


def of_wording(text: Said) -> Iterator[Finding]:
    """What one text says of keys; for menus and announcements alike."""
    keys = named_keys(text.words.text, text.language)
    yield from _goal_first(text, keys)
    yield from _same_everywhere(text, keys)


def _goal_first(text: Said, keys: tuple[NamedKey, ...]) -> Iterator[Finding]:
    """L03: nobody keeps a key in mind before knowing what it is for."""
    wanted = "For X, press N" if text.language is Language.EN else "Para X, oprima N"
    for named in keys:
        if not named.goal:
            yield Finding(
                "L03",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: names key {named.key} before its goal: “{named.clause}”",
                f"say the goal first: “{wanted}”",
            )


def _same_everywhere(text: Said, keys: tuple[NamedKey, ...]) -> Iterator[Finding]:
    """L08: 9, 0, * and # never mean anything of a menu's own."""
    for named in keys:
        meaning = _MEANINGS.get((named.key, text.language))
        if meaning and not re.search(meaning, f"{named.goal} {named.after}", re.IGNORECASE):
            yield Finding(
                "L08",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: gives key {named.key} another meaning: “{named.clause}”",
                f"key {named.key} is {_MEANING_WORDS[named.key]} at every prompt; "
                "use a key from 1 to 8",
            )


def _existing(
    text: Said, keys: tuple[NamedKey, ...], offered: tuple[str, ...]
) -> Iterator[Finding]:
    """L04: a key that is named does something, and one thing."""
    goals: dict[str, str] = {}
    for named in keys:
        if named.key in _COMMON:
            continue
        if named.key not in offered:
            yield Finding(
                "L04",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: names key {named.key}, but nothing is on it",
                f"add an option with key {named.key}, or take it out of the words",
            )
        elif goals.setdefault(named.key, named.goal.casefold()) != named.goal.casefold():
            yield Finding(
                "L04",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: gives key {named.key} two goals",
                "give each goal a key of its own",
            )


def _in_order(text: Said, keys: tuple[NamedKey, ...]) -> Iterator[Finding]:
    """L04: spoken in the order of the keys."""
    order = [named.key for named in keys if named.key not in _COMMON]
    if order != sorted(order):
        yield Finding(
            "L04",
            Severity.ERROR,
            text.node,
            text.language.value,
            f"{text.part}: names the keys in the order {', '.join(order)}",
            "say them in rising order",
        )


def _all_said(node_id: str, node: Node, offered: tuple[str, ...]) -> Iterator[Finding]:
    """L03: a key that nobody says is found by nobody; the text and the prompt count together."""
    for language in Language:
        spoken = {
            named.key
            for text in said_by(node_id, node)
            if text.language is language and text.part not in REPROMPTS
            for named in named_keys(text.words.text, language)
        }
        for key in offered:
            if key not in spoken:
                yield Finding(
                    "L03",
                    Severity.ERROR,
                    node_id,
                    language.value,
                    f"prompt: never says key {key}",
                    "say it after its goal, or take the option out",
                )


def _most_used_first(node_id: str, node: Node, city: CityFacts) -> Iterator[Finding]:
    """L05: by the counts of the last 30 days, where there are enough."""
    used = city.usage.get(node_id, {})
    options = options_of(node)
    if sum(used.values()) < LEAST_CALLERS or isinstance(node, CallBackNode | StatusNode):
        return
    for one, after in pairwise(options):
        fewer, more = used.get(one.key, 0), used.get(after.key, 0)
        if more > _CLEARLY_MORE * max(fewer, 1):
            yield Finding(
                "L05",
                Severity.WARNING,
                node_id,
                None,
                f"key {after.key} was chosen {more} times in 30 days, key {one.key} before it "
                f"{fewer} times",
                "put what most callers want first",
            )


def _twins(graph: Graph, node_id: str, node: Node, city: CityFacts) -> Iterator[Finding]:
    """L17: the spoken twin of a key is heard as that key and nothing else."""
    options = options_of(node)
    for option in options:
        for word in dict.fromkeys(option.words):
            why = _misheard(graph, node, option, word, options, city)
            if why:
                yield Finding(
                    "L17",
                    Severity.ERROR,
                    node_id,
                    None,
                    f"key {option.key}: saying “{word}” {why}",
                    "give each option words that mean it alone",
                )


def _misheard(
    graph: Graph,
    node: Node,
    option: Option,
    word: str,
    options: tuple[Option, ...],
    city: CityFacts,
) -> str:
    """What a spoken word does instead of choosing its option; "" when it chooses it."""
    danger = city.danger
    if danger and any(danger(word, lang) is not EmergencyLevel.NONE for lang in Language):
        return "is read as a sign of danger"
    if wants_repeat(word) and option.does is not Does.REPEAT:
        return "says the prompt again"
    if wants_person(word) and not _leads_to_person(graph, option.next):
        return "leads to a person"
    others = [other for other in options if other is not option]
    if isinstance(node, AskIntentNode) and len(word.split()) > 1:
        return ""
    if any(holds(word, twin) for other in others for twin in other.words):
        return "means another option too, and so neither"
    return ""


def _leads_to_person(graph: Graph, node_id: str) -> bool:
    """Say whether a person is next, however many silent nodes lie between."""
    waiting, seen = [node_id], set[str]()
    while waiting:
        name = waiting.pop()
        node = graph.nodes.get(name)
        if name in seen or node is None:
            continue
        seen.add(name)
        if isinstance(node, LineNode | HumanLineNode):
            return True
        if isinstance(node, Passing):
            waiting += [to for _, to in links(node)]
    return False
