"""The known name that is spelt nearly as a word was heard, mostly without looking at every name.

Where at most two letters are too few or too many, one of a word's three pieces stands in the name
unbroken: only names that hold the beginning of a piece are measured then. A name so near is nearer
than any other, so nothing that measuring all would find is missed. Pure; knows no street.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rapidfuzz import fuzz, process

LIKE_ENOUGH = 84.0
"""rapidfuzz ratio from which a misspelt name is taken for a known one."""
_NEAR = 2
"""Letters that are put in or left out at most where a name is found by its pieces."""
_PIECE = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """Names with their places in order, and by three letters in a row the names that hold them."""

    places: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    holding: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def nearest(self, said: str) -> str | None:
        """The name most like `said` (both folded), the first of several; None if none is enough."""
        near = [self._best(said, names, _near_enough(said)) for names in self._likely(said)]
        found = [one for one in near if one is not None]
        if found:
            return min(found, key=lambda one: (-one[1], self.places[one[0]]))[0]
        best = self._best(said, self.places.keys(), LIKE_ENOUGH)
        return best[0] if best is not None else None

    def _likely(self, said: str) -> Iterator[tuple[str, ...]]:
        """The names that hold the beginning of one of the pieces; none for a word too short."""
        if len(said) < _PIECE * (_NEAR + 1):
            return
        for piece in range(_NEAR + 1):
            at = piece * len(said) // (_NEAR + 1)
            yield self.holding.get(said[at : at + _PIECE], ())

    def _best(self, said: str, names: Iterable[str], cutoff: float) -> tuple[str, float] | None:
        best = process.extractOne(said, names, scorer=fuzz.ratio, score_cutoff=cutoff)
        return None if best is None else (best[0], best[1])


def spelling_of(forms: Iterable[str]) -> Spelling:
    """Build the index of names; each name once, in their order."""
    places = {form: place for place, form in enumerate(dict.fromkeys(forms))}
    holding: dict[str, list[str]] = {}
    for form in places:
        for piece in {form[at : at + _PIECE] for at in range(len(form) - _PIECE + 1)}:
            holding.setdefault(piece, []).append(form)
    kept = {piece: tuple(names) for piece, names in holding.items()}
    return Spelling(MappingProxyType(places), MappingProxyType(kept))


def _near_enough(said: str) -> float:
    """The ratio that every name with `_NEAR` letters of difference reaches, and none with more.

    Of n letters, with names of n - 2 and n + 3 at the worst: 2 / (2n - 2) < 2.5 / 2n < 3 / (2n + 3)
    from n = 8 on.
    """
    return 100.0 * (1.0 - (_NEAR + 0.5) / (2 * len(said)))
