"""Judges a packet by what it says, after its shape: every rule, every fault at once.

The published schemas let through an unknown role, a dangling reference, a packet without a place or
a call. These rules do not. Rules V00 to V16; never raises on any JSON object. Knows no row and no
request.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from calltaker.handoff import identifiers, registries, shapes, validation_places
from calltaker.handoff.agencies import Right
from calltaker.handoff.findings import Finding, Ground
from calltaker.handoff.packet import VERSION
from calltaker.handoff.reading import mapping, objects, target, text, texts
from calltaker.handoff.rendering import NUMBER_UNKNOWN
from calltaker.handoff.shapes import Kind, Part

NOTE_CHARACTERS = 100_000
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_TIMES = ("lastUpdateTimeStamp", "callStartTimestamp", "answerDate")

Rule = Callable[[Mapping[str, Any], list[Part], Ground], Iterator[Finding]]


def check(document: Mapping[str, Any], ground: Ground) -> tuple[Finding, ...]:
    """Every fault of a packet, in the order of the rules."""
    parts = shapes.parts_of(document)
    found = list(shapes.check(document))
    for rule in RULES:
        found.extend(rule(document, parts, ground))
    return tuple(sorted(found, key=lambda each: each.rule))


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that refuse the packet."""
    return tuple(each for each in findings if each.blocks)


