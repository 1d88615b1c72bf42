"""From nodes to the determinants of a protocol. Knows no YAML, no question and no rule."""

from typing import Final

from protocols.levels import Level
from protocols.script import Destination, DestinationKind, Determinant
from protocols.sections import Section, refuse_repeats

MOST_DETERMINANTS: Final = 100

_KEYS: Final = (
    "id", "level", "emergency", "title", "destination",
    "common_code", "request_code", "script", "advice", "priority",
)  # fmt: skip
NO_REQUEST: Final = "none"
"""Stands for a request code where no request is made."""


def determinants(section: Section) -> tuple[Determinant, ...]:
    """Read the list `determinants`."""
    parts = section.parts("determinants", "determinant", 1, MOST_DETERMINANTS, _KEYS)
    found = tuple(_determinant(part) for part in parts)
    refuse_repeats(((d.id, part) for d, part in zip(found, parts, strict=True)), "determinant")
    return found


def _determinant(part: Section) -> Determinant:
    mistakes_before = len(part.notes.mistakes)
    request_code = part.identifier("request_code", "E16")
    determinant = Determinant(
        id=part.identifier("id"),
        level=part.word("level", Level) or Level.EMERGENCY,
        title=part.both_languages("title"),
        destination=_destination(part),
        common_code=part.line_of_text("common_code", "E16"),
        request_code=None if request_code == NO_REQUEST else request_code,
        script=part.both_languages("script"),
        advice=part.both_languages("advice"),
        priority=part.whole("priority", 0, 10),
    )
    part.need("emergency")
    if len(part.notes.mistakes) == mistakes_before:
        _refuse_half_an_emergency(part, determinant)
    return determinant


def _destination(part: Section) -> Destination:
    section = part.inner("destination", ("kind", "key"))
    if section is None:
        return Destination(DestinationKind.DEPARTMENT, "")
    kind = section.word("kind", DestinationKind) or DestinationKind.DEPARTMENT
    return Destination(kind, section.identifier("key"))


def _refuse_half_an_emergency(part: Section, determinant: Determinant) -> None:
    """An emergency that goes elsewhere, or 911 for what is none, is a slip of the pen."""
    to_911 = determinant.destination.kind is DestinationKind.NINE_ONE_ONE
    if not part.flag("emergency") == determinant.emergency == to_911:
        part.note("level emergency, emergency: true and destination kind 911 go together")
