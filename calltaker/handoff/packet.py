"""The handoff packet: one incident as we know it now, in the exchange format (EIDO JSON 1.0).

Values and how they are written, nothing else: no row, no rule about what may be sent. Every update
is whole; a part that is known no more is not written. Source: NENA-STA-021.1b.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VERSION = "1.0"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a part last changed, and who changed it; `agent` is empty where nobody did by hand."""

    at: datetime
    agency: str
    agent: str = ""

    def written(self, part_id: str) -> Json:
        """The prologue that stands on every part."""
        return _filled(
            {
                "$id": part_id,
                "lastUpdateTimeStamp": instant(self.at),
                "updatedByAgencyReference": reference(self.agency),
                "updatedByAgentReference": reference(self.agent),
            }
        )


@dataclass(frozen=True, slots=True)
class Agency:
    """One side of the handoff; `id` is its domain. At most one owns the incident."""

    id: str
    stamp: Stamp
    roles: tuple[str, ...]
    types: tuple[str, ...]
    owns: bool | None = None

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "agencyRoleDescriptionRegistryText": list(self.roles),
                "agencyType": list(self.types),
                "incidentOwningAgencyIndicator": self.owns,
            }
        )


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who took part; `id` is `name@domain`."""

    id: str
    stamp: Stamp
    role: str
    agency: str
    position: str = ""

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "agentRoleRegistryText": [self.role],
                "agencyReference": reference(self.agency),
                "agentWorkstationPositionIdentification": self.position,
            }
        )


@dataclass(frozen=True, slots=True)
class Incident:
    """What happens, in our words and in the common ones. `priority` 0-10, 10 the most urgent."""

    id: str
    stamp: Stamp
    common_type: str
    type_code: str
    type_text: str
    statuses: tuple[str, ...]
    number: str
    level: str
    priority: int
    agents: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "incidentTypeInternalCode": self.type_code,
                "incidentTypeInternalText": self.type_text,
                "incidentTypeCommonRegistryText": self.common_type,
                "incidentStatusCommonRegistryText": list(self.statuses),
                "internalIncidentId": self.number,
                "incidentPriorityInternalText": self.level,
                "incidentCommonPriorityNumber": self.priority,
                "agentReference": _references(self.agents),
                "locationReference": _references(self.locations),
                "personReference": _references(self.persons),
                "notesReference": _references(self.notes),
            }
        )


@dataclass(frozen=True, slots=True)
class TelephoneCall:
    """The call that the packet goes with."""

    id: str
    stamp: Stamp
    primary_type: str
    local_type: str
    direction: str
    started_at: datetime
    answered_at: datetime | None
    state: str
    callback: str = ""
    verstat: str = ""
    agents: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "standardPrimaryCallType": self.primary_type,
                "localCallType": self.local_type,
                "direction": self.direction,
                "callStartTimestamp": instant(self.started_at),
                "answerDate": instant(self.answered_at) if self.answered_at else None,
                "callStateRegistryText": self.state,
                "verstat": self.verstat,
                "agentReference": _references(self.agents),
                "callBackReference": reference(self.callback),
                "locationReference": _references(self.locations),
                "personReference": _references(self.persons),
                "notesReference": _references(self.notes),
            }
        )


@dataclass(frozen=True, slots=True)
class Callback:
    """Where the caller is reached again; `better` is a number they gave instead."""

    id: str
    stamp: Stamp
    uris: tuple[str, ...]
    better: str = ""

    def written(self) -> Json:
        """As JSON; `updatedCbn` is one object in the format, never a list."""
        updated = {"updatedCbnIdentifierUri": self.better} if self.better else None
        return self.stamp.written(self.id) | _filled(
            {"callBackInformationUri": list(self.uris), "updatedCbn": updated}
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the incident, and the calls they are on."""

    id: str
    stamp: Stamp
    roles: tuple[str, ...]
    calls: tuple[str, ...]
    callback: str = ""

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "personIncidentRoleRegistryText": list(self.roles),
                "callIdentifier": list(self.calls),
                "callBackReference": reference(self.callback),
            }
        )


@dataclass(frozen=True, slots=True)
class Location:
    """One place; `by_value` and `intersecting` hold PIDF-LO documents."""

    id: str
    stamp: Stamp
    kind: str
    by_value: str
    description: str = ""
    intersecting: tuple[str, ...] = ()

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "locationTypeDescriptionRegistryText": self.kind,
                "locationByValue": self.by_value,
                "locationDescriptionText": self.description,
                "intersectingStreetByValue": list(self.intersecting),
            }
        )


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text, already escaped as the format wants it."""

    id: str
    stamp: Stamp
    text: str
    agent: str = ""

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {"notesActionComments": self.text, "agentReference": reference(self.agent)}
        )


@dataclass(frozen=True, slots=True)
class Link:
    """Another incident that belongs to this one."""

    id: str
    stamp: Stamp
    incident: str
    direction: str
    reason: str
    agency: str = ""

    def written(self) -> Json:
        """As JSON."""
        return self.stamp.written(self.id) | _filled(
            {
                "incidentTrackingIdentifier": self.incident,
                "linkDirectionCode": self.direction,
                "transactionReasonText": self.reason,
                "involvedAgencyReference": reference(self.agency),
            }
        )


@dataclass(frozen=True, slots=True)
class Packet:
    """The whole state of one incident; `id` is its tracking id."""

    id: str
    stamp: Stamp
    element: str
    agencies: tuple[Agency, ...]
    agents: tuple[Agent, ...]
    incident: Incident
    calls: tuple[TelephoneCall, ...]
    callbacks: tuple[Callback, ...] = ()
    persons: tuple[Person, ...] = ()
    locations: tuple[Location, ...] = ()
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()

    def written(self) -> Json:
        """The packet as one JSON object, in the format's own names."""
        return self.stamp.written(self.id) | _filled(
            {
                "eidoVersion": VERSION,
                "issuingElementIdentification": self.element,
                "agencyComponent": [part.written() for part in self.agencies],
                "agentComponent": [part.written() for part in self.agents],
                "incidentComponent": self.incident.written(),
                "callComponent": [part.written() for part in self.calls],
                "callbackComponent": [part.written() for part in self.callbacks],
                "personComponent": [part.written() for part in self.persons],
                "locationComponent": [part.written() for part in self.locations],
                "notesComponent": [part.written() for part in self.notes],
                "linkComponent": [part.written() for part in self.links],
            }
        )


def instant(at: datetime) -> str:
    """RFC 3339 with offset and milliseconds."""
    return at.isoformat(timespec="milliseconds")


def reference(part_id: str) -> Json | None:
    """How one part names another; None where there is nobody to name."""
    return {"$ref": part_id} if part_id else None


def text_of(document: Mapping[str, Any]) -> str:
    """The bytes that are sent and hashed: one spelling for one content."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """The hash that acknowledgements name, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def essence_of(document: Mapping[str, Any]) -> str:
    """A hash of what the packet says, without when it was written: has anything changed?"""
    return sha256_of(json.dumps(_timeless(document), ensure_ascii=False, sort_keys=True))


def _timeless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _timeless(v) for k, v in value.items() if k != "lastUpdateTimeStamp"}
    if isinstance(value, list):
        return [_timeless(each) for each in value]
    return value


def _references(ids: Sequence[str]) -> list[Json]:
    return [{"$ref": each} for each in ids]


def _filled(fields: Mapping[str, Any]) -> Json:
    """Without what is empty: false and 0 say something, nothing says nothing."""
    return dict(_said(fields))


def _said(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if value is not None and value != "" and value != []:
            yield name, value
