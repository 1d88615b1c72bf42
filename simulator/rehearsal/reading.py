"""Reads values out of a YAML document and gathers every mistake with its place, instead of stopping at the first.

Knows nothing of scripts.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

Word = TypeVar("Word", bound=StrEnum)


class Reader:
    """Hands out values of the kind asked for; where the document has another, notes it and hands out an empty one."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def wrong(self, where: str, what: str) -> None:
        """Note a mistake and go on."""
        self.mistakes.append(f"{where}: {what}")

    def text(self, value: Any, where: str) -> str:
        """A string with something in it."""
        if isinstance(value, str) and value:
            return value
        self.wrong(where, f"must be a text, not {value!r} (quote numbers and keys)")
        return ""

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        """A mapping; empty when there is none."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.wrong(where, "must be a mapping")
        return {}

    def entries(self, value: Any, where: str) -> list[Any]:
        """A list; empty when there is none."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.wrong(where, "must be a list")
        return []

    def texts(self, value: Any, where: str) -> tuple[str, ...]:
        """A list of strings."""
        found = self.entries(value, where)
        return tuple(self.text(item, f"{where}[{place}]") for place, item in enumerate(found, 1))

    def seconds(self, value: Any, where: str) -> float:
        """A duration in seconds, zero or more."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and value >= 0:
            return float(value)
        self.wrong(where, f"must be a number of seconds, not {value!r}")
        return 0.0

    def claim(self, value: Any, where: str) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            self.wrong(where, f"must be true or false, not {value!r}")
        return value is True

    def word(self, kind: type[Word], value: Any, where: str) -> Word:
        """One of the words of `kind`; its first where the document has none of them."""
        words = [word.value for word in kind]
        if value not in words:
            self.wrong(where, f"{value!r} is not one of {', '.join(words)}")
            return next(iter(kind))
        return kind(value)

    def known(self, document: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
        """Refuse keys that nobody reads: a typing error must not pass for silence."""
        names = sorted(allowed)
        for key in document:
            if key not in names:
                self.wrong(f"{where}.{key}", f"is not known here (known: {', '.join(names)})")
