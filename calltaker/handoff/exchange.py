"""What the exchange with 911 works with, built once by the composition root and handed down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from calltaker.doorway import JurisdictionAt
from calltaker.handoff.agencies import Agencies, Agency
from calltaker.handoff.gathering import Sources
from calltaker.handoff.tokens import OwnKey
from calltaker.intake.published import PublishedProtocols
from ivr.rules.line_tests import LineToTest
from ivr.runtime import Runtime

NOBODY = "invalid"
"""The top-level name that is never anybody's (RFC 2606): a receiver whom the city has not named."""


@dataclass(frozen=True)
class Exchange:
    """The runtime and what is published of the agencies beside us.

    `published` is asked each time, so that a key that was taken away counts no more within seconds.
    `common_types` are the common incident types that protocols here may use. `own_key` signs our
    own tokens; without one nothing is sent to another's door, and everything else goes on.
    """

    runtime: Runtime
    published: Callable[[], Agencies]
    common_types: frozenset[str]
    protocols: PublishedProtocols
    own_key: OwnKey | None = None
    jurisdiction_at: JurisdictionAt | None = None
    seen: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What each open transfer was rendered from last, in the memory of this process."""
    secret: str = field(default="", repr=False)
    """Makes the codes of short addresses."""
    tested_lines: Callable[[], Sequence[LineToTest]] = tuple
    """How each destination of 911 is tested, as it is published now."""

    @property
    def agencies(self) -> Agencies:
        """The agencies as they are published now."""
        return self.published()

    def sources(self) -> Sources:
        """What opening a contact needs."""
        return Sources(
            keyring=self.runtime.keyring,
            protocols=self.protocols,
            cities=self.agencies.ourselves.cities,
            line_name=self.runtime.city.line_name,
        )

    def receiver(self, destination: str) -> Agency:
        """Whose line a destination is; a destination of nobody's has no rights and no door."""
        known = self.agencies.by_destination(destination)
        return known or unnamed(destination)

    def agency(self, key: str) -> Agency:
        """The agency of a ledger's row, even when the city has taken it out since."""
        return self.agencies.agencies.get(key) or unnamed(key)


def unnamed(key: str) -> Agency:
    """A receiver that the city has not named."""
    host = "".join(each if each.isalnum() else "-" for each in key.lower()).strip("-") or "911"
    return Agency(
        key=key,
        domain=f"{host}.{NOBODY}",
        name={},
        agency_type="psap",
        destinations=(),
        rights=frozenset(),
    )
