"""How far two readers agree beyond chance: Cohen's kappa, with the count it rests on. Pure.

Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960:
kappa = (observed - expected) / (1 - expected), where `expected` is what two readers with the same
habits and no eye for the case would agree on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """`n` cases read twice; shares from 0 to 1.

    `kappa` is 1 for full agreement, 0 for chance, below 0 for less than chance; None where it says
    nothing: no cases, or both readers gave every case the same one word.
    """

    n: int
    observed: float
    expected: float
    kappa: float | None

    @property
    def words(self) -> str:
        """Landis and Koch's words for a kappa (1977): a habit of speech, not a law."""
        if self.kappa is None:
            return "cannot be said"
        steps = ((0.0, "poor"), (0.2, "slight"), (0.4, "fair"), (0.6, "moderate"))
        for most, word in (*steps, (0.8, "substantial")):
            if self.kappa <= most:
                return word
        return "almost perfect"


def cohen(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Measure the agreement of pairs of words, the first reader's and the second's."""
    n = len(pairs)
    if not n:
        return Agreement(0, 0.0, 0.0, None)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    same = sum(1 for one, other in pairs if one == other)
    by_chance = sum(first[word] * second[word] for word in first)
    kappa = None if by_chance == n * n else (n * same - by_chance) / (n * n - by_chance)
    return Agreement(n, same / n, by_chance / (n * n), kappa)
