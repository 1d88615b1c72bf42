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

from config.yaml_text import read_yaml
from ivr.rules import emergency
from ivr.rules.danger_learning import Example, Learned, learn
from ivr.rules.danger_parts import Meanings, compile_meanings
from ivr.rules.danger_voter import FEW, TOO_FEW, Voter, vote, written
from models.states import EmergencyLevel, Language

FOLDS = 4
ORDINARY_POSSIBLE = 0.055
"""Share of ordinary sentences that signs and voter together may read as possible or more."""
ORDINARY_EMERGENCY = 0.008
"""Share of ordinary sentences that may be read as an emergency."""
INTENT_COUNTS = 0.5
"""Examples of intents are short and many: each counts half a sentence."""
_NOT_ORDINARY = frozenset({"crisis", "welfare_check"})
"""Intents whose own examples may be danger."""
AGAINST_DANGER = 0.06
"""Share of dangers with a sign of an emergency that may be asked about instead of connected."""
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the voter learns from: sentences that are judged, and short examples of intents."""

    sentences: tuple[Example, ...]
    intents: tuple[Example, ...]

    @property
    def all(self) -> tuple[Example, ...]:
        """Everything that is learned from."""
        return self.sentences + self.intents

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


def lessons_of(folder: Path, files: Mapping[str, str]) -> Lessons:
    """Read the city's examples: dangers, ordinary calls, and the examples of its intents."""
    sentences = [
        Example(text, danger)
        for name, danger in (("danger_examples", True), ("danger_ordinary", False))
        for text in _sentences(folder / files[name])
    ]
    document = read_yaml((folder / files["intents"]).read_text("utf-8"))
    intents = [
        Example(str(text), False, INTENT_COUNTS)
        for slug, intent in document["intents"].items()
        if slug not in _NOT_ORDINARY
        for language in Language
        for text in intent[language.value]
    ]
    return Lessons(tuple(sentences), (*intents, *_places(folder / files["gazetteer"])))


_PLACES = (
    "{0} and {1}", "at {0} and {1}", "corner of {0} and {1}", "{2} north {0}", "on {0} near {1}",
    "{0} y {1}", "en la {0} y {1}", "estoy por la {0}", "la esquina de {0} y {1}", "cerca de {0}",
)  # fmt: skip


def _places(gazetteer: Path) -> Iterable[Example]:
    """Answers to "where is it?": streets of the gazetteer, each in one form and beside another."""
    streets = [row["name"] for row in read_yaml(gazetteer.read_text("utf-8"))["streets"]]
    for at, street in enumerate(streets):
        said = _PLACES[at % len(_PLACES)].format(street, streets[at - 7], 100 + 37 * at)
        yield Example(said, False, INTENT_COUNTS)


def _sentences(path: Path) -> Iterable[str]:
    for topic in read_yaml(path.read_text("utf-8"))["topics"]:
        for language in Language:
            yield from filter(None, map(str.strip, topic.get(language.value, "").splitlines()))


def teach(folder: Path, tell: Callable[[str], None] = print) -> dict[str, Any]:
    """Learn from a city pack's examples and write its file of weights; returns what was measured."""
    files = read_yaml((folder / "pack.yaml").read_text("utf-8"))["files"]
    signs = emergency.compile_signs(_document(folder, files["emergency_signs"]))
    told = _document(folder, files["danger_meanings"])
    meanings, lessons = compile_meanings(told), lessons_of(folder, files)
    judged = list(_judged(lessons, meanings, signs, tell))
    from_where = thresholds(judged)
    learned = learn(lessons.all, meanings)
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
    return read_yaml((folder / name).read_text("utf-8"))


def _judged(
    lessons: Lessons, meanings: Meanings, signs: emergency.Signs, tell: Callable[[str], None]
) -> Iterable[Judged]:
    """Every sentence, weighed by weights that were learned without its part of the lessons."""
    for fold in range(FOLDS):
        tell(f"cross-validation, part {fold + 1} of {FOLDS}")
        kept = [example for example in lessons.all if _fold(example) != fold]
        voter = _voter(learn(kept, meanings), meanings)
        for example in lessons.sentences:
            if _fold(example) == fold:
                yield _read(example, voter, signs)


def _fold(example: Example) -> int:
    return sha256(example.text.encode()).digest()[0] % FOLDS


def _voter(learned: Learned, meanings: Meanings) -> Voter:
    return Voter(meanings, learned.weights, learned.bias, -_NEVER, _NEVER)


def _read(example: Example, voter: Voter, signs: emergency.Signs) -> Judged:
    by_signs = emergency.read(example.text, Language.EN, signs)
    heard = vote(example.text, voter)
    witnessed = bool(by_signs.words or heard.scene)
    return Judged(
        example.is_danger,
        heard.score,
        by_signs.level,
        witnessed and heard.length > FEW,
        witnessed or heard.length > TOO_FEW,
    )


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
    """Shares read as possible or emergency, by signs alone and by both voters."""
    figures: dict[str, Any] = {"sentences": len(judged)}
    for name, danger in (("danger", True), ("ordinary", False)):
        of = [one for one in judged if one.is_danger is danger]
        levels = [from_where.level(one) for one in of]
        for told, count in (
            ("possible or more, signs alone", sum(one.by_signs != "none" for one in of)),
            ("possible or more", sum(level != "none" for level in levels)),
            ("emergency", sum(level == "emergency" for level in levels)),
        ):
            figures[f"{name}: {told}"] = round(count / len(of), 3)
    return figures
