"""The universal red-flag panel: dangers that end the questions of any protocol at once.

One key away from every question. Each flag is an emergency; choosing one says
so in the call-taker's own judgement and needs no question. The panel is data
(`red_flags.yaml`, read by `loading.load_red_flags`). Knows no YAML, no call and
no desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.levels import Level
from protocols.script import Destination, DestinationKind, Determinant, Text
from protocols.sections import Node, Notes, Section, refuse_repeats

MOST_FLAGS: Final = 9
"""One number key each."""
UNKNOWN_CODE: Final = "911OPN"
"""The common code of a flag that the panel no longer has."""

_KEYS: Final = ("id", "title", "note", "common_code", "script", "advice", "covers")
_TO_911: Final = Destination(DestinationKind.NINE_ONE_ONE, "by_jurisdiction")


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One danger.

    `title` stands on the panel, `note` says to the call-taker what belongs to
    it; `script` is read to the caller at once, `advice` while 911 rings.
    `covers` lists the entries of the city's own 911 lists that it stands for.
    """

    id: str
    title: Text
    note: Text
    common_code: str
    script: Text
    advice: Text
    covers: tuple[str, ...] = ()

    @property
    def determinant(self) -> Determinant:
        """The emergency determinant that stands when the flag is raised."""
        return _emergency(self.id, self.title, self.common_code, self.script, self.advice)


def determinant_of(panel: Mapping[str, RedFlag], flag: str) -> Determinant:
    """Give a flag's determinant; one that a later panel dropped is an emergency still."""
    if flag in panel:
        return panel[flag].determinant
    script = Text(
        "Stay on the line. I am connecting you to 911.",
        "No cuelgue. Le estoy comunicando con el 911.",
    )
    return _emergency(flag, Text("Emergency", "Emergencia"), UNKNOWN_CODE, script, script)


def panel(root: Node, notes: Notes) -> tuple[RedFlag, ...] | None:
    """Read the panel's document, in the order of its number keys; None if a mistake was noted."""
    section = Section(root, "protocol", notes, ("red_flags",))
    parts = section.parts("red_flags", "red flag", 1, MOST_FLAGS, _KEYS)
    flags = tuple(_flag(part) for part in parts)
    refuse_repeats(((f.id, part) for f, part in zip(flags, parts, strict=True)), "red flag")
    return None if notes.mistakes else flags


def _flag(part: Section) -> RedFlag:
    return RedFlag(
        id=part.identifier("id"),
        title=part.both_languages("title"),
        note=part.both_languages("note"),
        common_code=part.line_of_text("common_code", "E16"),
        script=part.both_languages("script"),
        advice=part.both_languages("advice"),
        covers=part.texts("covers", 0, 50, "an entry"),
    )


def _emergency(flag: str, title: Text, code: str, script: Text, advice: Text) -> Determinant:
    return Determinant(
        id=f"red_flag_{flag}",
        level=Level.EMERGENCY,
        title=title,
        destination=_TO_911,
        common_code=code,
        request_code=None,
        script=script,
        advice=advice,
        priority=10,
    )
