"""Conference rooms: who is in them, when they start and end, who hears whom.

Source: Twilio's `<Conference>` and the Participants resource. Knows no TwiML and no HTTP: waiting
music and reports are handed in.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from simulator.config import Account
from simulator.legs import Leaving, Leg, new_sid


class RoomStatus(StrEnum):
    """Twilio's states of a conference."""

    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


class ParticipantStatus(StrEnum):
    """Twilio's states of a participant."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    RINGING = "ringing"
    CONNECTED = "connected"
    COMPLETE = "complete"
    FAILED = "failed"


class RoomEnd(StrEnum):
    """Twilio's reasons for a conference's end."""

    VIA_API = "conference-ended-via-api"
    MODERATOR_LEFT = "participant-with-end-conference-on-exit-left"
    MODERATOR_KICKED = "participant-with-end-conference-on-exit-kicked"
    LAST_LEFT = "last-participant-left"
    LAST_KICKED = "last-participant-kicked"


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """Where a room's events are reported, and which (start end join leave mute hold modify ...)."""

    url: str
    events: frozenset[str]
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Music:
    """What somebody hears who waits: a URL's document, "" for silence, None for Twilio's music."""

    url: str | None = None
    method: str = "POST"


@dataclass(slots=True, eq=False)
class Participant:
    """A leg in a room, ringing or joined."""

    leg: Leg
    room: "Room"
    label: str | None = None
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    coached_sid: str | None = None
    start_on_enter: bool = True
    end_on_exit: bool = False
    beep: str = "true"
    wait: Music = field(default_factory=Music)
    hold_music: Music = field(default_factory=Music)
    status: ParticipantStatus = ParticipantStatus.CONNECTED
    joined: bool = False
    bridged: bool = False
    reason: Leaving | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    playing: "asyncio.Task[None] | None" = None
    failure: Exception | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def name(self) -> str:
        """What the others' captions call this party."""
        return self.label or self.leg.other_number

    def hears(self, speaker: "Participant") -> bool:
        """Whether this party hears what `speaker` says."""
        if self is speaker or not (self.joined and speaker.joined) or self.hold:
            return False
        if speaker.hold or (speaker.muted and not speaker.coaching):
            return False
        return not speaker.coaching or speaker.coached_sid == self.leg.sid


@dataclass(slots=True, eq=False)
class Room:
    """One conference; `family` are the CallSids of all who were ever in it."""

    account: Account
    name: str
    plan: RoomPlan | None = None
    sid: str = field(default_factory=lambda: new_sid("CF"))
    status: RoomStatus = RoomStatus.INIT
    participants: list[Participant] = field(default_factory=list)
    family: set[str] = field(default_factory=set)
    sequence: int = 0
    ended_because: RoomEnd | None = None
    ended_by: Participant | None = None
    created: float = field(default_factory=time.monotonic)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_open(self) -> bool:
        """Whether anybody can still enter."""
        return self.status is not RoomStatus.COMPLETED

    @property
    def joined(self) -> list[Participant]:
        """Those who are in, in the order of their coming."""
        return [participant for participant in self.participants if participant.joined]

    def find(self, call_sid_or_label: str) -> Participant | None:
        """An active participant by CallSid or label."""
        return next(
            (one for one in self.participants if call_sid_or_label in (one.leg.sid, one.label)),
            None,
        )

    def next_sequence(self) -> int:
        """Number the room's events from 1."""
        self.sequence += 1
        return self.sequence


Report = Callable[[Room, str, Participant | None], None]
StartMusic = Callable[[Participant, Music], "asyncio.Task[None]"]


