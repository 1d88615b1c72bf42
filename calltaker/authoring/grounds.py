"""What authoring knows of the city beyond its own rows, handed down by the composition root.

Readers of documents come in as functions: the gate of hours and destinations is the very reading
that the line itself does. Knows no row and no page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding
from models.states import PublicationKind
from protocols.proof_reference import Reference
from protocols.script import Protocol

Reader = Callable[[object], Any]
"""From a plain document to what the line uses; raises an error with `mistakes`."""
Facts = Callable[[Mapping[PublicationKind, object]], CityFacts]
"""From documents to take instead of the live ones to what the gate knows of the city."""
Names = Mapping[str, str]
"""A title by language."""


@dataclass(frozen=True, slots=True)
class ProtocolGrounds:
    """What protocols are held against, and what their editor offers to choose from.

    `places` are titles by a place's key such as `referral:gas_company`, `requests` by category.
    `live` are the protocols that calls begin with, by key.
    """

    reference: Reference
    places: Mapping[str, Names]
    requests: Mapping[str, Names]
    live: Mapping[str, Protocol] = field(default_factory=lambda: MappingProxyType({}))


AroundProtocols = Callable[[datetime, Mapping[PublicationKind, object]], ProtocolGrounds]
"""From a moment and documents to take instead of the live ones to what protocols are held against."""


def _nothing_known(_instead: Mapping[PublicationKind, object]) -> CityFacts:
    return CityFacts()


def _no_menu() -> object:
    return None


@dataclass(frozen=True)
class Grounds:
    """What the gate, the trial and the pages lean on.

    `read` reads the documents of a kind. `live_menu` is the live menu as data, which new hours and
    destinations must not break, nor the live protocols. `may_go_live` turns the gate's purpose from demonstration to live.
    `intents` are titles by slug, `zone` the city's time zone. Without `protocols` none is published.
    `phrases` is the gate of phrases, with the city's signs and built-in cases; without it none is published.
    """

    read: Mapping[PublicationKind, Reader] = field(default_factory=lambda: MappingProxyType({}))
    facts: Facts = _nothing_known
    live_menu: Callable[[], object] = _no_menu
    may_go_live: bool = False
    trial_number: str = ""
    jurisdictions: tuple[str, ...] = ()
    intents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    skills: tuple[str, ...] = ("general",)
    zone: str = "America/Phoenix"
    protocols: AroundProtocols | None = None
    phrases: Callable[[object], Sequence[Finding]] | None = None
