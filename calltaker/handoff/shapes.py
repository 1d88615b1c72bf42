"""Which parts the format knows, what each must hold, and the walk over all of them.

Rule V00: a part that is missing or of another type. Unknown extras are accepted and kept: the next
version of the format brings more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from calltaker.handoff.findings import Finding


class Kind(StrEnum):
    """Kinds of component."""

    ROOT = "root"
    AGENCY = "agency"
    AGENT = "agent"
    INCIDENT = "incident"
    CALL = "call"
    CALLBACK = "callback"
    PERSON = "person"
    LOCATION = "location"
    NOTE = "note"
    LINK = "link"


LISTS: Mapping[str, Kind] = MappingProxyType(
    {
        "agencyComponent": Kind.AGENCY,
        "agentComponent": Kind.AGENT,
        "callComponent": Kind.CALL,
        "callbackComponent": Kind.CALLBACK,
        "personComponent": Kind.PERSON,
        "locationComponent": Kind.LOCATION,
        "notesComponent": Kind.NOTE,
        "linkComponent": Kind.LINK,
    }
)
INCIDENT = "incidentComponent"

TEXT, TEXTS, REF, REFS, TRUTH = "a text", "a list of texts", "a reference", "references", "a truth"
WHOLE, OBJECT = "a whole number", "an object"

_PROLOGUE = {"$id": TEXT, "lastUpdateTimeStamp": TEXT, "updatedByAgencyReference": REF}
REQUIRED: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.ROOT: {**_PROLOGUE, "eidoVersion": TEXT, "issuingElementIdentification": TEXT},
        Kind.AGENCY: {
            **_PROLOGUE,
            "agencyRoleDescriptionRegistryText": TEXTS,
            "agencyType": TEXTS,
        },
        Kind.AGENT: {**_PROLOGUE, "agentRoleRegistryText": TEXTS, "agencyReference": REF},
        Kind.INCIDENT: {**_PROLOGUE, "incidentTypeCommonRegistryText": TEXT},
        Kind.CALL: {
            **_PROLOGUE,
            "standardPrimaryCallType": TEXT,
            "direction": TEXT,
            "callStartTimestamp": TEXT,
            "callStateRegistryText": TEXT,
        },
        Kind.CALLBACK: _PROLOGUE,
        Kind.PERSON: {**_PROLOGUE, "personIncidentRoleRegistryText": TEXTS},
        Kind.LOCATION: {**_PROLOGUE, "locationTypeDescriptionRegistryText": TEXT},
        Kind.NOTE: {**_PROLOGUE, "notesActionComments": TEXT},
        Kind.LINK: {**_PROLOGUE, "incidentTrackingIdentifier": TEXT, "linkDirectionCode": TEXT},
    }
)
OPTIONAL: Mapping[str, str] = MappingProxyType(
    {
        "updatedByAgentReference": REF,
        "incidentOwningAgencyIndicator": TRUTH,
        "agentWorkstationPositionIdentification": TEXT,
        "incidentTypeInternalCode": TEXT,
        "incidentTypeInternalText": TEXT,
        "incidentStatusCommonRegistryText": TEXTS,
        "internalIncidentId": TEXT,
        "incidentPriorityInternalText": TEXT,
        "localCallType": TEXT,
        "answerDate": TEXT,
        "callBackReference": REF,
        "callBackInformationUri": TEXTS,
        "updatedCbn": OBJECT,
        "callIdentifier": TEXTS,
        "locationByValue": TEXT,
        "locationByReferenceUrl": TEXT,
        "locationDescriptionText": TEXT,
        "crossStreetByValue": TEXTS,
        "intersectingStreetByValue": TEXTS,
        "locationReference": REFS,
        "personReference": REFS,
        "notesReference": REFS,
        "transactionReasonText": TEXT,
        "involvedAgencyReference": REF,
        "verstat": TEXT,
    }
)
"""Fields that may be absent; `agentReference` is one in a note and several elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component where it stands."""

    kind: Kind
    path: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its identifier, "" where there is none."""
        found = self.fields.get("$id")
        return found if isinstance(found, str) else ""


def parts_of(document: Mapping[str, Any]) -> list[Part]:
    """Every component that is an object, the root first."""
    return [Part(Kind.ROOT, "$", document), *_inner(document)]


def _inner(document: Mapping[str, Any]) -> Iterator[Part]:
    incident = document.get(INCIDENT)
    if isinstance(incident, Mapping):
        yield Part(Kind.INCIDENT, f"$.{INCIDENT}", incident)
    for name, kind in LISTS.items():
        given = document.get(name)
        for n, fields in enumerate(given if isinstance(given, list) else []):
            if isinstance(fields, Mapping):
                yield Part(kind, f"$.{name}[{n}]", fields)


def check(document: Mapping[str, Any]) -> Iterator[Finding]:
    """V00: what is missing or of another type."""
    yield from _check_lists(document)
    for part in parts_of(document):
        for name, what in REQUIRED[part.kind].items():
            if name not in part.fields:
                yield Finding("V00", f"{part.path}.{name}", f"is missing: {what}")
            elif not _is(part.fields[name], what):
                yield Finding("V00", f"{part.path}.{name}", f"must be {what}")
        for name, what in OPTIONAL.items():
            given = name in part.fields and name not in REQUIRED[part.kind]
            if given and not _is(part.fields[name], what):
                yield Finding("V00", f"{part.path}.{name}", f"must be {what}")
        yield from _check_agents(part)


def _check_lists(document: Mapping[str, Any]) -> Iterator[Finding]:
    if "agencyComponent" not in document:
        yield Finding("V00", "$.agencyComponent", "is missing: a list of agencies")
    if INCIDENT in document and not isinstance(document[INCIDENT], Mapping):
        yield Finding("V00", f"$.{INCIDENT}", "must be one object")
    for name in LISTS:
        given = document.get(name, [])
        if not isinstance(given, list):
            yield Finding("V00", f"$.{name}", "must be a list")
            continue
        for n, each in enumerate(given):
            if not isinstance(each, Mapping):
                yield Finding("V00", f"$.{name}[{n}]", "must be an object")


def _check_agents(part: Part) -> Iterator[Finding]:
    if "agentReference" not in part.fields:
        return
    what = REF if part.kind is Kind.NOTE else REFS
    if not _is(part.fields["agentReference"], what):
        yield Finding("V00", f"{part.path}.agentReference", f"must be {what}")


def _is(value: Any, what: str) -> bool:
    match what:
        case "a text":
            return isinstance(value, str) and bool(value)
        case "a list of texts":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "a reference":
            return isinstance(value, Mapping) and isinstance(value.get("$ref"), str)
        case "references":
            return isinstance(value, list) and all(_is(each, REF) for each in value)
        case "a truth":
            return isinstance(value, bool)
        case _:
            return isinstance(value, Mapping)
