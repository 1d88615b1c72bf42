"""Maps and lists that are read where they are published, each time that they are asked.

What holds one never goes stale and never asks again. Knows no kind of document.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Current(Mapping[str, Value], Generic[Value]):
    """A map that is read where it is published, each time that it is asked."""

    def __init__(self, read: Callable[[], Mapping[str, Value]]) -> None:
        self._read = read

    def __getitem__(self, key: str) -> Value:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class Numbers(Container[str]):
    """The approved numbers, as they are published now."""

    def __init__(self, read: Callable[[], Container[str]], always: Container[str]) -> None:
        self._read = read
        self._always = always

    def __contains__(self, number: object) -> bool:
        return number in self._always or number in self._read()