def instant_of(value: object) -> datetime | None:
    """An RFC 3339 time with its offset, None for anything else."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None


def _version(document: Mapping[str, Any], _parts: list[Part], _on: Ground) -> Iterator[Finding]:
    said = document.get("eidoVersion")
    if said != VERSION:
        yield Finding("V01", "$.eidoVersion", f"must be {VERSION!r}, is {_short(said)}")


def _agencies(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    agencies = _of(parts, Kind.AGENCY)
    if not agencies:
        yield Finding("V02", "$.agencyComponent", "names no agency")
    for part in agencies:
        for n, role in enumerate(_roles(part)):
            if role not in registries.AGENCY_ROLES:
                where = f"{part.path}.agencyRoleDescriptionRegistryText[{n}]"
                yield Finding("V02", where, f"{_short(role)} is no role of an agency")


def _both_sides(_document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    for role, domain in (("CallReceiving", on.sender), ("TransferredTo", on.receiver)):
        holders = [part.id for part in _of(parts, Kind.AGENCY) if role in _roles(part)]
        if holders != [domain]:
            named = ", ".join(map(_short, holders)) or "nobody"
            what = f"{role} must be {domain} alone, is {named}"
            yield Finding("V03", "$.agencyComponent", what)


def _owners(_document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    owning = "incidentOwningAgencyIndicator"
    owners = [p for p in _of(parts, Kind.AGENCY) if p.fields.get(owning) is True]
    if len(owners) > 1:
        yield Finding("V04", f"{owners[1].path}.{owning}", "an incident has one owner at most")
    if on.first and not owners:
        yield Finding("V04", "$.agencyComponent", "the first packet of a handoff names its owner")


_NAMES: Mapping[str, Kind] = {
    "updatedByAgencyReference": Kind.AGENCY,
    "updatedByAgentReference": Kind.AGENT,
    "agencyReference": Kind.AGENCY,
    "involvedAgencyReference": Kind.AGENCY,
    "agentReference": Kind.AGENT,
    "locationReference": Kind.LOCATION,
    "personReference": Kind.PERSON,
    "notesReference": Kind.NOTE,
    "callBackReference": Kind.CALLBACK,
}


def _references(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    kinds = {part.id: part.kind for part in parts if part.id}
    for part in parts:
        for name, kind in _NAMES.items():
            given = part.fields.get(name)
            for where, each in _each(given, f"{part.path}.{name}"):
                named = target(each)
                if named and kinds.get(named) is not kind:
                    what = "names no part" if named not in kinds else f"names no {kind.value}"
                    yield Finding("V05", where, f"{what} of this packet: {_short(named)}")


def _each(given: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(given, list):
        yield from ((f"{path}[{n}]", each) for n, each in enumerate(given))
    elif given is not None:
        yield path, given


_FORMS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.ROOT: lambda each: identifiers.is_urn(each, identifiers.INCIDENT),
    Kind.CALL: lambda each: identifiers.is_urn(each, identifiers.CALL),
    Kind.AGENCY: identifiers.is_agency,
    Kind.AGENT: identifiers.is_agent,
}


def _identifiers(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    counted = Counter(part.id for part in parts if part.id)
    for part in parts:
        if not part.id:
            continue
        if not _FORMS.get(part.kind, _is_component)(part.id):
            what = f"is no identifier of a {part.kind.value}: {_short(part.id)}"
            yield Finding("V06", f"{part.path}.$id", what)
        if counted[part.id] > 1:
            yield Finding("V06", f"{part.path}.$id", f"stands {counted[part.id]} times")


def _is_component(each: object) -> bool:
    return identifiers.is_urn(each, identifiers.COMPONENT)


def _times(_document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    latest = on.now + timedelta(seconds=on.clock_skew_seconds)
    for part in parts:
        for name in _TIMES:
            if name not in part.fields:
                continue
            at, where = instant_of(part.fields[name]), f"{part.path}.{name}"
            if at is None:
                what = "is no RFC 3339 time with an offset"
                yield Finding("V07", where, f"{what}: {_short(part.fields[name])}")
            elif at > latest:
                yield Finding("V07", where, "lies in the future")
        begun = instant_of(part.fields.get("callStartTimestamp"))
        answered = instant_of(part.fields.get("answerDate"))
        if begun and answered and answered < begun:
            yield Finding("V07", f"{part.path}.answerDate", "lies before callStartTimestamp")


_WORDS: tuple[tuple[Kind, str, frozenset[str]], ...] = (
    (Kind.AGENCY, "agencyType", registries.AGENCY_TYPES),
    (Kind.AGENT, "agentRoleRegistryText", registries.AGENT_ROLES),
    (Kind.INCIDENT, "incidentStatusCommonRegistryText", registries.INCIDENT_STATUSES),
    (Kind.PERSON, "personIncidentRoleRegistryText", registries.PERSON_ROLES),
    (Kind.LOCATION, "locationTypeDescriptionRegistryText", registries.LOCATION_TYPES),
    (Kind.CALL, "standardPrimaryCallType", registries.CALL_TYPES),
    (Kind.CALL, "callStateRegistryText", registries.CALL_STATES),
    (Kind.CALL, "direction", registries.CALL_DIRECTIONS),
    (Kind.LINK, "linkDirectionCode", registries.LINK_DIRECTIONS),
)


def _registries(document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    """Unknown words block what we send; what comes to us is kept, with a warning."""
    words = (*_WORDS, (Kind.INCIDENT, "incidentTypeCommonRegistryText", on.common_types))
    for kind, name, known in words:
        for part in _of(parts, kind):
            for where, word in _each(part.fields.get(name), f"{part.path}.{name}"):
                if isinstance(word, str) and word not in known:
                    what = f"{_short(word)} is not in the registry"
                    yield Finding("V08", where, what, blocks=on.outgoing or name == "direction")
    for n, given in enumerate(objects(mapping(document.get(shapes.INCIDENT)).get(_DISPOSED))):
        code = given.get("dispositionCommonRegistryCode")
        if not isinstance(code, str) or code not in registries.DISPOSITIONS:
            where = f"$.{shapes.INCIDENT}.{_DISPOSED}[{n}].dispositionCommonRegistryCode"
            what = f"{_short(code)} is not in the registry"
            yield Finding("V08", where, what, blocks=on.outgoing)


_DISPOSED = "dispositionComponent"


def _callbacks(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    explained = any(_note(part).startswith(NUMBER_UNKNOWN) for part in _of(parts, Kind.NOTE))
    for part in _of(parts, Kind.CALL):
        if not target(part.fields.get("callBackReference")) and not explained:
            what = f"names no call-back, and no note says '{NUMBER_UNKNOWN}: why'"
            yield Finding("V12", f"{part.path}.callBackReference", what, blocks=False)


def _callers(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    calls = _of(parts, Kind.CALL)
    if not calls:
        yield Finding("V13", "$.callComponent", "there is no call")
    on_calls = {
        call
        for part in _of(parts, Kind.PERSON)
        if "Caller" in texts(part.fields.get("personIncidentRoleRegistryText"))
        for call in texts(part.fields.get("callIdentifier"))
    }
    for part in calls:
        if part.id not in on_calls:
            yield Finding("V13", part.path, "no person with role Caller is on this call")


def _priority(document: Mapping[str, Any], _parts: list[Part], on: Ground) -> Iterator[Finding]:
    incident = document.get(shapes.INCIDENT)
    path = f"$.{shapes.INCIDENT}.incidentCommonPriorityNumber"
    if not isinstance(incident, Mapping):
        if on.outgoing:
            yield Finding("V14", f"$.{shapes.INCIDENT}", "is missing, and with it the priority")
        return
    given = incident.get("incidentCommonPriorityNumber")
    if given is None and not on.outgoing:
        yield Finding("V14", path, "is missing", blocks=False)
        return
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 10:
        yield Finding("V14", path, f"must be a whole number from 0 to 10, is {_short(given)}")
        return
    level = text(incident.get("incidentPriorityInternalText"))
    if on.outgoing and level not in on.levels:
        yield Finding("V14", path, f"level {_short(level)} is not in the table of levels")
    elif on.outgoing and not on.levels[level][0] <= given <= on.levels[level][1]:
        yield Finding("V14", path, f"{given} is out of step with level {level}")


def _notes(_document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    for part in _of(parts, Kind.NOTE):
        given, where = (
            text(part.fields.get("notesActionComments")),
            f"{part.path}.notesActionComments",
        )
        if len(given) > NOTE_CHARACTERS:
            what = f"holds {len(given)} characters; at most {NOTE_CHARACTERS}"
            yield Finding("V15", where, what)
        if _MARKUP.search(given) or _MARKUP.search(html.unescape(given)):
            what = "holds markup; it is taken as plain text"
            yield Finding("V15", where, what, blocks=on.outgoing)


def right_of_note(note: str) -> Right | None:
    """What a receiver must be allowed to know for a note of ours; None for what everybody gets."""
    if note.startswith("caller: "):
        return Right.WORDS
    if note.startswith("protocol "):
        return Right.ANSWERS
    standing = ("location unknown", NUMBER_UNKNOWN, "+")
    return None if note.startswith(standing) else Right.NOTES


def _rights(document: Mapping[str, Any], parts: list[Part], on: Ground) -> Iterator[Finding]:
    if on.rights is None:
        return
    if Right.NUMBER not in on.rights:
        for part in _of(parts, Kind.CALLBACK):
            yield Finding("V16", part.path, "the receiver has no right to the number")
    incident = mapping(document.get(shapes.INCIDENT))
    is_health = text(incident.get("incidentTypeCommonRegistryText")) in on.health_types
    for part in _of(parts, Kind.NOTE):
        right = right_of_note(_note(part))
        if right is None:
            continue
        if right not in on.rights or (is_health and Right.HEALTH not in on.rights):
            yield Finding("V16", part.path, f"the receiver has no right to these {right.value}")
    calls = {part.id for part in _of(parts, Kind.CALL)}
    for part in _of(parts, Kind.PERSON):
        others = [each for each in texts(part.fields.get("callIdentifier")) if each not in calls]
        if others:
            yield Finding("V16", part.path, "is somebody on another call")


def _note(part: Part) -> str:
    return text(part.fields.get("notesActionComments"))


def _roles(part: Part) -> list[str]:
    return texts(part.fields.get("agencyRoleDescriptionRegistryText"))


def _of(parts: list[Part], kind: Kind) -> list[Part]:
    return [part for part in parts if part.kind is kind]


def _short(value: object) -> str:
    """A value as a message may show it: cut, and never with a line of its own."""
    return ascii(value)[:60]


RULES: tuple[Rule, ...] = (
    _version,
    _agencies,
    _both_sides,
    _owners,
    _references,
    _identifiers,
    _times,
    _registries,
    validation_places.check,
    _callbacks,
    _callers,
    _priority,
    _notes,
    _rights,
)
"""V01 to V16; V09 to V11 are those of places."""
