"""The gate of phrases: none may lower a reading that a built-in case requires.

Reads every built-in case that a phrase touches twice, without the phrases and with all of them, as
callers would be read. A case that no phrase touches cannot be read differently and is not read.
Knows no file, no database and no door. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ivr.rules import emergency
from ivr.rules.emergency import EmergencyReading, Signs
from ivr.rules.menu_findings import Finding, Severity
from ivr.rules.phrase_cases import Case
from ivr.rules.phrases import Phrase, PhraseLevel, looked_for, read_phrases, with_phrases
from ivr.rules.word_patterns import Patterns
from models.states import EmergencyLevel, Language

MOST_TOUCHED = 300
"""Built-in cases that one phrase may touch: a broader one says nothing of its own."""
MOST_READ = 1500
"""Built-in cases that all phrases together may touch: what is read in some 1.5 s."""
SHOWN = 3
"""Cases that a finding quotes."""
_NEEDED = {
    PhraseLevel.EMERGENCY: EmergencyLevel.EMERGENCY,
    PhraseLevel.POSSIBLE: EmergencyLevel.POSSIBLE,
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that is read differently with the phrases, and the phrases that touch it."""

    case: Case
    before: EmergencyReading
    after: EmergencyReading
    phrases: tuple[Phrase, ...]

    def told(self) -> str:
        """The case with its words and both readings."""
        return (
            f'"{self.case.text}" ({self.case.name}): {_told(self.before)}, then {_told(self.after)}'
        )


def examine(document: object, signs: Signs, cases: Iterable[Case]) -> tuple[Finding, ...]:
    """Examine a document of phrases of any shape; every finding at once, errors first.

    Args:
        document: Plain data, as `documents.read` makes it.
        signs: The city's signs without any phrase, with the second voter.
        cases: The built-in cases.
    """
    phrases, mistakes = read_phrases(document, signs.classes)
    found = [
        _error("H01", one.where, one.what, "write it as the first lines of the document show")
        for one in mistakes
    ]
    after = with_phrases(signs, phrases)
    for phrase in phrases:
        found.extend(_examples(phrase, signs, after))
    touched, broad = _touched(phrases, signs, cases)
    found.extend(broad)
    if not broad:
        changed = list(_changed(touched, signs, after))
        found.extend(_lowered(changed, signs))
        found.extend(_alarmed(changed))
    return tuple(sorted(found, key=lambda one: not one.blocks))


# The examples that a phrase brings along.


def _examples(phrase: Phrase, signs: Signs, after: Signs) -> Iterator[Finding]:
    alone = looked_for([phrase], signs.classes)
    for example in phrase.examples:
        if not any(True for words in emergency.clauses(example) for _ in alone.find(words)):
            yield _error(
                "H02",
                phrase.where,
                f'its example "{example}" holds none of its words',
                "write the words as they are said, or an example that holds them",
            )
            continue
        before, then = (
            _read(example, phrase.language, signs),
            _read(example, phrase.language, after),
        )
        yield from _unlike(phrase, example, before, then)


def _unlike(
    phrase: Phrase, example: str, before: EmergencyReading, then: EmergencyReading
) -> Iterator[Finding]:
    """What an example says against its phrase: not read as the phrase wants, or read so before."""
    if phrase.is_harmless:
        if not before.rank:
            yield _idle(phrase, example, before)
        elif then.rank >= before.rank:
            yield _error(
                "H03",
                phrase.where,
                f'its example "{example}" is still {_told(then)}',
                "take in the words that alarm the line: ./run understand shows them",
            )
        return
    needed = EmergencyReading(_NEEDED[phrase.level]).rank
    if then.rank < needed:
        yield _error(
            "H03",
            phrase.where,
            f'its example "{example}" is {_told(then)}, not as {phrase.level.value}',
            "a past time or a question lowers it: write now: true if the words say that it is now",
        )
    elif before.rank >= needed:
        yield _idle(phrase, example, before)


def _idle(phrase: Phrase, example: str, before: EmergencyReading) -> Finding:
    return _warning(
        "H04",
        phrase.where,
        f'its example "{example}" is {_told(before)} without the phrase',
        "the phrase may not be needed",
    )


# The built-in cases.


Touched = list[tuple[Case, tuple[Phrase, ...]]]


