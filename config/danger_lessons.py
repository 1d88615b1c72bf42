"""Teaches the danger voter: reads the city's examples, learns, and sets from where on it raises.

`./run learn-danger` writes the file of weights that the line reads; nothing is learned at start-up.
Where the voter raises is set by cross-validation: each example is weighed by weights that were
learned without it, and of the ordinary ones no more than the city's shares may be raised.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.danger_grammar import compile_grammar
from config.yaml_text import read_yaml
from ivr.rules import emergency
from ivr.rules.danger_learning import Example, Learned, Taken, learn, taken
from ivr.rules.danger_parts import Meanings, compile_meanings
from ivr.rules.danger_voter import FEW, TOO_FEW, Voter, vote, written
from models.states import EmergencyLevel, Language

FOLDS = 4
ORDINARY_POSSIBLE = 0.07
"""Share of ordinary sentences that signs and voter together may read as possible or more. Most of
ours are traps: of those that others wrote, the more like calls, fewer are raised (see `measured`)."""
ORDINARY_EMERGENCY = 0.014
"""Share of ordinary sentences that may be read as an emergency; of others' about half as many."""
INTENT_COUNTS = 0.5
"""Examples of intents are short and many: each counts half a sentence."""
_NOT_ORDINARY = frozenset({"crisis", "welfare_check"})
"""Intents whose own examples may be danger."""
AGAINST_DANGER = 0.025
"""Share of dangers with a sign of an emergency that may be asked about instead of connected."""
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the voter learns from: sentences that are judged; sentences said of patterns and short
    examples of intents, which are learned from and judge nothing."""

    sentences: tuple[Example, ...]
    intents: tuple[Example, ...]
    patterns: tuple[Example, ...] = ()

    @property
    def all(self) -> tuple[Example, ...]:
        """Everything that is learned from."""
        return self.sentences + self.intents + self.patterns

    def digest(self, meanings: object) -> str:
        """What the weights were learned from, to see when they are out of date."""
        told = sorted((e.text, e.is_danger, e.counts) for e in self.all)
        return sha256(json.dumps([told, meanings], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of the lessons as it is read without having been learned from."""

    is_danger: bool
    score: float
    by_signs: EmergencyLevel
    witnessed: bool
    raisable: bool = True
    """Whether the voter may make it possible: not of a word or two without a witness."""
    by_others: bool = False


def lessons_of(folder: Path, files: Mapping[str, str]) -> Lessons:
    """Read the city's examples: dangers, ordinary calls, and the examples of its intents."""
    sentences = [
        Example(line.text, danger, by_others=line.by_others)
        for name, danger in (("danger_examples", True), ("danger_ordinary", False))
        for line in _lines(folder / files[name])
    ]
    grammar = compile_grammar(_document(folder, files["danger_grammar"]))
    patterns = [
        Example(sentence, danger)
        for name, danger in (("danger_patterns", True), ("ordinary_patterns", False))
        for line in _lines(folder / files[name])
        for sentence in grammar.say(line.text, line.language)
    ]
    document = _document(folder, files["intents"])
    intents = [
        Example(str(text), False, INTENT_COUNTS)
        for slug, intent in document["intents"].items()
        if slug not in _NOT_ORDINARY
        for language in Language
        for text in intent[language.value]
    ]
    short = (*intents, *_places(folder / files["gazetteer"]))
    return Lessons(tuple(sentences), short, tuple(patterns))


_PLACES = (
    "{0} and {1}", "at {0} and {1}", "corner of {0} and {1}", "{2} north {0}", "on {0} near {1}",
    "{0} y {1}", "en la {0} y {1}", "estoy por la {0}", "la esquina de {0} y {1}", "cerca de {0}",
)  # fmt: skip


def _places(gazetteer: Path) -> Iterable[Example]:
    """Answers to "where is it?": streets of the gazetteer, each in one form and beside another."""
    streets = [row["name"] for row in _read(gazetteer)["streets"]]
    for at, street in enumerate(streets):
        said = _PLACES[at % len(_PLACES)].format(street, streets[at - 7], 100 + 37 * at)
        yield Example(said, False, INTENT_COUNTS)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a file of topics: a sentence or a pattern."""

    text: str
    language: Language
    by_others: bool


def _lines(path: Path) -> Iterable[_Line]:
    for topic in _read(path)["topics"]:
        by_others = bool(topic.get("by_others"))
        for language in Language:
            for line in filter(None, map(str.strip, topic.get(language.value, "").splitlines())):
                yield _Line(line, language, by_others)


def teach(folder: Path, tell: Callable[[str], None] = print) -> dict[str, Any]:
    """Learn from a city pack's examples and write its file of weights; returns what was measured."""
    files = _document(folder, "pack.yaml")["files"]
    signs = emergency.compile_signs(_document(folder, files["emergency_signs"]))
    told = _document(folder, files["danger_meanings"])
    meanings, lessons = compile_meanings(told), lessons_of(folder, files)
    examples = taken(lessons.all, meanings)
    judged = list(_judged(lessons, examples, _Reader(meanings, signs), tell))
    from_where = thresholds(judged)
    learned = learn(examples)
    weights = written(learned.weights)
    document = {
        "key": "danger weights",
        "learned_from": lessons.digest(told),
        "bias": round(learned.bias, 4),
        "possible_from": round(from_where.possible_from, 4),
        "sure_from": round(from_where.sure_from, 4),
        "against_below": round(from_where.against_below, 4),
        "weights": weights,
    }
    path = folder / files["danger_weights"]
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return measured(judged, from_where) | {"parts": len(weights)}


