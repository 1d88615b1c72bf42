"""What the editor's gate knows of a city: its pack, what is published, what is proposed instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from calltaker.authoring import documents, live_protocols
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.handoff import agencies
from calltaker.handoff.agencies import Agencies, AgenciesError
from calltaker.handoff.exchange import Exchange
from calltaker.intake.published import PublishedProtocols
from config import protocol_reference
from config.checking import facts_of
from config.city import CityPack
from config.directory import Destinations, read_destinations
from config.holidays import hours_of
from config.phrase_cases import cases_of
from config.protocol_reference import Around
from config.published import Published
from config.settings import Settings
from ivr.errors import CityPackError
from ivr.rules import phrase_gate
from ivr.rules.hours import Hours
from ivr.rules.menu_city_facts import CityFacts
from ivr.runtime import Runtime
from models import publications
from models.menu_parts import PromptRecording
from models.states import PublicationKind
from protocols.proof_jumps import jumps_of


def grounds_of(pack: CityPack, runtime: Runtime, *, production: bool) -> Grounds:
    """What the pages of the city's documents lean on; `runtime` is one that `config` built."""
    published = cast(Published, runtime.menus)
    packed, protocols = protocol_reference.of_pack(pack), PublishedProtocols()
    return Grounds(
        read={
            PublicationKind.HOURS: lambda document: _hours(document, runtime),
            PublicationKind.DESTINATIONS: _destinations_reader(
                pack, published, production=production
            ),
            PublicationKind.AGENCIES: lambda document: _agencies(document, published),
        },
        facts=lambda instead: _facts(pack, published, runtime, instead),
        live_menu=lambda: _live(runtime, PublicationKind.MENU),
        may_go_live=production,
        trial_number=pack.city.trial_number,
        jurisdictions=tuple(sorted({area.key for area in pack.jurisdictions.areas})),
        intents={slug: names.get("en", slug) for slug, names in pack.intents.names.items()},
        skills=tuple(sorted(pack.city.skill_groups)),
        zone=pack.time_zone,
        protocols=lambda now, instead: _around_protocols(
            _packed(packed, published, runtime, instead), protocols, runtime, now
        ),
        phrases=lambda document: phrase_gate.examine(document, pack.signs, cases_of(pack.path)),
    )


def _packed(
    pack: Around,
    published: Published,
    runtime: Runtime,
    instead: Mapping[PublicationKind, object],
) -> Around:
    """What the pack says, with what is published or to be taken instead of it."""
    hours = published.snapshot.hours
    if PublicationKind.HOURS in instead:
        hours = _hours(instead[PublicationKind.HOURS], runtime)
    destinations: Any = instead.get(PublicationKind.DESTINATIONS)
    destinations = destinations or _live(runtime, PublicationKind.DESTINATIONS)
    categories = _live(runtime, PublicationKind.CATEGORIES)
    return replace(
        pack,
        hours=hours,
        categories=categories or pack.categories,
        destinations=destinations or pack.destinations,
    )


def _around_protocols(
    around: Around, protocols: PublishedProtocols, runtime: Runtime, now: datetime
) -> ProtocolGrounds:
    with runtime.reading() as session:
        live = live_protocols.readable(session, protocols)
    named = around.categories["categories"]
    reference = protocol_reference.reference(around, now.astimezone(around.zone))
    return ProtocolGrounds(
        reference=replace(reference, jumps=jumps_of(live.values())),
        places=protocol_reference.titles(around),
        requests={row["slug"]: row["names"] for row in named},
        live=live,
    )


def _live(runtime: Runtime, kind: PublicationKind) -> Any:
    """The live document of a kind that has one, as data; None where there is none to be read."""
    with runtime.reading() as session:
        live = publications.live(session, kind, kind.value)
    return documents.shown(live.document) if live else None


def _facts(
    pack: CityPack,
    published: Published,
    runtime: Runtime,
    instead: Mapping[PublicationKind, object],
) -> CityFacts:
    """The city as it is published, with some documents taken instead of the live ones."""
    now = published.snapshot
    hours, destinations = now.hours, now.destinations
    if PublicationKind.HOURS in instead:
        hours = _hours(instead[PublicationKind.HOURS], runtime)
    if PublicationKind.DESTINATIONS in instead:
        destinations = read_destinations(instead[PublicationKind.DESTINATIONS])
    with runtime.reading() as session:
        rows = session.execute(select(PromptRecording.id, PromptRecording.seconds)).all()
    recordings = {row.id: row.seconds for row in rows}
    return replace(facts_of(pack, hours, destinations), recordings=recordings)


def _hours(document: object, runtime: Runtime) -> Hours:
    return hours_of(document, runtime.clock().date())


def _agencies(document: object, published: Published) -> Agencies:
    """Read the agencies; a line of theirs that nothing dials would name nobody."""
    try:
        found = agencies.read(document)
    except AgenciesError as wrong:
        raise CityPackError(wrong.mistakes) from wrong
    points = published.snapshot.destinations.answering_points.values()
    known = {point.key for group in points for point in group}
    mistakes = [
        f"{agency.key}: destinations: {key!r} is no answering point of the destinations"
        for agency in found.agencies.values()
        for key in agency.destinations
        if key not in known
    ]
    if mistakes:
        raise CityPackError(mistakes)
    return found


def _destinations_reader(
    pack: CityPack, published: Published, *, production: bool
) -> Callable[[object], Destinations]:
    def read(document: object) -> Destinations:
        """Compile destinations; outside production each must be a rehearsal's number."""
        found = read_destinations(document, published.snapshot.hours.lines)
        strange = () if production else sorted(found.numbers() - pack.rehearsal_numbers)
        mistakes = [
            f"{number}: is not one of the rehearsal's numbers, and no other is dialled here"
            for number in strange
        ]
        unnamed = {area.key for area in pack.jurisdictions.areas} - set(found.answering_points)
        mistakes += [f"jurisdictions: {key} is missing" for key in sorted(unnamed & _served(pack))]
        if mistakes:
            raise CityPackError(mistakes)
        return found

    return read


def _served(pack: CityPack) -> set[str]:
    """The jurisdictions that have answering points of their own in the pack: none may be lost."""
    return {key for key in pack.destinations.answering_points if key}


def exchange_of(pack: CityPack, runtime: Runtime, chosen: Settings) -> Exchange:
    """What the exchange with 911 works with; `runtime` is one that `config` built."""
    published = cast(Published, runtime.menus)
    return Exchange(
        runtime=runtime,
        published=lambda: published.snapshot.agencies or pack.agencies,
        common_types=pack.common_types,
        protocols=PublishedProtocols(),
        own_key=chosen.handoff_key,
        secret=chosen.secret_key,
        jurisdiction_at=pack.jurisdiction_at,
        tested_lines=lambda: published.snapshot.destinations.tested,
    )
