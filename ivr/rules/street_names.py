"""The names that a city's places have, as a value for the readers of speech.

Built once from the gazetteer; looks names up word by word, so a lookup does not grow with it.
Knows no position.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ivr.rules.folding import fold

LONGEST_NAME = 5
LIKE_ENOUGH = 84.0
"""rapidfuzz ratio from which a misspelt street is taken for a known one."""
_SHORTEST_LIKE = 4


@dataclass(frozen=True, slots=True)
class Names:
    """Street and landmark names by their folded forms.

    `streets` maps a folded form to (canonical name, also an ordinary word);
    `landmarks` maps a folded form to the landmark's name.
    """

    streets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    landmarks: dict[str, str] = field(default_factory=dict)

    def street_at(self, words: Sequence[str], at: int) -> tuple[str, int, bool] | None:
        """The longest known street at `at`: (name, index after it, also an ordinary word)."""
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            found = self.streets.get(" ".join(words[at : at + length]))
            if found is not None:
                return found[0], at + length, found[1]
        return None

    def landmark_at(self, words: Sequence[str], at: int) -> tuple[str, int] | None:
        """The longest known landmark at `at`: (name, index after it)."""
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            found = self.landmarks.get(" ".join(words[at : at + length]))
            if found is not None:
                return found, at + length
        return None

    def like(self, words: Sequence[str], at: int) -> tuple[str, int] | None:
        """A known street that is spelt nearly so at `at`: (name, index after it)."""
        for length in (3, 2, 1):
            said = " ".join(words[at : at + length])
            if len(said) < _SHORTEST_LIKE or at + length > len(words):
                continue
            best = process.extractOne(
                said, self.streets.keys(), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH
            )
            if best is not None:
                return self.streets[best[0]][0], at + length
        return None


NO_NAMES = Names()


def names_of(
    streets: Iterable[tuple[str, bool, Iterable[str]]],
    landmarks: Iterable[tuple[str, Iterable[str]]],
) -> Names:
    """Build names from (name, common, aliases) and (landmark, aliases); the first form wins."""
    by_street: dict[str, tuple[str, bool]] = {}
    for name, common, aliases in streets:
        by_street.setdefault(fold(name), (name, common))
        for alias in aliases:
            by_street.setdefault(fold(alias), (name, False))
    by_landmark: dict[str, str] = {}
    for name, aliases in landmarks:
        for form in (name, *aliases):
            by_landmark.setdefault(fold(form), name)
    return Names(by_street, by_landmark)
