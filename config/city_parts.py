"""Parts of a city pack that the telephone's door is handed: sentences, voices, destinations.

Each reader names every mistake of its part. Knows no file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.errors import CityPackError
from ivr.runtime import AtTheDesk, Destination, HumanLine, Voice
from models.states import Language

_NAMES = re.compile(r"\{(\w+)\}")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
SHORTEST_RING_SECONDS = 10
"""Twilio's REST interface rings at least so long."""
LONGEST_KEY = 40
_SHIFT = {
    "after_call_seconds": range(10, 1801),
    "more_minutes": range(21),
    "hold_warning_seconds": range(5, 61),
    "ring_seconds": range(10, 41),
    "rings_an_hour": range(1, 101),
}
"""What may stand for each figure of `at_the_desk`."""


@dataclass(frozen=True, slots=True)
class SentenceBook:
    """Every spoken sentence outside menus and protocols, by key and language."""

    sentences: Mapping[str, Mapping[Language, str]]

    def say(self, key: str, language: Language, **names: str) -> str:
        """The sentence with its names filled in; what is filled in is never read as a name.

        Raises:
            KeyError: there is no such sentence.
        """
        text = self.sentences[key][language]
        return _NAMES.sub(lambda found: str(names.get(found[1], found[0])), text)


def sentences_of(document: object) -> SentenceBook:
    """Read the sentences: each in every language, with the same names.

    Raises:
        CityPackError: lists every mistake.
    """
    if not isinstance(document, Mapping):
        raise CityPackError(["there is no map of sentences"])
    mistakes: list[str] = []
    book = {str(key): _sentence(str(key), texts, mistakes) for key, texts in document.items()}
    if mistakes:
        raise CityPackError(mistakes)
    return SentenceBook(book)


def _sentence(key: str, texts: object, mistakes: list[str]) -> dict[Language, str]:
    given = texts if isinstance(texts, Mapping) else {}
    found = {
        language: " ".join(text.split())
        for language in Language
        if isinstance(text := given.get(language.value), str) and text.strip()
    }
    mistakes.extend(f"{key}: no sentence in {lang}" for lang in Language if lang not in found)
    if len({frozenset(_NAMES.findall(text)) for text in found.values()}) > 1:
        mistakes.append(f"{key}: the languages use different names")
    return found


def voices_of(given: Mapping[str, Any], faults: list[str]) -> dict[Language, Voice]:
    """Locale and voice of every language."""
    voices = {}
    for language in Language:
        row = given.get(language.value)
        if isinstance(row, Mapping) and row.get("locale") and row.get("voice"):
            voices[language] = Voice(str(row["locale"]), str(row["voice"]))
        else:
            faults.append(f"pack.yaml: languages: {language}: locale or voice is missing")
    return voices


def human_line_of(given: Mapping[str, Any], faults: list[str]) -> HumanLine | None:
    """The staffed number outside this system."""
    number, seconds = str(given.get("number", "")), given.get("ring_seconds")
    if not _E164.fullmatch(number) or not isinstance(seconds, int) or seconds < 10:
        faults.append("pack.yaml: human_line: number or ring_seconds is missing")
        return None
    return HumanLine(number, seconds)


def at_the_desk_of(given: object, faults: list[str]) -> AtTheDesk:
    """What the city has settled for its call-takers' shifts."""
    row: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    breaks = row.get("breaks")
    if not isinstance(breaks, Mapping) or not breaks or not all(map(_is_break, breaks.items())):
        faults.append("pack.yaml: at_the_desk: breaks: each kind of break needs a key and a title")
        breaks = {}
    return AtTheDesk(
        breaks={str(key): str(title) for key, title in breaks.items()},
        **{name: _figure(row, name, faults) for name in _SHIFT},
    )


def _figure(row: Mapping[str, Any], name: str, faults: list[str]) -> int:
    """One figure of a shift; a faulty one is named, and the least stands in for it."""
    value, may_be = row.get(name), _SHIFT[name]
    if isinstance(value, int) and not isinstance(value, bool) and value in may_be:
        return value
    faults.append(f"pack.yaml: at_the_desk: {name}: {value!r} is not {may_be[0]} to {may_be[-1]}")
    return may_be[0]


def _is_break(given: tuple[object, object]) -> bool:
    key, title = given
    return len(str(key)) <= LONGEST_KEY and isinstance(title, str) and bool(title.strip())


def destinations_of(document: object) -> dict[str, tuple[Destination, ...]]:
    """911 destinations by jurisdiction, in order; the key "" serves an unknown place.

    Raises:
        CityPackError: lists every mistake.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    rows = given.get("jurisdictions")
    if not isinstance(rows, Mapping) or given.get("otherwise") not in rows:
        raise CityPackError(["jurisdictions are missing, or otherwise names none of them"])
    mistakes: list[str] = []
    found = {str(key): _points(str(key), points, mistakes) for key, points in rows.items()}
    if mistakes:
        raise CityPackError(mistakes)
    return {**found, "": found[str(given["otherwise"])]}


def _points(key: str, points: object, mistakes: list[str]) -> tuple[Destination, ...]:
    if not isinstance(points, list) or not points:
        mistakes.append(f"{key}: nobody to dial")
        return ()
    made = [_point(key, point, mistakes) for point in points]
    return tuple(point for point in made if point is not None)


def _point(jurisdiction: str, given: object, mistakes: list[str]) -> Destination | None:
    row: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    names = row.get("name")
    names = names if isinstance(names, Mapping) else {}
    ring, number = row.get("ring_seconds"), str(row.get("number", ""))
    where = f"{jurisdiction}: {row.get('key')}"
    if not _E164.fullmatch(number):
        mistakes.append(f"{where}: {number!r} is not a number like +15205550100")
    if not isinstance(ring, int) or ring < SHORTEST_RING_SECONDS:
        mistakes.append(f"{where}: rings {ring!r} s; at least {SHORTEST_RING_SECONDS}")
        return None
    if any(not names.get(language.value) for language in Language):
        mistakes.append(f"{where}: has no name in every language")
        return None
    name = {language: str(names[language.value]) for language in Language}
    return Destination(str(row.get("key", "")), name, number, ring)
