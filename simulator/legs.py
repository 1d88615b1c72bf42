"""One leg of a call: who it is, how it stands, and what its party has heard.

Values and small state only; who moves a leg from state to state is `simulator.calls`.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from simulator.config import Account, VoiceUrls
from simulator.journal import stamp

if TYPE_CHECKING:
    from simulator.conference import Participant
    from simulator.ports import Softphone
    from simulator.queues import Member


class CallStatus(StrEnum):
    """Twilio's states of a call."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


ENDED = frozenset(
    {
        CallStatus.COMPLETED,
        CallStatus.BUSY,
        CallStatus.FAILED,
        CallStatus.NO_ANSWER,
        CallStatus.CANCELED,
    }
)


class Direction(StrEnum):
    """Twilio's directions; a softphone's own call counts as inbound."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


class Party(StrEnum):
    """Who is at the other end of a leg."""

    RESIDENT = "resident"
    SOFTPHONE = "softphone"
    PHONE = "phone"


class Leaving(StrEnum):
    """Why a leg leaves what it is in; Twilio's words for ReasonParticipantLeft."""

    CONFERENCE_ENDED = "conference_ended_via_api"
    MODERATOR_LEFT = "moderator_ended_conference"
    UPDATED = "participant_updated_via_api"
    HUNG_UP = "participant_hung_up"
    ADD_FAILED = "participant_add_failed"


class What(StrEnum):
    """Kinds of things that a party hears."""

    SAY = "say"
    PLAY = "play"
    PAUSE = "pause"
    RING = "ring"
    MUSIC = "music"
    CAPTION = "caption"
    KEYS = "keys"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a party heard; `at_seconds` counts from the call's beginning."""

    at: datetime
    at_seconds: float
    what: What
    text: str | None = None
    language: str | None = None
    voice: str | None = None
    speaker: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The HEARD shape of the control interface."""
        return {
            "at": stamp(self.at),
            "at_seconds": self.at_seconds,
            "what": self.what.value,
            "language": self.language,
            "voice": self.voice,
            "text": self.text,
            "from": self.speaker,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """One document that the leg's application was asked for; `error` holds Twilio's code and why."""

    url: str
    status: int | None
    body: str
    took_seconds: float
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of the control interface."""
        return {
            "url": self.url,
            "status": self.status,
            "body": self.body,
            "took_seconds": self.took_seconds,
            "error": self.error,
        }


@dataclass(slots=True)
class CallbackPlan:
    """Where a leg's progress is reported, which events, and the next SequenceNumber."""

    url: str
    events: frozenset[str]
    method: str = "POST"
    sequence: int = 0

    def next_sequence(self) -> int:
        """Hand out numbers from 0."""
        self.sequence += 1
        return self.sequence - 1


class Ear(Protocol):
    """Something that listens on a leg: a Gather or a Record."""

    def key(self, digit: str) -> bool:
        """Take one key; False when it is not wanted."""

    def speech(self, text: str, confidence: float | None) -> bool:
        """Take words; False when they are not wanted."""

    def described(self) -> dict[str, Any]:
        """What is listened for: `input`, `num_digits`."""


class Answer(StrEnum):
    """What came of ringing somebody."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"
    UNREACHABLE = "unreachable"


@dataclass(slots=True, eq=False)
class Leg:
    """One leg. Its numbers are as Twilio shows them (`From` may be `anonymous`, `client:NAME`).

    `rooms` are the names of the rooms that it was dialled into or has entered, oldest first.
    """

    account: Account
    direction: Direction
    party: Party
    from_: str
    to: str
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: CallStatus = CallStatus.QUEUED
    urls: VoiceUrls | None = None
    parent_sid: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    progress: CallbackPlan | None = None
    softphone: "Softphone | None" = None
    queue_seconds: float = 0.0
    sip_code: str | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)
    answered_at: datetime | None = None
    answered: float | None = None
    ended_at: datetime | None = None
    duration_seconds: int = 0
    heard: list[Heard] = field(default_factory=list)
    documents: list[Asked] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    ear: Ear | None = None
    participant: "Participant | None" = None
    rooms: list[str] = field(default_factory=list)
    member: "Member | None" = None
    bridged_to: "Leg | None" = None
    leaving: Leaving = Leaving.HUNG_UP
    ring_result: "asyncio.Future[Answer] | None" = None
    task: "asyncio.Task[None] | None" = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether the leg has reached a last state."""
        return self.status in ENDED

    @property
    def is_live(self) -> bool:
        """Whether the leg is answered and goes on."""
        return self.status is CallStatus.IN_PROGRESS

    @property
    def other_number(self) -> str:
        """The address of the person at the other end: the caller's, or the one dialled."""
        return self.from_ if self.direction is Direction.INBOUND else self.to

    def seconds(self) -> float:
        """Seconds since the call began."""
        return round(time.monotonic() - self.began, 3)

    def new_token(self) -> str:
        """A CallToken: whoever holds it may show this leg's caller as the caller of another."""
        self.tokens.append(secrets.token_urlsafe(24))
        return self.tokens[-1]


def new_sid(prefix: str) -> str:
    """A SID of Twilio's shape: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)
