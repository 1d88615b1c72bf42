"""What protocols are held against: a city's destinations, hours, categories, codes and limits.

One place for the command line, which holds files against the city pack, and for publishing, which
holds drafts against what the city has published. Knows no protocol.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from config import city
from config.city import CityPack
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from ivr.rules import hours
from ivr.rules.hours import Hours
from protocols.proof_reference import Place, Reference

GATE = "protocol_gate.yaml"

Opening = Callable[[datetime], bool] | None
Names = Mapping[str, str]
"""A title by language."""


@dataclass(frozen=True, slots=True)
class Around:
    """The city's documents as plain data, and its opening hours compiled.

    `gate` is the pack's own file of limits, codes and partners; `served` names the jurisdictions.
    """

    gate: Mapping[str, Any]
    categories: Mapping[str, Any]
    destinations: Mapping[str, Any]
    hours: Hours
    served: Sequence[str]
    zone: ZoneInfo


def of_pack(pack: CityPack) -> Around:
    """A city as its pack describes it.

    Raises:
        CityPackError: the file of the gate cannot be read.
    """
    return Around(
        gate=gate_of(pack),
        categories=read_yaml(pack.first["categories"]),
        destinations=read_yaml(pack.first["destinations"]),
        hours=pack.hours,
        served=[area.key for area in pack.jurisdictions.areas],
        zone=ZoneInfo(pack.time_zone),
    )


def gate_of(pack: CityPack) -> Any:
    """The pack's own file of limits, codes and partners, as plain data.

    Raises:
        CityPackError: it cannot be read.
    """
    try:
        return read_yaml((pack.path / GATE).read_text("utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise CityPackError([f"{GATE}: cannot be read: {type(fault).__name__}"]) from fault


def reference_of(pack_path: Path, now: Callable[[ZoneInfo], datetime]) -> Reference:
    """Put together what the gate needs from a city pack's folder.

    Raises:
        CityPackError: lists what is missing.
    """
    around = of_pack(city.load(pack_path))
    return reference(around, now(around.zone))


def reference(around: Around, now: datetime) -> Reference:
    """Put together what the gate needs; `now` is aware and in the city's own zone.

    Raises:
        CityPackError: something in one of the documents is not as it should be.
    """
    gate = around.gate
    try:
        targets = dict(_targets(around.destinations, around.served, now))
        return Reference(
            now=now,
            places=_places(around, targets, now),
            targets_of_911=targets,
            common_codes=frozenset(gate["common_codes"]),
            request_codes=frozenset(row["slug"] for row in around.categories["categories"]),
            grades=gate["reading_grades"],
            danger_question=gate["danger_question"],
            longest_verified=timedelta(days=gate["longest_verified_days"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CityPackError([f"{GATE}: {fault!r}"]) from fault


def titles(around: Around) -> dict[str, Names]:
    """What each place is called, by its key such as `referral:gas_company`."""
    departments = around.categories["departments"]
    found: dict[str, Names] = {f"department:{key}": names for key, names in departments.items()}
    for key, row in around.gate["referrals"].items():
        found[f"referral:{key}"] = row["name"]
    for points in around.destinations["jurisdictions"].values():
        found.update({f"911:{point['key']}": point["name"] for point in points})
    return found


def _targets(
    document: Mapping[str, Any], served: Sequence[str], now: datetime
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Give the answering points of each jurisdiction; one without its own has `otherwise`'s."""
    rows = document["jurisdictions"]
    for jurisdiction in served:
        points = rows.get(jurisdiction) or rows[document["otherwise"]]
        yield (
            jurisdiction,
            tuple(
                Place(
                    f"911:{point['key']}",
                    dialled=True,
                    verified_on=_day(point.get("verified_on"), now),
                )
                for point in points
            ),
        )


def _places(
    around: Around, targets: Mapping[str, tuple[Place, ...]], now: datetime
) -> dict[str, Place]:
    """Give every place a protocol may lead to. A department's requests are taken day and night."""
    always = around.hours.line(hours.MAIN).always_open
    staffed = None if always else lambda at: hours.is_open(around.hours, at)
    openings: dict[str | None, Opening] = {
        "always": None,
        "line_hours": staffed,
        None: _never,
    }
    places = [Place(f"department:{key}") for key in around.categories["departments"]]
    places += [place for row in targets.values() for place in row]
    places += [
        Place(
            f"referral:{key}",
            openings[row["open"]],
            row["fallback"],
            dialled=True,
            verified_on=_day(row["verified_on"], now),
        )
        for key, row in around.gate["referrals"].items()
    ]
    return {place.key: place for place in places}


def _never(_at: datetime) -> bool:
    return False


def _day(given: object, now: datetime) -> datetime | None:
    """A day of a document, as a date or as text, from its midnight in the city's zone."""
    if given is None:
        return None
    day = given if isinstance(given, date) else date.fromisoformat(str(given))
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
