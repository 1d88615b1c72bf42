"""Is this an emergency? None, possible or emergency, with the signs that say so.

More than words: who is harmed, whether it is now, what only sounds like danger ("fire hydrant"),
what is denied ("no fire"). Each clause is read alone and the worst one counts, so that adding
words after a full stop never lowers a reading. Pure; the city's signs are handed in.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.emergency_reading import EmergencyReading, higher
from ivr.rules.folding import LONGEST, fold
from ivr.rules.word_patterns import Found, Patterns
from models.states import EmergencyLevel, Language

__all__ = ["EmergencyReading", "Signs", "compile_signs", "higher", "read"]

_CLAUSE = re.compile(r"[.!?;:¡¿\n]+")
_LOWER = {
    EmergencyLevel.EMERGENCY: EmergencyLevel.POSSIBLE,
    EmergencyLevel.POSSIBLE: EmergencyLevel.NONE,
    EmergencyLevel.NONE: EmergencyLevel.NONE,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """What a pattern stands for. `now` signs say by themselves that it happens now."""

    reason: str
    level: EmergencyLevel
    now: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """A city's signs: danger, what only sounds like it, and words of time.

    `past` are words for a past time, `tense` verbs in the past; one of them lowers a sign that
    does not say *now* by one level, both together by two. `present` takes that back.
    """

    danger: Patterns[Sign]
    harmless: Patterns[str]
    past: Patterns[str]
    tense: Patterns[str]
    present: Patterns[str]
    alone: frozenset[str]
    """Whole clauses that are a short cry for help."""


def read(text: str, language: Language, signs: Signs) -> EmergencyReading:
    """Read words for an emergency.

    Args:
        text: Anything; at most 10,000 characters are read.
        language: The caller's. Signs of both languages always count: people mix them.
        signs: The city's signs.

    Returns:
        The worst reading of any clause, its reason, and the caller's words that made it.
    """
    del language
    worst = EmergencyReading()
    for clause in _CLAUSE.split(text[:LONGEST]):
        words = fold(clause).split()
        if words:
            worst = higher(worst, _clause(words, signs))
            if worst.level is EmergencyLevel.EMERGENCY:
                return worst
    return worst


def _clause(words: list[str], signs: Signs) -> EmergencyReading:
    found = list(signs.danger.find(words))
    if not found:
        cry = " ".join(words)
        return (
            EmergencyReading(EmergencyLevel.POSSIBLE, "cry for help", (cry,))
            if cry in signs.alone
            else EmergencyReading()
        )
    masked = {at for mask in signs.harmless.find(words) for at in mask.at}
    back = _steps_back(words, signs)
    reading = EmergencyReading()
    for sign in found:
        if masked.isdisjoint(sign.at):
            reading = higher(reading, _weighed(sign, words, back))
    return reading


def _steps_back(words: list[str], signs: Signs) -> int:
    """How many levels the clause's time lowers a sign: 0 when anything says that it is now."""
    if any(True for _ in signs.present.find(words)):
        return 0
    said = any(True for _ in signs.past.find(words))
    return said + any(True for _ in signs.tense.find(words)) if said else 0


def _weighed(found: Found[Sign], words: list[str], back: int) -> EmergencyReading:
    """A sign's reading after time was weighed."""
    level, reason = found.what.level, found.what.reason
    if not found.what.now:
        for _ in range(back):
            level = _LOWER[level]
            reason = f"{found.what.reason}, in the past"
    said = tuple(words[at] for at in found.at)
    return (
        EmergencyReading(level, reason, said)
        if level is not EmergencyLevel.NONE
        else (EmergencyReading())
    )


def compile_signs(document: object) -> Signs:
    """Compile a document of signs.

    Raises:
        CityPackError: lists every mistake.
    """
    mistakes: list[str] = []
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    classes = _classes(given.get("classes"), mistakes)
    danger: Patterns[Sign] = Patterns()
    for row in _list(given.get("signs"), "signs", mistakes):
        _add_sign(row, danger, classes, mistakes)
    harmless, past, tense, present = (
        _plain(given.get(name), name, classes, mistakes)
        for name in ("harmless", "past", "tense", "present")
    )
    alone = _alone(given.get("alone"), mistakes)
    if mistakes:
        raise CityPackError(mistakes)
    return Signs(danger, harmless, past, tense, present, alone)


def _classes(given: object, mistakes: list[str]) -> dict[str, list[str]]:
    if isinstance(given, Mapping) and all(isinstance(words, str) for words in given.values()):
        return {str(name): words.split() for name, words in given.items()}
    mistakes.append("emergency_signs: classes is not a map of words")
    return {}


def _alone(given: object, mistakes: list[str]) -> frozenset[str]:
    if not isinstance(given, str):
        mistakes.append("emergency_signs: alone is not a text of phrases")
        return frozenset()
    return frozenset(fold(phrase) for phrase in given.split(";"))


def _add_sign(
    row: object,
    danger: Patterns[Sign],
    classes: Mapping[str, Iterable[str]],
    mistakes: list[str],
) -> None:
    if not isinstance(row, Mapping):
        mistakes.append("emergency_signs: a sign is not a map")
        return
    reason = str(row.get("reason", ""))
    try:
        sign = Sign(reason, EmergencyLevel(str(row.get("level"))), bool(row.get("now", False)))
    except ValueError:
        mistakes.append(f"emergency_signs: {reason}: level {row.get('level')!r} is not one")
        return
    for pattern in _list(row.get("words"), f"{reason}: words", mistakes):
        _add(danger, str(pattern), sign, classes, mistakes)


def _plain(
    given: object, name: str, classes: Mapping[str, Iterable[str]], mistakes: list[str]
) -> Patterns[str]:
    patterns: Patterns[str] = Patterns()
    for pattern in _list(given, name, mistakes):
        _add(patterns, str(pattern), str(pattern), classes, mistakes)
    return patterns


def _add(
    patterns: Patterns[Any],
    pattern: str,
    what: object,
    classes: Mapping[str, Iterable[str]],
    mistakes: list[str],
) -> None:
    try:
        patterns.add(pattern, what, classes)
    except ValueError as error:
        mistakes.append(f"emergency_signs: {error}")


def _list(given: object, name: str, mistakes: list[str]) -> list[Any]:
    if isinstance(given, list):
        return given
    mistakes.append(f"emergency_signs: {name} is not a list")
    return []
