"""What importers share: how they refuse, what they tell of single records, and how they write.

An import takes what is sound, tells the rest by its number in the file, and puts its result into
the pack whole or not at all. Knows no format.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MOST_TOLD = 50
"""Faults that are kept to be told, of however many."""


class ImportRefusedError(Exception):
    """The file cannot be imported at all; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one record of the file: `at` is its line (the header is 1) or number."""

    at: int
    what: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: `taken` into the pack, records refused, and the first faults.

    `passed_over` counts records that are sound and not wanted: a road without a name.
    """

    taken: int
    refused: int
    faults: tuple[Fault, ...]
    passed_over: int = 0


@dataclass(slots=True)
class Told:
    """Faults as they are found: all are counted, the first are kept."""

    count: int = 0
    kept: list[Fault] = field(default_factory=list)

    def add(self, at: int, what: str) -> None:
        """One record is refused."""
        self.count += 1
        if len(self.kept) < MOST_TOLD:
            self.kept.append(Fault(at, what))


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Put a file of text there whole, or leave the older one.

    Raises:
        OSError: it cannot be written; the older one stands.
    """
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
