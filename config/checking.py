"""`./run check-menu FILE`: the gate in the terminal, no phone and no database.

Also makes what the gate knows of a city out of a city pack, for whoever else asks the gate.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from calltaker.authoring import documents
from config.city import CityPack, load
from config.directory import Destinations
from config.settings import ROOT
from ivr.errors import MenuError
from ivr.places.jurisdictions import OUTSIDE
from ivr.rules import emergency
from ivr.rules.hours import Hours
from ivr.rules.menu import compile_graph
from ivr.rules.menu_gate import (
    CityFacts,
    Examination,
    Finding,
    Outside,
    Purpose,
    examine,
)
from ivr.runtime import DirectoryEntry
from models.states import Language

_MARKS = {True: "error  ", False: "warning"}


def check(file: Path, *, live: bool, as_json: bool) -> int:
    """Examine a file and print what was found; 1 when something blocks, else 0.

    Raises:
        MenuError: the file cannot be read as a document at all.
    """
    purpose = Purpose.LIVE if live else Purpose.DEMONSTRATION
    examined = examine(
        _read(file), _facts(file), datetime.now(UTC), purpose, _progress(as_json=as_json)
    )
    shown = json.dumps(examined.as_json(), ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(shown if as_json else told(examined))
    return 0 if examined.passes else 1


def _read(file: Path) -> object:
    try:
        return documents.read(file.read_text("utf-8"))
    except documents.UnreadableError as broken:
        raise MenuError([f"{file.name}, line {broken.line}: {broken.what}"]) from broken
    except UnicodeDecodeError as broken:
        raise MenuError([f"{file.name}: is not text in UTF-8"]) from broken


def _facts(file: Path) -> CityFacts:
    """The shipped city's facts; none for a menu that does not compile, which may be the city's."""
    try:
        compile_graph(_read(file))
    except MenuError:
        return CityFacts()
    return facts_of(load(ROOT / "config/tucson"))


def _progress(*, as_json: bool) -> Callable[[float], None] | None:
    """Tell of progress on a terminal, where somebody waits for it."""
    if as_json or not sys.stderr.isatty():
        return None

    def tell(share: float) -> None:
        sys.stderr.write(f"\rexamined {share:4.0%}" + "\n" * (share >= 1))
        sys.stderr.flush()

    return tell


def told(examined: Examination) -> str:
    """An examination as lines of text."""
    lines = [line for finding in examined.findings for line in _told(finding)]
    errors = sum(finding.blocks for finding in examined.findings)
    longest, person = examined.longest_path, examined.seconds_to_person
    lines.append(
        f"{examined.nodes} nodes, {examined.turns_examined} turns examined: "
        f"{errors} errors, {len(examined.findings) - errors} warnings"
    )
    if longest.nodes:
        lines.append(f"longest way: {longest.seconds:.0f} s to {longest.nodes[-1]}")
    if person is not None:
        lines.append(f"a person within {person:.0f} s")
    return "".join(f"{line}\n" for line in lines)


def _told(finding: Finding) -> list[str]:
    language = f" ({finding.language})" if finding.language else ""
    where = finding.where or "whole menu"
    lines = [f"{_MARKS[finding.blocks]} {finding.code} {where}{language}: {finding.message}"]
    if finding.mend:
        lines.append(f"              mend: {finding.mend}")
    if finding.example:
        lines.append(f"              a caller gets there: {', '.join(finding.example)}")
    return lines


# What the gate knows of a city.


def facts_of(
    pack: CityPack, hours: Hours | None = None, destinations: Destinations | None = None
) -> CityFacts:
    """A city pack as the gate sees it; `hours` and `destinations` take the place of its own.

    Recordings and usage stand in the database: whoever has one adds them with `replace`. Switches
    are none of its facts: one exists from the day on which a menu that reads it is live.
    """
    directed = destinations or pack.destinations
    return CityFacts(
        hours=hours or pack.hours,
        intents=_intents(pack),
        jurisdictions=frozenset({OUTSIDE, *(area.key for area in pack.jurisdictions.areas)}),
        skills=frozenset(pack.city.skill_groups),
        directory={
            key: outside(entry, directed.verified.get(key))
            for key, entry in directed.directory.items()
        },
        danger=lambda words, language: emergency.read(words, language, pack.signs).level,
        voices=frozenset(pack.city.languages),
        places=_places(pack),
    )


def outside(entry: DirectoryEntry, verified_on: date | None) -> Outside:
    """An entry of the directory as the gate sees it."""
    return Outside(entry.key, entry.line, entry.fall_back, verified_on)


def _intents(pack: CityPack) -> Mapping[str, Mapping[Language, tuple[str, ...]]]:
    """Example phrases by intent, as the catalogue has them."""
    found: dict[str, dict[Language, tuple[str, ...]]] = {}
    for language, phrases in pack.intents.phrases.items():
        for phrase in phrases:
            of_intent = found.setdefault(phrase.slug, {})
            of_intent[language] = (*of_intent.get(language, ()), phrase.text)
    return found


def _places(pack: CityPack) -> Mapping[str, str]:
    """A landmark for each jurisdiction, so that an example can be tried by telephone."""
    found: dict[str, str] = {}
    for mark in pack.gazetteer.landmarks:
        at = pack.jurisdictions.at(*mark.at, mark.uncertainty_metres)
        if at.certain and at.kind != "tribal":
            found.setdefault(at.key, mark.name["en"])
    return found