class Rooms:
    """All rooms of all accounts, and the rules by which they live.

    Args:
        report: Tells the room's callback URL and the journal of an event.
        start_music: Plays to a participant until the task is cancelled.
    """

    def __init__(self, report: Report, start_music: StartMusic) -> None:
        self._report = report
        self._start_music = start_music
        self._rooms: dict[str, Room] = {}

    def of(self, account: Account) -> list[Room]:
        """The account's rooms, the newest first."""
        return [room for room in reversed(self._rooms.values()) if room.account is account]

    def find(self, account: Account, sid_or_name: str) -> Room | None:
        """A room by SID, ended or not, or the open one of that name."""
        room = self._rooms.get(sid_or_name)
        if room is not None:
            return room if room.account is account else None
        return next(
            (room for room in self.of(account) if room.is_open and room.name == sid_or_name), None
        )

    def open(self, account: Account, name: str, plan: RoomPlan | None) -> Room:
        """The open room of that name (or SID), or a new one: only its maker's plan of reports counts."""
        room = self.find(account, name)
        if room is not None and room.is_open:
            return room
        room = Room(account, name, plan)
        self._rooms[room.sid] = room
        return room

    def discard(self, room: Room) -> None:
        """Forget a room that nobody has come into: whoever named it was refused."""
        if not room.family:
            self._rooms.pop(room.sid, None)

    def add(self, participant: Participant) -> None:
        """Know of somebody who is being rung or is about to join."""
        participant.room.participants.append(participant)
        participant.room.family.add(participant.leg.sid)
        participant.leg.participant = participant
        if participant.room.name not in participant.leg.rooms:
            participant.leg.rooms.append(participant.room.name)

    def join(self, participant: Participant) -> None:
        """Somebody comes in; the room starts when two are in and one of them may start it."""
        room = participant.room
        participant.joined, participant.status = True, ParticipantStatus.CONNECTED
        self._report(room, "participant-join", participant)
        can_start = any(one.start_on_enter for one in room.joined)
        if room.status is RoomStatus.INIT and len(room.joined) > 1 and can_start:
            room.status, room.updated_at = RoomStatus.IN_PROGRESS, datetime.now(UTC)
            self._report(room, "conference-start", participant)
        self._settle(room)

    def leave(self, participant: Participant, reason: Leaving, *, kicked: bool = False) -> None:
        """Somebody goes, or never came; perhaps the room ends with that."""
        room = participant.room
        if participant not in room.participants:
            return
        room.participants.remove(participant)
        was_joined, participant.joined = participant.joined, False
        participant.status = ParticipantStatus.COMPLETE if was_joined else ParticipantStatus.FAILED
        participant.reason = reason
        self._quiet(participant)
        if participant.leg.participant is participant:
            participant.leg.participant = None
        self._report(room, "participant-leave", participant)
        participant.gone.set()
        self._perhaps_end(room, participant, was_joined=was_joined, kicked=kicked)

    def _perhaps_end(
        self, room: Room, participant: Participant, *, was_joined: bool, kicked: bool
    ) -> None:
        if not room.is_open:
            return
        if was_joined and participant.end_on_exit:
            end = RoomEnd.MODERATOR_KICKED if kicked else RoomEnd.MODERATOR_LEFT
            self.end(room, end, participant)
        elif not room.participants:
            self.end(room, RoomEnd.LAST_KICKED if kicked else RoomEnd.LAST_LEFT, participant)
        else:
            self._settle(room)

    def end(self, room: Room, because: RoomEnd, by: Participant | None = None) -> None:
        """End a room: all leave, then it is over."""
        room.status, room.updated_at = RoomStatus.COMPLETED, datetime.now(UTC)
        room.ended_because, room.ended_by = because, by
        via_api = because is RoomEnd.VIA_API
        for participant in tuple(room.participants):
            self.leave(participant, Leaving.CONFERENCE_ENDED if via_api else Leaving.MODERATOR_LEFT)
        self._report(room, "conference-end", by)

    def hold(self, participant: Participant, *, on: bool, music: Music | None = None) -> None:
        """Put somebody on hold with this music, or back into the talk."""
        changed = music is not None and music != participant.hold_music
        participant.hold_music = music or participant.hold_music
        if participant.hold == on:
            if on and changed:
                self._quiet(participant)
                self._settle(participant.room)
            return
        participant.hold = on
        self._report(
            participant.room, "participant-hold" if on else "participant-unhold", participant
        )
        self._quiet(participant)
        self._settle(participant.room)

    def mute(self, participant: Participant, *, on: bool) -> None:
        """Take somebody's voice, or give it back."""
        if participant.muted != on:
            participant.muted = on
            self._report(
                participant.room, "participant-mute" if on else "participant-unmute", participant
            )

    def modified(self, participant: Participant) -> None:
        """Something else of a participant has changed."""
        self._report(participant.room, "participant-modify", participant)

    def announced(self, participant: Participant, *, played: bool) -> None:
        """An announcement to a participant is over, or could not be played."""
        self._report(
            participant.room, "announcement-end" if played else "announcement-fail", participant
        )

    def _settle(self, room: Room) -> None:
        """Music for those who wait or are held, none for the others."""
        for participant in room.joined:
            wanted = self._wanted(room, participant)
            if wanted is None:
                self._quiet(participant)
            elif participant.playing is None:
                participant.playing = self._start_music(participant, wanted)
        talking = [one for one in room.joined if not one.hold]
        if room.status is RoomStatus.IN_PROGRESS and len(talking) > 1:
            for participant in talking:
                participant.bridged = True
        elif room.status is RoomStatus.IN_PROGRESS and len(room.joined) == 1:
            self._report(room, "alone", room.joined[0])

    @staticmethod
    def _wanted(room: Room, participant: Participant) -> Music | None:
        if participant.hold:
            return participant.hold_music
        return participant.wait if room.status is RoomStatus.INIT else None

    @staticmethod
    def _quiet(participant: Participant) -> None:
        if participant.playing is not None:
            participant.playing.cancel()
            participant.playing = None
