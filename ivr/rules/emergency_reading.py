"""The result of reading words for an emergency; apart so that the menu's state can hold it."""

from dataclasses import dataclass

from models.states import EmergencyLevel

_RANK = {EmergencyLevel.NONE: 0, EmergencyLevel.POSSIBLE: 1, EmergencyLevel.EMERGENCY: 2}


@dataclass(frozen=True, slots=True)
class EmergencyReading:
    """How urgent words are, why, and which words said so (personal: the caller's own)."""

    level: EmergencyLevel = EmergencyLevel.NONE
    reason: str = "no sign"
    words: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """0 none, 1 possible, 2 emergency: for comparing, never for show."""
        return _RANK[self.level]


def higher(one: EmergencyReading, other: EmergencyReading) -> EmergencyReading:
    """Return the more urgent of two readings, the first when equal: a reading never falls."""
    return other if other.rank > one.rank else one