def _document(folder: Path, name: str) -> Any:
    return _read(folder / name)


def _read(path: Path) -> Any:
    return read_yaml(path.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a sentence is read with beside weights."""

    meanings: Meanings
    signs: emergency.Signs

    def read(self, example: Example, learned: Learned) -> Judged:
        """How a sentence is read by the signs, and weighed by weights."""
        voter = Voter(self.meanings, learned.weights, learned.bias, -_NEVER, _NEVER)
        by_signs = emergency.read(example.text, Language.EN, self.signs)
        heard = vote(example.text, voter)
        witnessed = bool(by_signs.words or heard.scene)
        return Judged(
            example.is_danger,
            heard.score,
            by_signs.level,
            witnessed and heard.length > FEW,
            witnessed or heard.length > TOO_FEW,
            example.by_others,
        )


def _judged(
    lessons: Lessons, examples: Sequence[Taken], reader: _Reader, tell: Callable[[str], None]
) -> Iterable[Judged]:
    """Every sentence, weighed by weights that were learned without its part of the sentences.

    What patterns say is always learned from: its siblings judge nothing.
    """
    patterns = frozenset(example.text for example in lessons.patterns)
    for fold in range(FOLDS):
        tell(f"cross-validation, part {fold + 1} of {FOLDS}")
        learned = learn(
            [one for one in examples if one.example.text in patterns or _fold(one.example) != fold]
        )
        for example in lessons.sentences:
            if _fold(example) == fold:
                yield reader.read(example, learned)


def _fold(example: Example) -> int:
    return sha256(example.text.encode()).digest()[0] % FOLDS


@dataclass(frozen=True, slots=True)
class FromWhere:
    """From which scores on the voter raises, and below which it speaks against a sign."""

    possible_from: float
    sure_from: float
    against_below: float

    def level(self, one: Judged) -> EmergencyLevel:
        """How both voters together read a sentence, as `emergency.read` does."""
        if one.by_signs is EmergencyLevel.EMERGENCY and one.score >= self.against_below:
            return EmergencyLevel.EMERGENCY
        if one.witnessed and one.score >= self.sure_from:
            return EmergencyLevel.EMERGENCY
        if one.by_signs is not EmergencyLevel.NONE:
            return EmergencyLevel.POSSIBLE
        if one.raisable and one.score >= self.possible_from:
            return EmergencyLevel.POSSIBLE
        return EmergencyLevel.NONE


def thresholds(judged: Sequence[Judged]) -> FromWhere:
    """From which scores on to raise, so that of the ordinary no more than the shares are raised.

    Signs take their share first: the less they cry out for nothing, the more the voter may raise.
    """
    signed = [one for one in judged if one.by_signs is EmergencyLevel.EMERGENCY]
    dangers = sorted(one.score for one in signed if one.is_danger)
    against_below = dangers[int(AGAINST_DANGER * len(dangers))] if dangers else -_NEVER
    ordinary = [one for one in judged if not one.is_danger]
    sure = [
        one
        for one in ordinary
        if FromWhere(_NEVER, _NEVER, against_below).level(one) == "emergency"
    ]
    not_sure = [one.score for one in ordinary if one.witnessed and one not in sure]
    calm = [one.score for one in ordinary if one.by_signs is EmergencyLevel.NONE and one.raisable]
    signed_anyway = sum(one.by_signs is not EmergencyLevel.NONE for one in ordinary)
    return FromWhere(
        _from(calm, int(ORDINARY_POSSIBLE * len(ordinary)) - signed_anyway),
        _from(not_sure, int(ORDINARY_EMERGENCY * len(ordinary)) - len(sure)),
        against_below,
    )


def _from(scores: Sequence[float], raised: int) -> float:
    """The lowest score that raises at most so many; above all of them where none may be."""
    ranked = sorted(scores, reverse=True)
    if raised <= 0:
        return ranked[0] + 0.5 if ranked else 0.0
    return ranked[raised - 1] if raised <= len(ranked) else 0.0


def measured(judged: Sequence[Judged], from_where: FromWhere) -> dict[str, Any]:
    """Shares read as possible or emergency, of all sentences and of those that others wrote."""
    figures: dict[str, Any] = {"sentences": len(judged)}
    for whose, of in (("", judged), (", by others", [one for one in judged if one.by_others])):
        for name, danger in (("danger", True), ("ordinary", False)):
            chosen = [one for one in of if one.is_danger is danger]
            for told, share in _shares(chosen, from_where):
                figures[f"{name}{whose} ({len(chosen)}): {told}"] = share
    return figures


def _shares(of: Sequence[Judged], from_where: FromWhere) -> Iterable[tuple[str, float]]:
    levels = [from_where.level(one) for one in of]
    for told, count in (
        ("possible or more, signs alone", sum(one.by_signs != "none" for one in of)),
        ("possible or more", sum(level != "none" for level in levels)),
        ("emergency", sum(level == "emergency" for level in levels)),
    ):
        yield told, round(count / max(1, len(of)), 3)
