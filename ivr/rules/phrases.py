"""Phrases that a city adds to what the line hears: written by supervisors, published, layered on signs.

A phrase of danger raises as a sign does; a harmless one masks its own words, for the signs and for
the second voter alike, and nothing else. Every bound here keeps one utterance quick, whatever is
published. Whether phrases may go live is `phrase_gate`'s. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from ivr.errors import CityPackError
from ivr.rules.emergency import Sign, Signs
from ivr.rules.folding import fold
from ivr.rules.word_patterns import GAP, Patterns
from models.states import EmergencyLevel, Language

MOST = 200
"""Phrases of a document."""
MOST_WORDS = 10
"""Patterns of a phrase."""
MOST_EXAMPLES = 10
MOST_PLACES = 12
MOST_CHOICES = 20
MOST_GAPS = 2
"""Each gap is tried in five lengths: two are 25 ways through an utterance, more would be slow."""
MOST_ALIKE = 40
"""Patterns that begin with the same word: each is tried wherever that word is said."""
LEAST_HARMLESS = 2
"""Words of a harmless pattern: one word alone says too little to be called harmless."""
LONGEST = 300
"""Characters of a pattern, a reason or an example."""
_FIELDS = frozenset({"language", "level", "words", "why", "examples", "now"})
_NUMBER = re.compile(r"(?:\d[ ().-]*){7,}")

Kind = TypeVar("Kind", bound=StrEnum)


class PhraseLevel(StrEnum):
    """What a phrase makes of the words it stands for."""

    EMERGENCY = "emergency"
    POSSIBLE = "possible"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: patterns, what they mean, why they were added, and sentences they are meant for."""

    number: int
    language: Language
    level: PhraseLevel
    words: tuple[str, ...]
    why: str
    examples: tuple[str, ...]
    now: bool = False

    @property
    def where(self) -> str:
        """How a finding names it."""
        return f"phrase {self.number} ({self.words[0]})"

    @property
    def is_harmless(self) -> bool:
        """Whether it quiets words instead of raising them."""
        return self.level is PhraseLevel.HARMLESS


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in the form of a document; `where` names the phrase, "" the whole."""

    where: str
    what: str


@dataclass(slots=True)
class _Reading:
    """What is being read, and the mistakes met on the way."""

    classes: Mapping[str, Iterable[str]]
    mistakes: list[Mistake] = field(default_factory=list)

    def fault(self, where: str, what: str) -> None:
        self.mistakes.append(Mistake(where, what))


def read_phrases(
    document: object, classes: Mapping[str, Iterable[str]]
) -> tuple[tuple[Phrase, ...], tuple[Mistake, ...]]:
    """Read a document of phrases: those that are well formed, and every mistake."""
    reading = _Reading(classes)
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    for name in given:
        if name not in ("key", "phrases"):
            reading.fault("", f"{name!r} is not known: a document has a key and phrases")
    rows = given.get("phrases")
    if not isinstance(rows, list):
        reading.fault("", "there is no list of phrases; an empty one is written phrases: []")
        return (), tuple(reading.mistakes)
    if len(rows) > MOST:
        reading.fault("", f"{len(rows)} phrases are too many: at most {MOST}")
    read = (_phrase(number, row, reading) for number, row in enumerate(rows[:MOST], start=1))
    phrases = tuple(one for one in read if one is not None)
    alike = looked_for(phrases, classes).most_alike
    if alike > MOST_ALIKE:
        reading.fault("", f"{alike} patterns begin with the same word, at most {MOST_ALIKE}")
    return phrases, tuple(reading.mistakes)


def compile_phrases(document: object, signs: Signs) -> Signs:
    """The city's signs with its phrases, as the line reads with them.

    Raises:
        CityPackError: lists every mistake in the document's form.
    """
    phrases, mistakes = read_phrases(document, signs.classes)
    if mistakes:
        raise CityPackError([f"{one.where or 'phrases'}: {one.what}" for one in mistakes])
    return with_phrases(signs, phrases)


def with_phrases(signs: Signs, phrases: Sequence[Phrase]) -> Signs:
    """Lay phrases over signs; the signs handed in stay as they are."""
    danger: Patterns[Sign] = Patterns()
    quiet: Patterns[str] = Patterns()
    for phrase in phrases:
        for pattern in phrase.words:
            if phrase.is_harmless:
                quiet.add(pattern, pattern, signs.classes)
            else:
                danger.add(pattern, _sign(phrase), signs.classes)
    return replace(signs, danger=signs.danger.joined(danger), quiet=signs.quiet.joined(quiet))


def looked_for(phrases: Iterable[Phrase], classes: Mapping[str, Iterable[str]]) -> Patterns[Phrase]:
    """Phrases alone, to be found in words."""
    found: Patterns[Phrase] = Patterns()
    for phrase in phrases:
        for pattern in phrase.words:
            found.add(pattern, phrase, classes)
    return found


def _sign(phrase: Phrase) -> Sign:
    """Two people have agreed on it: as of the word 911, the second voter is not asked."""
    level = EmergencyLevel(phrase.level.value)
    return Sign("the city's own phrase", level, phrase.now, asked_for=True)


def _phrase(number: int, row: object, reading: _Reading) -> Phrase | None:
    before, where = len(reading.mistakes), f"phrase {number}"
    if not isinstance(row, Mapping):
        reading.fault(where, "is not a map of language, level, words, why and examples")
        return None
    words = _texts(row.get("words"), "words", MOST_WORDS, where, reading)
    where = f"{where} ({words[0]})" if words else where
    for name in row:
        if name not in _FIELDS:
            reading.fault(where, f"{name!r} is not known")
    language = _one_of(Language, row.get("language"), "language", where, reading)
    level = _one_of(PhraseLevel, row.get("level"), "level", where, reading)
    why = _text(row.get("why"), "why", where, reading)
    examples = _texts(row.get("examples"), "examples", MOST_EXAMPLES, where, reading)
    now = row.get("now", False)
    if not isinstance(now, bool):
        reading.fault(where, "now: is neither true nor false")
    for text in (why, *examples):
        if _NUMBER.search(text):
            reading.fault(where, "holds a long number: publications are kept, write no caller's")
    for pattern in words:
        for what in _wrong(pattern, level, reading.classes):
            reading.fault(where, f"words: {pattern!r} {what}")
    if len(reading.mistakes) > before or language is None or level is None:
        return None
    return Phrase(number, language, level, words, why, examples, now)


def _one_of(
    kind: type[Kind], given: object, name: str, where: str, reading: _Reading
) -> Kind | None:
    try:
        return kind(str(given))
    except ValueError:
        reading.fault(where, f"{name}: {given!r} is none of {', '.join(kind)}")
        return None


def _texts(given: object, name: str, most: int, where: str, reading: _Reading) -> tuple[str, ...]:
    """A list of texts; one text alone counts as a list of one."""
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed:
        reading.fault(where, f"{name}: there is none")
        return ()
    if len(listed) > most:
        reading.fault(where, f"{name}: {len(listed)} are too many, at most {most}")
    return tuple(filter(None, (_text(one, name, where, reading) for one in listed[:most])))


def _text(given: object, name: str, where: str, reading: _Reading) -> str:
    if not isinstance(given, str) or not given.strip():
        reading.fault(where, f"{name}: there are no words")
        return ""
    if len(given) > LONGEST:
        reading.fault(where, f"{name}: longer than {LONGEST} characters")
    return given.strip()[:LONGEST]


def _wrong(
    pattern: str, level: PhraseLevel | None, classes: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    """What is wrong with a pattern: its form, or what it would cost on every utterance."""
    places = [part for part in pattern.split() if part != GAP]
    if len(places) > MOST_PLACES:
        yield f"has {len(places)} words, at most {MOST_PLACES}"
    if len(pattern.split()) - len(places) > MOST_GAPS:
        yield f"has more than {MOST_GAPS} gaps"
    if level is PhraseLevel.HARMLESS and len(places) < LEAST_HARMLESS:
        yield "is one word: alone it says too little to be called harmless"
    for place in places:
        choices = place.split("/")
        if len(choices) > MOST_CHOICES:
            yield f"has a place of {len(choices)} words, at most {MOST_CHOICES}"
        for choice in choices:
            if not choice.startswith("@") and len(fold(choice).split()) != 1:
                yield f"holds {choice!r}, which is not one word as it is heard"
    try:
        Patterns[None]().add(pattern, None, classes)
    except ValueError as error:
        yield str(error)
