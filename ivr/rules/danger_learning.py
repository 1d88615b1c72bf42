"""How the danger voter learns: logistic regression over parts, in plain Python.

Steps by AdaGrad (Duchi et al. 2011), in an order drawn from the sentences' own hash, so that the
same examples always give the same weights. Some seconds for thousands of examples: done by a
command when examples change, never at start-up. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, sqrt

from ivr.rules.danger_parts import Meanings, parts
from ivr.rules.danger_voter import WINDOW
from ivr.rules.folding import fold

_ROUNDS = 12
_STEP = 0.3
_SHRINK = 1e-4
_LEAST_SEEN = 2
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, whether it is danger, and how much it counts."""

    text: str
    is_danger: bool
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: a weight for each part, and what all words start from."""

    weights: dict[str, float]
    bias: float


def learn(examples: Sequence[Example], meanings: Meanings) -> Learned:
    """Learn from examples; a part that only one of them holds tells nothing."""
    rows = [(example, parts(fold(example.text).split()[:WINDOW], meanings)) for example in examples]
    seen = Counter(part for _, found in rows for part in found)
    known = [
        (example, [part for part in found if seen[part] >= _LEAST_SEEN]) for example, found in rows
    ]
    learning = _Learning()
    for turn in range(_ROUNDS):
        for example, found in sorted(known, key=lambda row: _drawn(turn, row[0].text)):
            if found:
                learning.see(example, found)
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
        for part in found:
            slope = wrong * scale + _SHRINK * self.weights[part]
            self._moved[part] += slope * slope
            self.weights[part] -= _STEP * slope / sqrt(self._moved[part])
        self._bias_moved += wrong * wrong
        self.bias -= _STEP * wrong / sqrt(self._bias_moved)
