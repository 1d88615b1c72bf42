"""Is this an emergency? None, possible or emergency, with the signs that say so.

More than words: who is harmed, whether it is now, what only sounds like danger ("fire hydrant"),
what is denied ("no fire"). Each clause is read alone and the worst one counts, so that adding
words after a full stop never lowers what the signs read. A second voter that has learned from examples
(`danger_voter`) raises what the signs left; where it speaks clearly against a clause's sign of an
emergency, the caller is asked instead of connected. Pure; the city's data is handed in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.danger_voter import FEW, TOO_FEW, Voter, vote
from ivr.rules.emergency_reading import EmergencyReading, higher
from ivr.rules.folding import LONGEST, fold
from ivr.rules.word_patterns import Found, Patterns
from models.states import EmergencyLevel, Language

__all__ = ["EmergencyReading", "Sign", "Signs", "clauses", "compile_signs", "higher", "read"]

_CLAUSE = re.compile(r"[.!?;:¡¿\n]+")
_WHERE = frozenset({"at", "near", "on", "by", "en", "cerca", "esquina", "sobre", "por"})
_AND = frozenset({"and", "y"})
_STREETS = frozenset(
    {
        *("street", "avenue", "road", "drive", "boulevard", "lane", "way", "stravenue"),
        *("corner", "block", "calle", "avenida", "camino", "bulevar", "cuadra"),
    }
)
_LOWER = {
    EmergencyLevel.EMERGENCY: EmergencyLevel.POSSIBLE,
    EmergencyLevel.POSSIBLE: EmergencyLevel.NONE,
    EmergencyLevel.NONE: EmergencyLevel.NONE,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """What a pattern stands for. `now` signs say by themselves that it happens now; of `asked_for`
    signs the second voter is not asked: a caller who says "911" means it, and what a city's own
    phrase stands for was agreed on by two people."""

    reason: str
    level: EmergencyLevel
    now: bool = False
    asked_for: bool = False


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
    distant: Patterns[str] = field(default_factory=Patterns)
    asking: Patterns[str] = field(default_factory=Patterns)
    voter: Voter | None = None
    """The second voter; without it only the signs speak."""
    quiet: Patterns[str] = field(default_factory=Patterns)
    """The city's own harmless phrases: masked for the signs, and not weighed by the second voter.
    They never mask words that ask for 911 now."""
    classes: Mapping[str, Iterable[str]] = field(default_factory=dict)
    """Words by class, for phrases that are laid over these signs."""


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
    for words in clauses(text[:LONGEST]):
        worst = _graver(worst, _clause(words, signs))
        if worst.level is EmergencyLevel.EMERGENCY:
            return worst
    if signs.voter is None:
        return worst
    return _raised(worst, _without(signs.quiet, text[:LONGEST]), signs.voter)


def clauses(text: str) -> Iterator[list[str]]:
    """The folded words of each clause that has any; a clause said twice counts once."""
    for clause in dict.fromkeys(_CLAUSE.split(text)):
        words = fold(clause).split()
        if words:
            yield words


def _without(quiet: Patterns[str], text: str) -> str:
    """The text without the words of the city's harmless phrases; as it is where it holds none."""
    if quiet.is_empty:
        return text
    kept: list[str] = []
    masks = 0
    for words in (fold(clause).split() for clause in _CLAUSE.split(text)):
        masked = _places(quiet, words)
        masks += len(masked)
        kept.extend(word for at, word in enumerate(words) if at not in masked)
    return " ".join(kept) if masks else text


def _raised(by_signs: EmergencyReading, text: str, voter: Voter) -> EmergencyReading:
    """What the second voter makes of words that the signs did not read as an emergency.

    Alone it raises to possible. To an emergency only with a witness: a sign of doubt, or a scene. It
    weighs the words as a whole: much that is ordinary around a doubt may quiet it, never a sign.
    """
    heard = vote(text, voter)
    witness = by_signs.reason if by_signs.words else " and ".join(sorted(heard.scene))
    if heard.length <= TOO_FEW and not witness:
        return by_signs
    if witness and heard.score >= voter.sure_from and heard.length > FEW:
        level, reason = EmergencyLevel.EMERGENCY, f"{witness}, and sounds like danger"
    elif heard.score >= voter.possible_from:
        level, reason = EmergencyLevel.POSSIBLE, "sounds like danger"
    else:
        return by_signs
    return higher(by_signs, EmergencyReading(level, reason, heard.words))


