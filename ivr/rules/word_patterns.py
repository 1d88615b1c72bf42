"""Small patterns over words, quick enough for every utterance.

A pattern is words with blanks between: `a/b` either word, `stem*` any word so begun, `@class` any
word of a class, `..` up to four words of anything. Patterns are found by their first word, so
time grows with the words spoken, not with the patterns written. Knows no meaning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ivr.rules.folding import fold

GAP = ".."
LONGEST_GAP = 4
_STEM = 3

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: whole words, beginnings of words, or a gap before it."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()
    gap: bool = False

    def takes(self, word: str) -> bool:
        """Say whether the word fits here."""
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Found(Generic[What]):
    """A pattern found: what it stands for, and the indexes of the words that made it."""

    what: What
    at: tuple[int, ...]


@dataclass(slots=True)
class Patterns(Generic[What]):
    """Many patterns, each standing for something."""

    _by_word: dict[str, list[tuple[tuple[Element, ...], What]]] = field(default_factory=dict)
    _by_stem: dict[str, list[tuple[tuple[Element, ...], What]]] = field(default_factory=dict)

    def add(self, pattern: str, what: What, classes: Mapping[str, Iterable[str]]) -> None:
        """Add a pattern.

        Raises:
            ValueError: it is empty, begins with a gap, or names a class that does not exist.
        """
        elements = _elements(pattern, classes)
        for word in elements[0].words:
            self._by_word.setdefault(word, []).append((elements, what))
        for stem in elements[0].stems:
            self._by_stem.setdefault(stem[:_STEM], []).append((elements, what))

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found."""
        return not (self._by_word or self._by_stem)

    @property
    def most_alike(self) -> int:
        """How many patterns begin with the same word or beginning: what one spoken word may cost."""
        books = (*self._by_word.values(), *self._by_stem.values())
        return max(map(len, books), default=0)

    def joined(self, more: "Patterns[What]") -> "Patterns[What]":
        """These patterns and more, as patterns of their own."""
        return Patterns(
            _joined(self._by_word, more._by_word), _joined(self._by_stem, more._by_stem)
        )

    def find(self, words: Sequence[str]) -> Iterator[Found[What]]:
        """Yield every pattern that the folded words hold, once for each beginning.

        A pattern with a place that none of the words could fill is passed over at once: that keeps
        long texts of one word, repeated, as quick as any.
        """
        said, fillable = frozenset(words), dict[int, bool]()
        for at, word in enumerate(words):
            candidates = self._by_word.get(word, [])
            stemmed = self._by_stem.get(word[:_STEM], ())
            for elements, what in (*candidates, *stemmed):
                known = fillable.get(id(elements))
                if known is None:
                    known = fillable[id(elements)] = _fillable(elements, said)
                if known and elements[0].takes(word):
                    places = _rest(elements, 1, words, at + 1)
                    if places is not None:
                        yield Found(what, (at, *places))


Book = dict[str, list[tuple[tuple[Element, ...], What]]]


def _joined(one: "Book[What]", other: "Book[What]") -> "Book[What]":
    found = dict(one)
    for word, patterns in other.items():
        found[word] = [*found.get(word, ()), *patterns]
    return found


def _fillable(elements: tuple[Element, ...], said: frozenset[str]) -> bool:
    """Whether every place of words alone could be filled by something that was said."""
    return all(
        bool(element.stems) or not said.isdisjoint(element.words) for element in elements[1:]
    )


def _elements(pattern: str, classes: Mapping[str, Iterable[str]]) -> tuple[Element, ...]:
    elements: list[Element] = []
    gap = False
    for part in pattern.split():
        if part == GAP:
            gap = True
            continue
        elements.append(_element(part, classes, gap=gap))
        gap = False
    if not elements or elements[0].gap or gap:
        raise ValueError(f"pattern {pattern!r} is empty, or begins or ends with a gap")
    return tuple(elements)


def _element(part: str, classes: Mapping[str, Iterable[str]], *, gap: bool) -> Element:
    words: set[str] = set()
    stems: list[str] = []
    for choice in part.split("/"):
        if choice.startswith("@"):
            if choice[1:] not in classes:
                raise ValueError(f"class {choice!r} does not exist")
            words.update(fold(word) for word in classes[choice[1:]])
        elif choice.endswith("*"):
            stems.append(_stem(choice))
        else:
            words.add(fold(choice))
    return Element(frozenset(words), tuple(stems), gap)


def _stem(choice: str) -> str:
    stem = fold(choice[:-1])
    if len(stem) < _STEM:
        raise ValueError(f"{choice!r} is too short a beginning")
    return stem


def _rest(
    elements: tuple[Element, ...], index: int, words: Sequence[str], at: int
) -> tuple[int, ...] | None:
    """The places of the remaining elements from `at` on, or None."""
    if index == len(elements):
        return ()
    element = elements[index]
    reach = LONGEST_GAP + 1 if element.gap else 1
    for place in range(at, min(at + reach, len(words))):
        if element.takes(words[place]):
            rest = _rest(elements, index + 1, words, place + 1)
            if rest is not None:
                return (place, *rest)
    return None
