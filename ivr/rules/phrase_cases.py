"""The built-in cases that phrases are held against: sentences that a city pack ships, and what they are.

A sentence of danger requires what it is read as without any phrase; an ordinary one requires
nothing, and is counted when a phrase alarms it. The words of every sign stand as cases too: what a
sign says by itself no phrase may hide. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.emergency import clauses
from ivr.rules.folding import fold
from ivr.rules.word_patterns import GAP
from models.states import Language


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence: where it stands, whether it is danger, and its folded words clause by clause."""

    name: str
    text: str
    is_danger: bool
    clauses: tuple[tuple[str, ...], ...]


def case(name: str, text: str, *, is_danger: bool) -> Case:
    """A case of its text."""
    return Case(name, text, is_danger, tuple(tuple(words) for words in clauses(text)))


def sentence_cases(document: object, *, is_danger: bool) -> Iterator[Case]:
    """The cases of a document of example sentences.

    Raises:
        CityPackError: it is not one.
    """
    kind = "danger" if is_danger else "ordinary"
    for topic in _rows(document, "topics"):
        for language in Language:
            for text in filter(None, map(str.strip, str(topic.get(language, "")).splitlines())):
                yield case(f"{kind}, {topic.get('about')}", text, is_danger=is_danger)


def sign_cases(document: object) -> Iterator[Case]:
    """The words of every sign of danger, each choice once, and the short cries for help.

    Raises:
        CityPackError: it is no document of signs.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    classes = {name: words.split() for name, words in dict(given.get("classes") or {}).items()}
    for row in _rows(document, "signs"):
        for pattern in row.get("words", ()):
            for text in spelt(str(pattern), classes):
                yield case(f"sign, {row.get('reason')}", text, is_danger=True)
    for cry in str(given.get("alone", "")).split(";"):
        yield case("cry for help", cry.strip(), is_danger=True)


def spelt(pattern: str, classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What a pattern stands for as somebody could say it: every choice of a place once."""
    places = [list(_choices(part, classes)) for part in pattern.split() if part != GAP]
    usual = [choices[0] for choices in places]
    yield " ".join(usual)
    for at, choices in enumerate(places):
        for other in choices[1:]:
            yield " ".join([*usual[:at], other, *usual[at + 1 :]])


def _choices(part: str, classes: Mapping[str, Sequence[str]]) -> Iterable[str]:
    for choice in part.split("/"):
        if choice.startswith("@"):
            yield from classes[choice[1:]][:1]
        else:
            yield fold(choice)


def _rows(document: object, name: str) -> list[Mapping[str, Any]]:
    rows = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise CityPackError([f"built-in cases: {name} is not a list of maps"])
    return rows