def _graver(one: EmergencyReading, other: EmergencyReading) -> EmergencyReading:
    """The more urgent; of two that raise nothing the one that has a hint."""
    return higher(one, other) if one.words or other.rank else other


def _places(patterns: Patterns[str], words: Sequence[str]) -> set[int]:
    return {at for found in patterns.find(words) for at in found.at}


def _clause(words: list[str], signs: Signs) -> EmergencyReading:
    found = list(signs.danger.find(words))
    if not found:
        cry = " ".join(words)
        return (
            EmergencyReading(EmergencyLevel.POSSIBLE, "cry for help", (cry,))
            if cry in signs.alone
            else EmergencyReading()
        )
    masked = _places(signs.harmless, words)
    hushed = masked | _places(signs.quiet, words)
    back = _steps_back(words, signs)
    asked_for = read_of = EmergencyReading()
    for sign in found:
        asks_now = sign.what.asked_for and sign.what.now
        if not (masked if asks_now else hushed).isdisjoint(sign.at):
            continue
        if sign.what.asked_for:
            asked_for = _graver(asked_for, _weighed(sign, words, back))
        else:
            read_of = _graver(read_of, _weighed(sign, words, back))
    return _graver(asked_for, _agreed(read_of, words, signs.voter))


def _agreed(reading: EmergencyReading, words: list[str], voter: Voter | None) -> EmergencyReading:
    """Ask rather than connect where the second voter speaks clearly against a sign.

    A word or two that are a sign say too little for it to know better. Where it happens says nothing
    about what: names of streets are the words of ordinary calls.
    """
    if reading.level is not EmergencyLevel.EMERGENCY or voter is None:
        return reading
    for told in (words, before_place(words, reading.words)):
        if len(told) <= TOO_FEW or vote(" ".join(told), voter).score >= voter.against_below:
            return reading
    return EmergencyReading(EmergencyLevel.POSSIBLE, f"{reading.reason}, in doubt", reading.words)


def before_place(words: list[str], sign: Sequence[str]) -> list[str]:
    """A clause without the place that is told behind its sign: "fire" of "fire at Speedway and Campbell".

    Args:
        words: The clause, folded.
        sign: The words of the sign, as the reading names them.
    """
    of_sign = {word for part in sign for word in part.split()}
    last = max((at for at, word in enumerate(words) if word in of_sign), default=0)
    for at in range(last, len(words)):
        if words[at] in _WHERE and _is_place(words[at + 1 :]):
            return words[:at]
    return words


def _is_place(words: list[str]) -> bool:
    """Whether words after "at" or "en" name a corner, a street or a house number."""
    is_corner = not _AND.isdisjoint(words[:4])
    return is_corner or not _STREETS.isdisjoint(words) or any(word.isdigit() for word in words)


@dataclass(frozen=True, slots=True)
class _Back:
    """How many levels a clause lowers a sign, and one that says by itself that it is now."""

    steps: int = 0
    now_steps: int = 0


def _steps_back(words: list[str], signs: Signs) -> _Back:
    """Nothing is lowered for its time when anything in the clause says that it is now."""
    asked = _holds(signs.asking, words)
    if _holds(signs.present, words):
        return _Back(asked, asked)
    tense, distant = _holds(signs.tense, words), _holds(signs.distant, words)
    if distant or _holds(signs.past, words):
        return _Back(asked + 1 + tense, asked + (distant and tense))
    return _Back(asked, asked)


def _holds(patterns: Patterns[str], words: list[str]) -> bool:
    return any(True for _ in patterns.find(words))


def _weighed(found: Found[Sign], words: list[str], back: _Back) -> EmergencyReading:
    """A sign's reading after time was weighed."""
    level, reason = found.what.level, found.what.reason
    for _ in range(back.now_steps if found.what.now else back.steps):
        level = _LOWER[level]
        reason = f"{found.what.reason}, past or asked about"
    return EmergencyReading(level, reason, tuple(words[at] for at in found.at))


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
    harmless, past, tense, present, distant, asking = (
        _plain(given.get(name), name, classes, mistakes)
        for name in ("harmless", "past", "tense", "present", "distant", "asking")
    )
    alone = _alone(given.get("alone"), mistakes)
    if mistakes:
        raise CityPackError(mistakes)
    return Signs(danger, harmless, past, tense, present, alone, distant, asking, classes=classes)


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
        level = EmergencyLevel(str(row.get("level")))
        sign = Sign(reason, level, bool(row.get("now")), bool(row.get("asked_for")))
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
