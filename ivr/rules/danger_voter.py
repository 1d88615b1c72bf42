"""A second voter on danger, learned from example sentences: what the signs have no words for.

Words without a sign become *possible* when enough speaks for danger; *emergency* needs a second
witness beside it, a sign or a scene. It never makes anything *none*. Pure: the weights are
a file of plain numbers that `danger_learning` made, handed in as a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.danger_parts import Meanings, parts
from ivr.rules.folding import fold

WINDOW = 60
"""Words that are weighed together; a longer text is weighed in halves that overlap."""
MOST_WINDOWS = 6
"""Of a text longer than any utterance, the first windows: the signs still read all of it."""
TOO_FEW = 2
"""So few words raise nothing without a witness: "answers" is a key's word, not a cry."""
FEW = 3
"""So few are never an emergency by this voter: a short cry is asked about."""
_SHOWN = 4
_UNIT = 1000
"""Weights stand in the file in thousandths."""


@dataclass(frozen=True, slots=True)
class Voter:
    """Weights by part, what all words start from, and from which sum on something is raised.

    Below `against_below` it speaks clearly against danger.
    """

    meanings: Meanings
    weights: Mapping[str, float] = field(repr=False)
    bias: float
    possible_from: float
    sure_from: float
    against_below: float = -1e9


@dataclass(frozen=True, slots=True)
class Vote:
    """How much speaks for danger (0 is even), which words most, and the scene they make."""

    score: float
    words: tuple[str, ...] = ()
    scene: frozenset[str] = frozenset()
    length: int = 0
    """Words that were weighed."""


def vote(text: str, voter: Voter) -> Vote:
    """Weigh words; the window that speaks most for danger counts."""
    words = fold(text).split()
    starts = range(0, max(1, len(words) - WINDOW // 2), WINDOW // 2)[:MOST_WINDOWS]
    windows = [words[start : start + WINDOW] for start in starts]
    return max((_weighed(window, voter) for window in windows), key=lambda one: one.score)


def _weighed(words: Sequence[str], voter: Voter) -> Vote:
    known = [part for part in parts(words, voter.meanings) if part in voter.weights]
    if not known:
        return Vote(min(voter.bias, 0.0))
    score = sum(voter.weights[part] for part in known) / sqrt(len(known)) + voter.bias
    if score < voter.possible_from:
        return Vote(score)
    scene = voter.meanings.scene(words)
    return Vote(score, _loudest(words, voter.weights), scene, len(words))


def _loudest(words: Sequence[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """The caller's own words that speak most for danger, in the order they were said."""
    heard = list(dict.fromkeys(words))
    ranked = sorted(heard, key=lambda word: -weights.get(word, 0.0))[:_SHOWN]
    chosen = {word for word in ranked if weights.get(word, 0.0) > 0.0}
    return tuple(word for word in heard if word in chosen)


def telling(text: str, voter: Voter) -> tuple[tuple[str, float], ...]:
    """What each known part of the words adds, the weightiest first; for people who ask why."""
    known = parts(fold(text).split()[:WINDOW], voter.meanings)
    weighed = [(part, voter.weights[part]) for part in known if part in voter.weights]
    return tuple(sorted(weighed, key=lambda one: -abs(one[1])))


def compile_voter(document: object, meanings: Meanings) -> Voter:
    """Read the file of weights that `danger_learning` wrote.

    Raises:
        CityPackError: it is not such a file.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    try:
        return Voter(
            meanings,
            {str(part): int(weight) / _UNIT for part, weight in given["weights"].items()},
            float(given["bias"]),
            float(given["possible_from"]),
            float(given["sure_from"]),
            float(given["against_below"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CityPackError([f"danger weights: {error!r} is missing or not a number"]) from error


def written(weights: Mapping[str, float]) -> dict[str, int]:
    """The weights as the file holds them: thousandths, without those that say nothing."""
    rounded = {part: round(weight * _UNIT) for part, weight in sorted(weights.items())}
    return {part: weight for part, weight in rounded.items() if abs(weight) >= _UNIT // 50}
