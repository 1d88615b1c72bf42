"""Tells of what happens in a room: to its callback URL, to the journal, to whom it concerns.

Source: Twilio's conference status callbacks.
"""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from simulator.callbacks import Callback
from simulator.conference import Participant, Room, RoomEnd
from simulator.journal import Kind
from simulator.legs import Leg, What
from simulator.parameters import rfc2822
from simulator.webhooks import Request

if TYPE_CHECKING:
    from simulator.exchange import Exchange

# Which word of statusCallbackEvent an event belongs to.
SUBSCRIPTION = MappingProxyType(
    {
        "conference-start": "start",
        "conference-end": "end",
        "participant-join": "join",
        "participant-leave": "leave",
        "participant-mute": "mute",
        "participant-unmute": "mute",
        "participant-hold": "hold",
        "participant-unhold": "hold",
        "participant-modify": "modify",
        "announcement-end": "announcement",
        "announcement-fail": "announcement",
    }
)
KINDS = MappingProxyType(
    {
        "participant-join": Kind.JOINED,
        "participant-leave": Kind.LEFT,
        "participant-hold": Kind.HELD,
        "participant-unhold": Kind.UNHELD,
    }
)
REASONS = MappingProxyType(
    {
        RoomEnd.VIA_API: "Conference ended via API",
        RoomEnd.MODERATOR_LEFT: "Participant with endConferenceOnExit left",
        RoomEnd.MODERATOR_KICKED: "Participant with endConferenceOnExit was kicked",
        RoomEnd.LAST_LEFT: "Last participant left",
        RoomEnd.LAST_KICKED: "Last participant was kicked",
    }
)


class RoomReports:
    """The voice of all rooms."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    def report(self, room: Room, event: str, participant: Participant | None) -> None:
        """Tell of one event."""
        if event == "alone":
            if participant is not None:
                self._exchange.scribe.heard(participant.leg, What.SILENCE, "alone in the room")
            return
        leg = participant.leg if participant is not None else None
        if event in KINDS and participant is not None:
            why = participant.reason.value if participant.reason else None
            told = {
                "conference": room.sid,
                "name": room.name,
                "label": participant.label,
                "why": why,
            }
            self._exchange.scribe.note(leg, KINDS[event], told)
        self._send(room, event, participant, leg)
        if event == "participant-leave" and participant is not None:
            self._exchange.drop_from_room(room, participant)

    def _send(
        self, room: Room, event: str, participant: Participant | None, leg: Leg | None
    ) -> None:
        plan = room.plan
        if plan is None or SUBSCRIPTION[event] not in plan.events:
            return
        params = _room_parameters(room, event)
        if event == "conference-end":
            params |= _end_parameters(room)
        elif participant is not None and event != "conference-start":
            params |= _participant_parameters(participant, event)
        request = Request(room.account, plan.url, params, plan.method, frozenset(room.family))
        self._exchange.callbacks.send(Callback(event, request, leg))


def _room_parameters(room: Room, event: str) -> dict[str, str]:
    return {
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "AccountSid": room.account.sid,
        "SequenceNumber": str(room.next_sequence()),
        "Timestamp": rfc2822(datetime.now(UTC)),
        "StatusCallbackEvent": event,
    }


def _participant_parameters(participant: Participant, event: str) -> dict[str, str]:
    params = {
        "CallSid": participant.leg.sid,
        "Muted": str(participant.muted).lower(),
        "Hold": str(participant.hold).lower(),
        "Coaching": str(participant.coaching).lower(),
        "EndConferenceOnExit": str(participant.end_on_exit).lower(),
        "StartConferenceOnEnter": str(participant.start_on_enter).lower(),
    }
    if participant.label:
        params["ParticipantLabel"] = participant.label
    if participant.coached_sid:
        params["CallSidToCoach"] = participant.coached_sid
    if event == "participant-leave" and participant.reason is not None:
        params["ParticipantCallStatus"] = participant.leg.status.value
        params["ReasonParticipantLeft"] = participant.reason.value
    return params


def _end_parameters(room: Room) -> dict[str, str]:
    because = room.ended_because or RoomEnd.LAST_LEFT
    params = {"ReasonConferenceEnded": because.value, "Reason": REASONS[because]}
    if room.ended_by is not None:
        params["CallSidEndingConference"] = room.ended_by.leg.sid
        if room.ended_by.label:
            params["ParticipantLabelEndingConference"] = room.ended_by.label
    return params
