"""REST's Conferences and Participants: rooms looked up and ended, people rung into them, held, muted.

The rules of a room are `simulator.conference`'s; here are only Twilio's refusals and silences.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from simulator import rest_shapes
from simulator.conference import Music, Participant, ParticipantStatus, Room, RoomEnd, RoomPlan
from simulator.errors import RestError
from simulator.exchange import Exchange
from simulator.legs import Direction, Leaving, Leg
from simulator.rest_api import Query, add_resource
from simulator.rest_form import BAD_PARAMETER, Form, called, caller
from simulator.waiting import announce

Body = Mapping[str, Any] | None
LABEL_IN_USE, ENDED, MOST = 16026, 20001, 250
LONGEST_LABEL = 128


def add_routes(app: web.Application, exchange: Exchange) -> None:
    """Serve Conferences and Participants."""
    add_resource(app, exchange, "Conferences", get=_list)
    add_resource(app, exchange, "Conferences/{room}", get=_fetch, post=_update)
    add_resource(app, exchange, "Conferences/{room}/Participants", get=_participants, post=_create)
    one = "Conferences/{room}/Participants/{call}"
    add_resource(app, exchange, one, get=_participant, post=_change, delete=_remove)


def _room(query: Query) -> Room:
    room = query.exchange.rooms.find(query.account, query.names["room"])
    if room is None:
        raise query.missing()
    return room


def _one(query: Query) -> Participant:
    found = _room(query).find(query.names["call"])
    if found is None:
        raise query.missing()
    return found


async def _list(query: Query) -> tuple[int, Body]:
    rooms = query.exchange.rooms.of(query.account)
    if "Status" in query.query:
        rooms = [room for room in rooms if room.status.value == query.query["Status"]]
    if "FriendlyName" in query.query:
        # A list by name lags just after the room was made.
        lag = time.monotonic() - query.exchange.config.list_lag_seconds
        name = query.query["FriendlyName"]
        rooms = [room for room in rooms if room.name == name and room.created <= lag]
    return 200, query.listed("conferences", [rest_shapes.conference(room) for room in rooms])


async def _fetch(query: Query) -> tuple[int, Body]:
    return 200, rest_shapes.conference(_room(query))


async def _update(query: Query) -> tuple[int, Body]:
    room, form = _room(query), query.form
    if not room.is_open:
        raise RestError(400, ENDED, "The conference has ended already.")
    url = form.text("AnnounceUrl")
    if url:
        for participant in room.joined:
            _announce(query, participant, url)
    if (status := form.text("Status")) is not None:
        if status != "completed":
            raise RestError(400, BAD_PARAMETER, "Status must be completed.")
        query.exchange.rooms.end(room, RoomEnd.VIA_API)
    return 200, rest_shapes.conference(room)


async def _participants(query: Query) -> tuple[int, Body]:
    found = list(_room(query).participants)
    for name, of in (("Muted", "muted"), ("Hold", "hold"), ("Coaching", "coaching")):
        if name in query.query:
            wanted = query.query[name].lower() == "true"
            found = [one for one in found if getattr(one, of) is wanted]
    return 200, query.listed("participants", [rest_shapes.participant(one) for one in found])


async def _participant(query: Query) -> tuple[int, Body]:
    return 200, rest_shapes.participant(_one(query))


async def _create(query: Query) -> tuple[int, Body]:
    """Ring somebody into a room; a name that no open room has makes one."""
    exchange, form = query.exchange, query.form
    to, from_ = called(form), caller(form, query.account, exchange.calls.all())
    seconds, progress, plan = form.ring_seconds(), form.progress(), _plan(form)
    name = query.names["room"]
    if name.startswith("CF") and len(name) == 34:
        room = _room(query)
        if not room.is_open:
            raise query.missing()
    else:
        room = exchange.rooms.open(query.account, name, plan)
    try:
        label = _free_label(form, room)
        _check_coaching(form, room)
    except RestError:
        exchange.rooms.discard(room)
        raise
    leg = exchange.calls.originate(
        query.account, to, from_, Direction.OUTBOUND_API, progress=progress
    )
    participant = _newcomer(form, leg, room, label)
    exchange.rooms.add(participant)
    _place(exchange, participant, seconds)
    return 201, rest_shapes.participant(participant)


def _plan(form: Form) -> RoomPlan | None:
    url = form.text("ConferenceStatusCallback")
    if not url:
        return None
    events = frozenset(form.events("ConferenceStatusCallbackEvent"))
    return RoomPlan(url, events, form.method("ConferenceStatusCallbackMethod"))


def _free_label(form: Form, room: Room) -> str | None:
    label = form.text("Label")
    if label and len(label) > LONGEST_LABEL:
        raise RestError(400, BAD_PARAMETER, f"Label is longer than {LONGEST_LABEL} characters.")
    if label and room.find(label) is not None:
        raise RestError(400, LABEL_IN_USE, f"Participant label {label} is already in use.")
    if len(room.participants) >= MOST:
        raise RestError(400, BAD_PARAMETER, f"The conference has {MOST} participants already.")
    return label or None


def _check_coaching(form: Form, room: Room) -> None:
    """Coaching needs somebody to coach, who is in the room."""
    coached = form.text("CallSidToCoach")
    if form.flag("Coaching") and not coached:
        raise RestError(400, BAD_PARAMETER, "CallSidToCoach is required with Coaching.")
    if coached and room.find(coached) is None:
        raise RestError(400, 13240, f"CallSidToCoach {coached} is not in the conference.")


def _newcomer(form: Form, leg: Leg, room: Room, label: str | None) -> Participant:
    start, beep = form.flag("StartConferenceOnEnter"), form.text("Beep") or "true"
    return Participant(
        leg,
        room,
        label,
        muted=form.flag("Muted") or False,
        coaching=form.flag("Coaching") or False,
        coached_sid=form.text("CallSidToCoach"),
        start_on_enter=start is not False,
        end_on_exit=form.flag("EndConferenceOnExit") or False,
        beep=beep,
        wait=Music(form.text("WaitUrl"), form.method("WaitMethod")),
        status=ParticipantStatus.QUEUED,
    )


def _place(exchange: Exchange, participant: Participant, ring_seconds: int) -> None:
    leg = participant.leg

    async def then() -> None:
        if not participant.gone.is_set():
            exchange.rooms.join(participant)
            await participant.gone.wait()
        await exchange.calls.end(leg, None, participant.reason or Leaving.UPDATED)

    exchange.calls.place(leg, ring_seconds, then)


async def _change(query: Query) -> tuple[int, Body]:
    one, form, rooms = _one(query), query.form, query.exchange.rooms
    was_held = one.hold
    if "Coaching" in form or "CallSidToCoach" in form:
        _check_coaching(form, one.room)
        one.coaching = form.flag("Coaching") is not False
        one.coached_sid = form.text("CallSidToCoach") if one.coaching else None
        rooms.modified(one)
    if (hold := form.flag("Hold")) is not None:
        url = form.text("HoldUrl")
        rooms.hold(one, on=hold, music=Music(url, form.method("HoldMethod")) if hold else None)
    if (muted := form.flag("Muted")) is not None:
        rooms.mute(one, on=muted)
    if (exits := form.flag("EndConferenceOnExit")) is not None and not was_held:
        # On hold Twilio answers 200 and nothing happens.
        one.end_on_exit = exits
        rooms.modified(one)
    if url := form.text("AnnounceUrl"):
        _announce(query, one, url)
    one.updated_at = datetime.now(UTC)
    return 200, rest_shapes.participant(one)


def _announce(query: Query, participant: Participant, url: str) -> None:
    query.exchange.spawn(_announced(query, participant, url, query.form.method("AnnounceMethod")))


async def _announced(query: Query, participant: Participant, url: str, method: str) -> None:
    played = await announce(query.exchange.player(participant.leg), url, method)
    query.exchange.rooms.announced(participant, played=played)


async def _remove(query: Query) -> tuple[int, Body]:
    query.exchange.rooms.leave(_one(query), Leaving.UPDATED, kicked=True)
    return 204, None