def _touched(
    phrases: Sequence[Phrase], signs: Signs, cases: Iterable[Case]
) -> tuple[Touched, list[Finding]]:
    """The cases whose words hold a phrase, and what is too broad to be read at all."""
    patterns = looked_for(phrases, signs.classes)
    touched = [(one, by) for one in cases if (by := _holding(one, patterns))]
    counts = {phrase.number: 0 for phrase in phrases}
    for _, by in touched:
        for phrase in by:
            counts[phrase.number] += 1
    broad = [
        _error(
            "H05",
            phrase.where,
            f"its words stand in {counts[phrase.number]} built-in cases, at most {MOST_TOUCHED}",
            "add words that belong to this danger, or to this harmless thing, alone",
        )
        for phrase in phrases
        if counts[phrase.number] > MOST_TOUCHED
    ]
    if not broad and len(touched) > MOST_READ:
        what = f"all phrases together touch {len(touched)} built-in cases, at most {MOST_READ}"
        broad.append(_error("H05", "", what, "take away the broadest phrases"))
    return touched, broad


def _holding(one: Case, patterns: Patterns[Phrase]) -> tuple[Phrase, ...]:
    found = {held.what.number: held.what for words in one.clauses for held in patterns.find(words)}
    return tuple(found[number] for number in sorted(found))


def _changed(touched: Touched, signs: Signs, after: Signs) -> Iterator[Changed]:
    """The touched cases whose level changes."""
    for one, phrases in touched:
        before = _read(one.text, Language.EN, signs)
        then = _read(one.text, Language.EN, after)
        if before.rank != then.rank:
            yield Changed(one, before, then, phrases)


def _lowered(changed: Sequence[Changed], signs: Signs) -> Iterator[Finding]:
    """Dangers that would be read as less than they require, by the phrases that do it."""
    lowered = [one for one in changed if one.case.is_danger and one.after.rank < one.before.rank]
    for phrase, those in _by_phrase((one, _guilty(one, signs)) for one in lowered):
        many = f"{len(those)} built-in cases" if len(those) > 1 else "a built-in case"
        yield _error(
            "H06",
            phrase.where,
            f"hides the danger of {many}: {_quoted([one.told() for one in those])}",
            "add the words that make it harmless, so that these sentences do not hold them",
        )


def _guilty(one: Changed, signs: Signs) -> tuple[Phrase, ...]:
    """The harmless phrases that lower a case by themselves; all of them where none does alone."""
    quiet = tuple(phrase for phrase in one.phrases if phrase.is_harmless) or one.phrases
    if len(quiet) == 1:
        return quiet
    alone = tuple(
        phrase
        for phrase in quiet
        if _read(one.case.text, Language.EN, with_phrases(signs, [phrase])).rank < one.before.rank
    )
    return alone or quiet


def _alarmed(changed: Sequence[Changed]) -> Iterator[Finding]:
    """Ordinary calls that a phrase of danger would raise."""
    for level, would in (
        (EmergencyLevel.EMERGENCY, "would connect {} to 911"),
        (EmergencyLevel.POSSIBLE, "would ask {} whether anyone is in danger"),
    ):
        raised = [
            (one, tuple(phrase for phrase in one.phrases if not phrase.is_harmless))
            for one in changed
            if not one.case.is_danger
            and one.after.rank > one.before.rank
            and one.after.level is level
        ]
        for phrase, those in _by_phrase(raised):
            many = f"{len(those)} ordinary calls" if len(those) > 1 else "an ordinary call"
            yield _warning(
                "H07",
                phrase.where,
                f"{would.format(many)}: {_quoted([one.told() for one in those])}",
                "add words that belong to the danger alone",
            )


def _by_phrase(
    rows: Iterable[tuple[Changed, tuple[Phrase, ...]]],
) -> Iterator[tuple[Phrase, list[Changed]]]:
    found: dict[int, tuple[Phrase, list[Changed]]] = {}
    for one, phrases in rows:
        for phrase in phrases:
            found.setdefault(phrase.number, (phrase, []))[1].append(one)
    for number in sorted(found):
        yield found[number]


def _quoted(told: Sequence[str]) -> str:
    more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return "; ".join(told[:SHOWN]) + more


def _told(reading: EmergencyReading) -> str:
    because = f", {reading.reason}" if reading.rank else ""
    return f"read as {reading.level.value}{because}"


def _read(text: str, language: Language, signs: Signs) -> EmergencyReading:
    return emergency.read(text, language, signs)


def _error(code: str, where: str, what: str, mend: str) -> Finding:
    return Finding(code, Severity.ERROR, where, None, what, mend)


def _warning(code: str, where: str, what: str, mend: str) -> Finding:
    return Finding(code, Severity.WARNING, where, None, what, mend)
