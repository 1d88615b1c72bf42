"""How urgent an outcome is. Knows nothing of questions or rules.

The order is stated once, here: emergency > urgent > routine > information.
"""

from enum import StrEnum


class Level(StrEnum):
    """Urgency of a determinant; compare levels with <, >, max(), never as plain text."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"
    INFORMATION = "information"

    @property
    def rank(self) -> int:
        """3 for an emergency down to 0 for information."""
        return _RANKS[self.value]

    # A StrEnum would compare by the alphabet, and "emergency" < "information".
    def __lt__(self, other: str) -> bool:
        return self.rank < _rank(other)

    def __le__(self, other: str) -> bool:
        return self.rank <= _rank(other)

    def __gt__(self, other: str) -> bool:
        return self.rank > _rank(other)

    def __ge__(self, other: str) -> bool:
        return self.rank >= _rank(other)


_RANKS = {"emergency": 3, "urgent": 2, "routine": 1, "information": 0}


def _rank(level: str) -> int:
    if not isinstance(level, Level):
        raise TypeError(f"a Level is compared with a Level only, not with {level!r}")
    return level.rank
