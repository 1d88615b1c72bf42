"""How the danger voter learns: logistic regression over parts, in plain Python.

Steps by AdaGrad (Duchi et al. 2011), in an order drawn from the sentences' own hash, so that the
same examples always give the same weights. Half a minute for ten thousand: done by a command when
examples change, never at start-up. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, sqrt

from ivr.rules.danger_parts import Meanings, parts
from ivr.rules.danger_voter import WINDOW
from ivr.rules.folding import fold

_ROUNDS = 12
_STEP = 0.3
_SHRINK = 1e-4
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, whether it is danger, how much it counts, and whether its author knew nothing
    of what is learned here."""

    text: str
    is_danger: bool
    counts: float = 1.0
    by_others: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: a weight for each part, and what all words start from."""

    weights: dict[str, float]
    bias: float


@dataclass(frozen=True, slots=True)
class Taken:
    """An example taken to its parts: once, however often it is learned from."""

    example: Example
    parts: tuple[str, ...]


def taken(examples: Iterable[Example], meanings: Meanings) -> list[Taken]:
    """Take examples to their parts."""
    return [Taken(one, parts(fold(one.text).split()[:WINDOW], meanings)) for one in examples]


def learn(examples: Sequence[Taken]) -> Learned:
    """Learn from examples. A part of a single one counts too: its neighbours in that sentence
    take less of what the sentence says, which is worth more than what it learns by heart."""
    learning = _Learning()
    for turn in range(_ROUNDS):
        for one in sorted(examples, key=lambda one: _drawn(turn, one.example.text)):
            if one.parts:
                learning.see(one.example, one.parts)
    return Learned(dict(learning.weights), learning.bias)


def _drawn(turn: int, text: str) -> bytes:
    return sha256(f"{turn} {text}".encode()).digest()


class _Learning:
    """The weights while they are being learned, and how far each has moved."""

    def __init__(self) -> None:
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.bias = 0.0
        self._moved: defaultdict[str, float] = defaultdict(lambda: 1e-6)
        self._bias_moved = 1e-6

    def see(self, example: Example, found: Sequence[str]) -> None:
        """Take one step towards what the example says."""
        scale = 1.0 / sqrt(len(found))
        total = sum(self.weights[part] for part in found) * scale + self.bias
        believed = 1.0 / (1.0 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))
        wrong = (believed - example.is_danger) * example.counts
        weights, moved, pull = self.weights, self._moved, wrong * scale
        for part in found:
            slope = pull + _SHRINK * weights[part]
            moved[part] += slope * slope
            weights[part] -= _STEP * slope / sqrt(moved[part])
        self._bias_moved += wrong * wrong
        self.bias -= _STEP * wrong / sqrt(self._bias_moved)
