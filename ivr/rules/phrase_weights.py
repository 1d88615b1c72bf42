"""A small model learned from example phrases: which class an utterance's parts speak for.

Complement naive Bayes (Rennie et al. 2003): a part counts for a class by how rare it is in all the
others. Parts are words, neighbours and pieces of words; pieces take words that no example held.
Learned when a catalogue is compiled: new examples need no training elsewhere. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

SMOOTHING = 0.05
SHARPNESS = 2.0
"""How fast a lead becomes certainty: set so that shares meet what comes true (tuning split)."""
_PIECE = 4
_LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part adds to a class beyond what it adds to all, and each class's own slope."""

    gains: Mapping[str, Mapping[str, float]]
    slopes: Mapping[str, float]


def parts(words: Sequence[str]) -> tuple[str, ...]:
    """The parts of folded words, each once, in a steady order."""
    return tuple(dict.fromkeys(_parts(words)))


def _parts(words: Sequence[str]) -> Iterator[str]:
    yield from words
    for one, other in pairwise(words):
        yield f"{one} {other}"
    for word in words:
        if len(word) > _PIECE:
            padded = f"<{word[:_LONGEST_WORD]}>"
            for at in range(len(padded) - _PIECE + 1):
                yield f"~{padded[at : at + _PIECE]}"


def learn(examples: Iterable[tuple[Sequence[str], str]]) -> Weights:
    """Learn from pairs of folded words and their class; rare parts count more, long phrases no more."""
    rows = [(parts(words), name) for words, name in examples]
    within: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    among: defaultdict[str, float] = defaultdict(float)
    for found, name, rarity in _rarities(rows):
        for part, value in zip(found, rarity, strict=True):
            within[name][part] += value
            among[part] += value
    whole, kinds = sum(among.values()), len(among)
    gains: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for name, counted in within.items():
        for part, value in counted.items():
            elsewhere = max(among[part] - value, 0.0)
            gains[part][name] = log((among[part] + SMOOTHING) / (elsewhere + SMOOTHING))
    slopes = {
        name: log(whole - sum(counted.values()) + SMOOTHING * kinds)
        for name, counted in within.items()
    }
    return Weights(dict(gains), slopes)


def _rarities(
    rows: Sequence[tuple[tuple[str, ...], str]],
) -> Iterator[tuple[tuple[str, ...], str, list[float]]]:
    """Each example with its parts' rarities, brought to length one."""
    holding = Counter(part for found, _ in rows for part in found)
    for found, name in rows:
        rarity = [log(1 + len(rows) / holding[part]) for part in found]
        length = sqrt(sum(value * value for value in rarity)) or 1.0
        yield found, name, [value / length for value in rarity]


def shares(words: Sequence[str], weights: Weights) -> dict[str, float]:
    """How the model's belief divides over the classes, together 1; {} when it knows no part."""
    known = [part for part in parts(words) if part in weights.gains]
    if not known:
        return {}
    sums = {name: slope * len(known) for name, slope in weights.slopes.items()}
    for part in known:
        for name, gain in weights.gains[part].items():
            sums[name] += gain
    highest = max(sums.values())
    sharp = SHARPNESS / sqrt(len(known))
    grown = {name: exp(sharp * (total - highest)) for name, total in sums.items()}
    whole = sum(grown.values())
    return {name: value / whole for name, value in grown.items()}
