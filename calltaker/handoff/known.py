"""What is known of a contact, as plain values: what a packet is rendered from.

Filled from rows by `calltaker.handoff.gathering`; knows no row, no key and no format.
"""

from dataclasses import dataclass
from datetime import datetime

from models.states import Language
from protocols.levels import Level


@dataclass(frozen=True, slots=True)
class PlaceKnown:
    """Where it happens. The parts of a street are "" where nobody said them; `city` is a name."""

    text: str
    number: str = ""
    direction: str = ""
    street: str = ""
    suffix: str = ""
    cross_street: str = ""
    cross_suffix: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    uncertainty_metres: float | None = None
    is_confirmed: bool = False

    @property
    def is_intersection(self) -> bool:
        """Two streets, no house."""
        return bool(self.street and self.cross_street and not self.number)


@dataclass(frozen=True, slots=True)
class AnswerKnown:
    """One question with its answer in the words the call-taker saw."""

    question: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeterminantKnown:
    """What the answers amount to; `code` in our protocol, `common_code` in the common list."""

    code: str
    title: str
    level: str
    common_code: str
    priority: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProtocolKnown:
    """The protocol that was run, with its newest answers in the order they were asked."""

    name: str
    version: int
    answers: tuple[AnswerKnown, ...]
    determinant: DeterminantKnown | None = None


@dataclass(frozen=True, slots=True)
class CallTakerKnown:
    """Who has the caller: a name without a person in it, and when they took the call."""

    name: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class HandoffKnown:
    """Why and when the other side was asked for; `accepted_at` once they have the caller."""

    id: str
    cause: str
    requested_at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierIncident:
    """The other side's own incident that this contact continues."""

    urn: str
    agency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """One contact. `number` is E.164, empty where it was withheld or cannot be opened."""

    incident_id: str
    call_id: str
    started_at: datetime
    language: Language | None
    number: str
    number_presentation: str
    line_name: str
    better_number: str = ""
    verstat: str = ""
    ended_at: datetime | None = None
    words: tuple[str, ...] = ()
    words_reading: str = ""
    place: PlaceKnown | None = None
    placed_at: datetime | None = None
    protocol: ProtocolKnown | None = None
    notes: str = ""
    notes_at: datetime | None = None
    call_taker: CallTakerKnown | None = None
    handoff: HandoffKnown | None = None
    earlier: EarlierIncident | None = None
    danger: DeterminantKnown | None = None
    """A danger that the call-taker chose, in a protocol or without one."""

    @property
    def determinant(self) -> DeterminantKnown | None:
        """What it is: by the protocol, unless that is less than a danger that was chosen."""
        found = self.protocol.determinant if self.protocol else None
        is_emergency = found is not None and found.level == Level.EMERGENCY.value
        return found if is_emergency or self.danger is None else self.danger
