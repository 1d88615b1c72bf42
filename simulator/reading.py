"""Reads fields of a parsed file and collects what is wrong with them, instead of stopping at the first.

Knows nothing of what the fields mean.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

URL = re.compile(r"https?://[^\s/]+(/\S*)?")


class Reader:
    """One reading; `faults` names everything that was wrong, each with its place in the file."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, where: str, what: str) -> None:
        """Something is wrong there."""
        self.faults.append(f"{where}: {what}")

    def table(self, value: object, where: str, known: Iterable[str]) -> Mapping[str, Any]:
        """A map with no other fields than the known ones."""
        if not isinstance(value, Mapping):
            self.fault(where, "a map is needed")
            return {}
        for name in sorted(set(value) - set(known)):
            self.fault(where, f"unknown field {name!r}")
        return value

    def rows(self, value: object, where: str) -> list[tuple[str, Any]]:
        """A list's rows, each with its place."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(where, "a list is needed")
            return []
        return [(f"{where}[{place}]", row) for place, row in enumerate(value)]

    def text(
        self, table: Mapping[str, Any], name: str, where: str, default: str | None = None
    ) -> str:
        """A text; without a default it must be there."""
        value = table.get(name, default)
        if not isinstance(value, str) or (not value and default is None):
            self.fault(where, f"{name} is needed, as text")
            return ""
        return value

    def matching(
        self, table: Mapping[str, Any], name: str, where: str, pattern: re.Pattern[str]
    ) -> str:
        """A text of that pattern."""
        value = self.text(table, name, where)
        if value and not pattern.fullmatch(value):
            self.fault(where, f"{name} {value!r} does not look like {pattern.pattern}")
        return value

    def url(self, table: Mapping[str, Any], name: str, where: str) -> str | None:
        """An address, or None when it is not given."""
        return self.matching(table, name, where, URL) if table.get(name) else None

    def figure(self, table: Mapping[str, Any], name: str, where: str, default: float) -> float:
        """A number from 0 on."""
        value = table.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            self.fault(where, f"{name} is to be a number, not below 0")
            return default
        return float(value)
