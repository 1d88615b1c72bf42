"""The words and figures of the compliance score: what is checked, and how much it weighs.

The figures are data: whoever changes one, or what a check looks at, gives the scale another name, so
that scores of different rules are never taken for the same. Knows no case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Weight(StrEnum):
    """How much a check counts."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Item(StrEnum):
    """What is checked."""

    RED_FLAGS_ASKED = "red_flags_asked"
    EMERGENCY_TRANSFERRED = "emergency_transferred"
    PLACE_VERIFIED = "place_verified"
    EMERGENCY_NOT_DECLINED = "emergency_not_declined"
    CALLBACK_VERIFIED = "callback_verified"
    QUESTIONS_IN_ORDER = "questions_in_order"
    DETERMINANT_KEPT = "determinant_kept"
    ADVICE_GIVEN = "advice_given"
    NO_QUESTION_SKIPPED = "no_question_skipped"
    READ_WORD_FOR_WORD = "read_word_for_word"
    LANGUAGE_OFFERED = "language_offered"
    CLOSING_READ = "closing_read"


class Result(StrEnum):
    """What became of a check."""

    MET = "met"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"


class Grade(StrEnum):
    """The step a case reaches; `not_scored` where no check applied at all."""

    MEETS = "meets"
    PARTLY = "partly"
    NON_COMPLIANT = "non_compliant"
    NOT_SCORED = "not_scored"


class UnderTriage(StrEnum):
    """Why a case may have been held for less than it was; every such case is read by a person."""

    LOWERED = "lowered"
    """The determinant that counted in the end is below the one the rules computed."""
    RAISED_BY_A_PERSON = "raised_by_a_person"
    """A person saw the emergency that the rules did not."""
    SENT_TO_911_ANYWAY = "sent_to_911_anyway"
    """911 was dialled for a case that stands below an emergency."""
    RED_FLAG_MISSED = "red_flag_missed"


WEIGHTS: Mapping[Item, Weight] = MappingProxyType(
    {
        Item.RED_FLAGS_ASKED: Weight.CRITICAL,
        Item.EMERGENCY_TRANSFERRED: Weight.CRITICAL,
        Item.PLACE_VERIFIED: Weight.CRITICAL,
        Item.EMERGENCY_NOT_DECLINED: Weight.CRITICAL,
        Item.CALLBACK_VERIFIED: Weight.MAJOR,
        Item.QUESTIONS_IN_ORDER: Weight.MAJOR,
        Item.DETERMINANT_KEPT: Weight.MAJOR,
        Item.ADVICE_GIVEN: Weight.MAJOR,
        Item.NO_QUESTION_SKIPPED: Weight.MAJOR,
        Item.READ_WORD_FOR_WORD: Weight.MINOR,
        Item.LANGUAGE_OFFERED: Weight.MINOR,
        Item.CLOSING_READ: Weight.MINOR,
    }
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures of the scoring; `name` changes whenever any of them, or a check, does.

    `transfer_seconds` is the longest time from the emergency's standing to the request for 911;
    below `meets_percent`, or with a major check missed, a case meets its protocol only partly.
    """

    name: str
    points: Mapping[Weight, int]
    transfer_seconds: float
    meets_percent: int


SCALE = Scale(
    name="2",
    points=MappingProxyType({Weight.CRITICAL: 10, Weight.MAJOR: 3, Weight.MINOR: 1}),
    transfer_seconds=5.0,
    meets_percent=90,
)
