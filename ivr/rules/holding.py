"""Why a caller is held, and the sentence that they hear for it. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from models.states import HoldReason

SENTENCES: Mapping[HoldReason, str] = MappingProxyType(
    {
        HoldReason.LOOKING_UP: "hold_reason",
        HoldReason.CALLING_DEPARTMENT: "hold_calling_department",
        HoldReason.ASKING_COLLEAGUE: "hold_asking_colleague",
        HoldReason.WRITING_DOWN: "hold_writing_down",
    }
)
"""The key of each reason's sentence in the city pack."""


def sentence_of(reason: str | None) -> str:
    """The key of the sentence for a hold; of one with no reason, or an unknown one, the first."""
    known = next((each for each in HoldReason if each.value == reason), HoldReason.LOOKING_UP)
    return SENTENCES[known]
