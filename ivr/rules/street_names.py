"""The names that a city's places have, as a value for the readers of speech.

Built once from the gazetteer; looks names up word by word, so a lookup does not grow with it.
Knows no position.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ivr.rules.folding import fold
from ivr.rules.street_sounds import sounds
from ivr.rules.street_spelling import Spelling, spelling_of
from ivr.rules.street_words import CONNECTORS, DIRECTIONS, TYPES

LONGEST_NAME = 5
SOUNDS_ALIKE = 60.0
"""rapidfuzz ratio from which a street that sounds the same is taken for a known one."""
_NEVER_INSIDE = CONNECTORS | DIRECTIONS.keys() | TYPES.keys()
"""Words that end a misheard name: "alverno and" is no Alvernon."""
_SHORTEST_LIKE = 4
_SHORTEST_SOUND = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Street and landmark names by their folded forms.

    `streets` maps a folded form to (canonical name, also an ordinary word);
    `landmarks` maps a folded form to the landmark's name; `by_sound` maps a key of sound to the
    folded forms of streets that share it; `spelling` finds a street by most of its letters.
    """

    streets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    landmarks: dict[str, str] = field(default_factory=dict)
    by_sound: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spelling: Spelling = field(default_factory=Spelling)

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
        """A known street that sounds so or is spelt nearly so at `at`: (name, index after it)."""
        for length in (3, 2, 1):
            said = " ".join(words[at : at + length])
            goes_on = _NEVER_INSIDE.intersection(words[at + 1 : at + length])
            if len(said) < _SHORTEST_LIKE or at + length > len(words) or goes_on:
                continue
            form = self._sounding(said) or self.spelling.nearest(said)
            if form is not None:
                return self.streets[form][0], at + length
        return None

    def _sounding(self, said: str) -> str | None:
        """The folded form nearest in letters among those that sound like `said`."""
        forms = {
            form
            for key in sounds(said)
            if len(key) >= _SHORTEST_SOUND
            for form in self.by_sound.get(key, ())
        }
        best = process.extractOne(said, forms, scorer=fuzz.ratio, score_cutoff=SOUNDS_ALIKE)
        return best[0] if best is not None else None


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
    return Names(by_street, by_landmark, _by_sound(by_street), spelling_of(by_street))


def _by_sound(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for form in forms:
        for key in sounds(form):
            found[key] = (*found.get(key, ()), form)
    return found
