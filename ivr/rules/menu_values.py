"""Reading a document that nobody vouches for: plain values, and the mistakes in them.

Every reader returns a value of the right kind whatever it is given, and notes what was wrong with
its place. Values are shown cut and never through `repr` of a structure: a document may be deep
enough to break it. Knows no menu.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from ivr.errors import Mistake
from models.states import Language

LANGUAGES = tuple(Language)
MOST_MISTAKES = 200
"""Mistakes that are listed; more help nobody."""
MOST_CHARACTERS = 1_000_000
"""The size of a document, counted over its values; one of 1 MB of YAML is smaller."""
_VALUE_COST = 4
_LONGEST_WORD = 300
_LONGEST_LIST = 100
_LARGEST_NUMBER = 10**15
UNSPEAKABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f<>\u200b-\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control and direction marks, lone surrogates, and the brackets of markup."""
NODE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


class Place(NamedTuple):
    """Where in a document something stands; `part` says it within the node.

    A document makes tens of thousands of them, so it is the value that is made quickest.
    """

    node: str = ""
    menu: str = ""
    part: str = ""
    language: str = ""

    def at(self, part: str) -> "Place":
        """A part of this place."""
        node, menu, before, language = self
        return Place(node, menu, f"{before}, {part}" if before else part, language)

    def spoken_in(self, language: Language) -> "Place":
        """This place in one language."""
        return Place(self.node, self.menu, self.part, language.value)

    def __str__(self) -> str:
        whole = f"menu {self.menu}" if self.menu else ""
        node = f"node {self.node}" if self.node else ""
        named = ", ".join(part for part in (whole, node) if part)
        told = ": ".join(part for part in (named, self.part) if part) or "menu"
        return f"{told} ({self.language})" if self.language else told


def shown(value: object) -> str:
    """A value for a message: short, of one line, and safe for any value."""
    if isinstance(value, str):
        return repr(value[:60])
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        return "a huge number"
    if isinstance(value, int | float | date):
        return str(value)
    return f"a {type(value).__name__}"


def is_too_large(document: object) -> bool:
    """Say whether a document holds more than `MOST_CHARACTERS`; circles and aliases count too."""
    left = MOST_CHARACTERS
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        left -= _VALUE_COST
        if isinstance(value, str):
            left -= len(value)
        elif isinstance(value, dict):
            waiting += value
            waiting += value.values()
        elif isinstance(value, list | tuple | set | bytes):
            waiting += value
        if len(waiting) * _VALUE_COST > left:
            return True
    return left < 0


class Values:
    """Readers of plain values that collect mistakes."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.unlisted = 0

    def wrong(self, where: Place, what: str) -> None:
        """Note a mistake."""
        if len(self.mistakes) >= MOST_MISTAKES:
            self.unlisted += 1
            return
        self.mistakes.append(Mistake(str(where), what, where.node, where.menu, where.language))

    def mapping(self, given: object, where: Place) -> Mapping[Any, Any]:
        """A map; an empty one where there is none."""
        if isinstance(given, Mapping):
            return given
        self.wrong(where, "is missing" if given is None else f"is {shown(given)} and not a map")
        return {}

    def several(self, given: object, where: Place) -> list[Any]:
        """A list of at most 100."""
        if isinstance(given, list) and len(given) <= _LONGEST_LIST:
            return given
        self.wrong(where, "is missing" if given is None else "is not a list of at most 100")
        return []

    def known(self, given: Mapping[Any, Any], names: Iterable[str], where: Place) -> None:
        """Note every key that has no meaning here."""
        for name in given:
            if not isinstance(name, str) or name not in names:
                self.wrong(where, f"{shown(name)} is not known here")

    def word(self, given: object, where: Place, default: str = "") -> str:
        """A short string, not empty unless `default` allows it to be left out."""
        if given is None and default:
            return default
        if not isinstance(given, str) or not given.strip():
            self.wrong(where, "is missing" if given in (None, "") else "is not a word")
            return default
        if len(given) > _LONGEST_WORD or UNSPEAKABLE.search(given):
            self.wrong(where, "is too long, or has characters that cannot be spoken")
            return default
        return given

    def spoken_words(self, given: object, where: Place) -> tuple[str, ...]:
        """A list of words that a caller may say; plain numbers count as words."""
        found = []
        for word in self.several(given, where):
            plain = isinstance(word, int) and not isinstance(word, bool)
            found.append(self.word(shown(word) if plain else word, where))
        return tuple(word for word in found if word)

    def key(self, given: object) -> str:
        """A telephone key as a string; "" for anything that is none."""
        if isinstance(given, int) and not isinstance(given, bool):
            return shown(given)
        return given if isinstance(given, str) else ""

    def number(self, given: object, least: float, most: float, where: Place, why: str) -> float:
        """A number within limits; `least` where it is not."""
        good = isinstance(given, int | float) and not isinstance(given, bool)
        if good and least <= given <= most:  # type: ignore[operator]
            return float(given)  # type: ignore[arg-type]
        self.wrong(where, f"{shown(given)}: {why}")
        return least

    def day(self, given: object, where: Place) -> date | None:
        """A day, as YAML reads it or as 2026-11-26; None for null."""
        if given is None:
            return None
        if isinstance(given, date) and not isinstance(given, datetime):
            return given
        try:
            return date.fromisoformat(given if isinstance(given, str) else "")
        except ValueError:
            self.wrong(where, f"{shown(given)} is not a day like 2026-11-26")
            return None

    def tongue(self, given: object, where: Place) -> Language | None:
        """A language of this line."""
        found = next((one for one in LANGUAGES if one.value == given), None)
        if found is None:
            self.wrong(where, f"{shown(given)} is not a language of this line")
        return found
