"""The result of reading words for an intent; apart so that the menu's state can hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller seems to want.

    `intent` is a slug of the catalogue or "" when nothing is close enough: then a person takes
    the words. `confidence` is 0..1. `alternatives` are (slug, confidence), best first, without
    the winner. `decided_by` are the example phrases that decided, `language` is theirs.
    """

    intent: str = ""
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    decided_by: tuple[str, ...] = ()
    language: str = ""
