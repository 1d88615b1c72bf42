"""A packet in plain words, for a centre that reads no packets: a page, a printed sheet, a terminal.

Takes any packet, ours or theirs, valid or not, and never shows markup of it. Knows no row.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from calltaker.handoff import pidf, shapes
from calltaker.handoff.pidf import PidfError
from calltaker.handoff.reading import mapping, objects, target, text, texts
from calltaker.handoff.shapes import Kind, Part

_TAG = re.compile(r"<[^>]{0,2000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Place:
    """One place in words: its role, the address or point, and what was added to it."""

    role: str
    text: str
    description: str


@dataclass(frozen=True, slots=True)
class Written:
    """One note: when it was last changed, and its lines."""

    at: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is read off a packet; "" where it says nothing."""

    incident: str
    number: str
    at: str
    common_type: str
    type_text: str
    level: str
    priority: str
    status: str
    from_agency: str
    to_agency: str
    agent: str
    calls: tuple[Mapping[str, str], ...]
    call_backs: tuple[str, ...]
    places: tuple[Place, ...]
    notes: tuple[Written, ...]
    links: tuple[str, ...]


def cleaned(note: str) -> str:
    """A note from outside as plain text: unescaped, without tags, without control characters."""
    return _CONTROL.sub(" ", _TAG.sub(" ", html.unescape(_TAG.sub(" ", note)))).strip()


def read(document: Mapping[str, Any]) -> Sheet:
    """Read a packet for people."""
    parts = shapes.parts_of(document)
    incident = mapping(document.get(shapes.INCIDENT))
    return Sheet(
        incident=text(document.get("$id")),
        number=text(incident.get("internalIncidentId")),
        at=text(document.get("lastUpdateTimeStamp")),
        common_type=text(incident.get("incidentTypeCommonRegistryText")),
        type_text=" ".join(filter(None, _type(incident))),
        level=text(incident.get("incidentPriorityInternalText")),
        priority=str(incident.get("incidentCommonPriorityNumber", "")),
        status=", ".join(texts(incident.get("incidentStatusCommonRegistryText"))),
        from_agency=_agency(parts, "CallReceiving"),
        to_agency=_agency(parts, "TransferredTo"),
        agent=target(document.get("updatedByAgentReference")),
        calls=tuple(_calls(parts)),
        call_backs=tuple(_call_backs(parts)),
        places=tuple(_places(parts)),
        notes=tuple(_notes(parts)),
        links=tuple(_links(parts)),
    )


def _type(incident: Mapping[str, Any]) -> Iterator[str]:
    for name in ("incidentTypeInternalCode", "incidentTypeInternalText"):
        yield cleaned(text(incident.get(name)))


def _agency(parts: list[Part], role: str) -> str:
    held = (
        part.id
        for part in parts
        if part.kind is Kind.AGENCY
        and role in texts(part.fields.get("agencyRoleDescriptionRegistryText"))
    )
    return next(held, "")


def _calls(parts: list[Part]) -> Iterator[Mapping[str, str]]:
    for part in parts:
        if part.kind is Kind.CALL:
            yield {
                "id": part.id,
                "began": text(part.fields.get("callStartTimestamp")),
                "answered": text(part.fields.get("answerDate")),
                "state": text(part.fields.get("callStateRegistryText")),
                "verstat": text(part.fields.get("verstat")),
            }


def _call_backs(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        if part.kind is Kind.CALLBACK:
            updated = mapping(part.fields.get("updatedCbn")).get("updatedCbnIdentifierUri")
            if isinstance(updated, str):
                yield f"{_number(updated)} (given by the caller)"
            yield from map(_number, texts(part.fields.get("callBackInformationUri")))


def _number(uri: str) -> str:
    return _CONTROL.sub(" ", uri.removeprefix("tel:"))


def _places(parts: list[Part]) -> Iterator[Place]:
    for part in parts:
        if part.kind is not Kind.LOCATION:
            continue
        role = text(part.fields.get("locationTypeDescriptionRegistryText"))
        streets = texts(part.fields.get("intersectingStreetByValue"))
        shown = [_place(text(part.fields.get("locationByValue"))), *map(_place, streets)]
        description = cleaned(text(part.fields.get("locationDescriptionText")))
        yield Place(role, "; ".join(filter(None, shown)), description)


def _place(document: str) -> str:
    try:
        return pidf.read(document).text if document else ""
    except PidfError:
        return "(a location that cannot be read)"


def _notes(parts: list[Part]) -> Iterator[Written]:
    for part in parts:
        if part.kind is Kind.NOTE:
            lines = cleaned(text(part.fields.get("notesActionComments"))).splitlines()
            yield Written(text(part.fields.get("lastUpdateTimeStamp")), tuple(filter(None, lines)))


def _links(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        if part.kind is Kind.LINK:
            why = cleaned(text(part.fields.get("transactionReasonText")))
            yield f"{text(part.fields.get('incidentTrackingIdentifier'))} ({why})"


def as_text(document: Mapping[str, Any]) -> str:
    """The sheet for a terminal."""
    sheet = read(document)
    lines = [
        f"Incident   {sheet.number}  {sheet.incident}",
        f"Type       {sheet.common_type}  {sheet.type_text}",
        f"Priority   {sheet.priority} of 10, {sheet.level}",
        f"From, to   {sheet.from_agency} -> {sheet.to_agency}",
        *(f"Place      {place.text}  {place.description}" for place in sheet.places),
        *(f"Call back  {number}" for number in sheet.call_backs),
        *(f"Related    {link}" for link in sheet.links),
        *(f"  {line}" for note in sheet.notes for line in note.lines),
    ]
    return "\n".join(line.rstrip() for line in lines)


def call_back_numbers(document: Mapping[str, Any]) -> list[str]:
    """The numbers of a packet, as they were written after `tel:`."""
    found = objects(document.get("callbackComponent"))
    uris = [uri for each in found for uri in texts(each.get("callBackInformationUri"))]
    return [uri.removeprefix("tel:") for uri in uris if uri.startswith("tel:")]
