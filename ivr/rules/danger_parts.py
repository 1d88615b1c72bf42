"""What the danger voter looks at in words: what was said, who stands near what, and meanings.

Meanings are the city's lists of words that mean the same in both languages; from them the voter
learns that somebody small was swallowed by something, whatever it was called. Pure; knows no weights.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.folding import fold

_PIECE = 4
_LONGEST_WORD = 20
_SHORTEST_STEM = 3
_NEAR_WORDS = 3
_NEAR_MEANINGS = 6
_ENDINGS = (
    *("ing", "ed", "es", "s", "ando", "iendo", "aron", "ado", "ada", "ito", "ita"),
    *("os", "as", "o", "a"),
)


@dataclass(frozen=True, slots=True)
class Meanings:
    """Which meanings a word or a beginning of a word has, and the scenes that meanings make."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scenes: tuple[frozenset[str], ...] = ()
    """Meanings that together name a danger: a second witness, never enough alone."""

    def of(self, word: str) -> tuple[str, ...]:
        """The word's meanings, each once, in a steady order."""
        found = set(self.words.get(word, ()))
        for end in range(_SHORTEST_STEM, min(len(word), _LONGEST_WORD) + 1):
            found.update(self.stems.get(word[:end], ()))
        return tuple(sorted(found))

    def scene(self, words: Sequence[str]) -> frozenset[str]:
        """The first scene whose meanings the words hold; empty when there is none."""
        held = {meaning for word in words for meaning in self.of(word)}
        return next((scene for scene in self.scenes if scene <= held), frozenset())


def parts(words: Sequence[str], meanings: Meanings) -> tuple[str, ...]:
    """The parts of folded words, each once, in a steady order."""
    return tuple(dict.fromkeys(_parts(words, meanings)))


def _parts(words: Sequence[str], meanings: Meanings) -> Iterator[str]:
    yield from words
    for one, other in pairwise(words):
        yield f"{one} {other}"
    yield from _beginnings([_beginning(word) for word in words])
    for word in words:
        if len(word) > _PIECE:
            padded = f"<{word[:_LONGEST_WORD]}>"
            for at in range(len(padded) - _PIECE + 1):
                yield f"~{padded[at : at + _PIECE]}"
    yield from _meant([meanings.of(word) for word in words])


def _beginning(word: str) -> str:
    """The word without its ending, roughly, in either language."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _beginnings(begun: Sequence[str]) -> Iterator[str]:
    for at, one in enumerate(begun):
        yield f"#{one}"
        for other in begun[at + 1 : at + 1 + _NEAR_WORDS]:
            yield f"&{one} {other}"


def _meant(meant: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Each meaning, and each two meanings that stand near each other, in either order."""
    for at, here in enumerate(meant):
        for one in here:
            yield f"={one}"
            for near in meant[at + 1 : at + 1 + _NEAR_MEANINGS]:
                for other in near:
                    yield f"+{min(one, other)} {max(one, other)}"


def compile_meanings(document: object) -> Meanings:
    """Compile a document of meanings and scenes.

    Raises:
        CityPackError: lists every mistake.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    named = given.get("meanings")
    if not isinstance(named, Mapping):
        raise CityPackError(["danger meanings: there is no map of meanings"])
    mistakes = [
        f"danger meanings: {name} is not a text of words"
        for name, words in named.items()
        if not isinstance(words, str)
    ]
    scenes = tuple(
        frozenset(scene) for line in given.get("scenes") or () for scene in _scenes(str(line))
    )
    unknown = sorted({word for scene in scenes for word in scene} - set(map(str, named)))
    mistakes += [f"danger meanings: a scene names {name!r}, which is none" for name in unknown]
    mistakes += ["danger meanings: a scene is empty" for scene in scenes if not scene]
    if mistakes:
        raise CityPackError(mistakes)
    words, stems = _sorted_out(named)
    return Meanings(words, stems, scenes)


def _scenes(line: str) -> Iterator[tuple[str, ...]]:
    """The scenes of a line: `fire/gas child/elder` are four."""
    return product(*(place.split("/") for place in line.split()))


def _sorted_out(
    named: Mapping[str, str],
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    words: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for name, listed in named.items():
        for word in listed.split():
            book = stems if word.endswith("*") else words
            key = fold(word.rstrip("*"))
            book[key] = (*book.get(key, ()), name)
    return words, stems
