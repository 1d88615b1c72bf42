"""Names that two systems can keep apart: urns of incidents, calls and components.

An identifier holds a random part and the agency's domain, never a number or a name of a caller.
Components are named from the incident's own id, so that an update names the same part the same.
"""

import hashlib
import re

AGENCY = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
)
AGENT = re.compile(r"[A-Za-z0-9._-]{1,64}@(?P<agency>.+)")
URN = re.compile(
    r"urn:emergency:uid:(?P<kind>incidentid|callid|eidodatacomponent)"
    r":(?P<unique>[A-Za-z0-9]{10,32}):(?P<agency>[A-Za-z0-9.-]{1,253})"
)
INCIDENT, CALL, COMPONENT = "incidentid", "callid", "eidodatacomponent"


def urn(kind: str, unique: str, domain: str) -> str:
    """Write an identifier; `unique` is 10 to 32 letters or digits."""
    return f"urn:emergency:uid:{kind}:{unique}:{domain}"


def incident_urn(incident_id: str, domain: str) -> str:
    """The tracking id of one incident."""
    return urn(INCIDENT, incident_id, domain)


def call_urn(call_id: str, domain: str) -> str:
    """The id of one call."""
    return urn(CALL, call_id, domain)


def component_urn(incident_id: str, part: str, domain: str) -> str:
    """The id of one component of an incident: the same part has the same id in every update."""
    unique = hashlib.sha256(f"{incident_id} {part}".encode()).hexdigest()[:24]
    return urn(COMPONENT, unique, domain)


def is_agency(text: object) -> bool:
    """Say whether this is an agency's name: a domain."""
    return isinstance(text, str) and AGENCY.fullmatch(text) is not None


def is_agent(text: object) -> bool:
    """Say whether this is an agent's name: `name@domain`."""
    found = AGENT.fullmatch(text) if isinstance(text, str) else None
    return found is not None and is_agency(found["agency"])


def is_urn(text: object, kind: str) -> bool:
    """Say whether this is an identifier of `kind`."""
    found = URN.fullmatch(text) if isinstance(text, str) else None
    return found is not None and found["kind"] == kind and is_agency(found["agency"].lower())


def unique_of(text: str) -> str | None:
    """The random part of an identifier, None where it is none."""
    found = URN.fullmatch(text)
    return found["unique"] if found else None
