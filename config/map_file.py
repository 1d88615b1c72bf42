"""A map file that was opened: how many records, which columns, and the records themselves.

Knows no format.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.importing import ImportRefusedError
from ivr.rules.folding import fold

LARGEST = 300_000_000
"""Bytes of one file that are read: a county's roads have 30 million."""
MOST_RECORDS = 500_000
LONGEST_VALUE = 300
"""Characters of one value that are kept."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, counted from 1: its fields, its shape as GeoJSON has it, or what is `wrong`."""

    number: int
    fields: Mapping[str, str]
    shape: Mapping[str, Any] | None = None
    wrong: str = ""

    def first_of(self, columns: tuple[str, ...]) -> str:
        """The first of these columns that holds anything."""
        return next((value for name in columns if (value := self.fields.get(name, ""))), "")


@dataclass(frozen=True, slots=True)
class MapFile:
    """An open file: `name` without its folder, and records that can be gone through once."""

    name: str
    count: int
    columns: tuple[str, ...]
    records: Iterator[Record]

    def column(self, wanted: str, option: str) -> str:
        """A column as the file spells it.

        Raises:
            ImportRefusedError: there is none; names the option that chooses one.
        """
        known = {fold(name): name for name in self.columns}
        if fold(wanted) not in known:
            raise ImportRefusedError(
                f"no column {wanted}: name it with {option} (the file has"
                f" {', '.join(self.columns) or 'none'})"
            )
        return known[fold(wanted)]


def checked_count(count: int) -> int:
    """The number of records, when it is one that can be worked through.

    Raises:
        ImportRefusedError: none at all, or too many.
    """
    if not 0 < count <= MOST_RECORDS:
        raise ImportRefusedError(f"the file has {count} records; 1 to {MOST_RECORDS} can be read")
    return count


def as_text(value: object) -> str:
    """A field's value as text, blanks around it gone; nothing for no value."""
    return "" if value is None else str(value)[:LONGEST_VALUE].replace("\x00", "").strip()
