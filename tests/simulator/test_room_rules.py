"""Rooms without a network: whatever happens in whatever order, some things are never so."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.conference import Participant, Room, RoomEnd, Rooms, RoomStatus
from simulator.config import Account
from simulator.legs import Direction, Leaving, Leg, Party

pytestmark = pytest.mark.rules
ACCOUNT = Account("tucson", "AC" + "1" * 32, "token", (), (), ())


class Hall:
    """Rooms whose reports and music are written down instead of sent and played."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, str]] = []
        self.rooms = Rooms(self._report, self._music)

    def _report(self, room: Room, event: str, participant: Participant | None) -> None:
        self.reports.append((event, participant.leg.sid if participant else ""))

    def _music(self, participant: Participant, music: object) -> "asyncio.Task[None]":
        async def play() -> None:
            await asyncio.Event().wait()

        return asyncio.ensure_future(play())

    def newcomer(self, *, ends: bool = False, starts: bool = True) -> Participant:
        leg = Leg(ACCOUNT, Direction.INBOUND, Party.RESIDENT, "+15205550142", "+15205550100")
        room = self.rooms.open(ACCOUNT, "room", None)
        one = Participant(leg, room, end_on_exit=ends, start_on_enter=starts)
        self.rooms.add(one)
        return one


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["come", "ring", "answer", "leave", "kick", "hold", "unhold", "end"]),
        st.integers(0, 9),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_no_order_of_events_breaks_a_room(acts):
    asyncio.run(_play(acts))


async def _play(acts) -> None:
    hall = Hall()
    for act, number in acts:
        _do(hall, act, number)
        _check(hall)
    for room in hall.rooms.of(ACCOUNT):
        for one in tuple(room.participants):
            hall.rooms.leave(one, Leaving.HUNG_UP)
    _check(hall)
    assert not any(room.is_open for room in hall.rooms.of(ACCOUNT) if room.family)


def _do(hall: Hall, act: str, number: int) -> None:
    if act in ("come", "ring"):
        one = hall.newcomer(ends=number == 0, starts=number != 1)
        if act == "come":
            hall.rooms.join(one)
        return
    here = [one for room in hall.rooms.of(ACCOUNT) if room.is_open for one in room.participants]
    if not here:
        return
    one = here[number % len(here)]
    match act:
        case "answer" if not one.joined:
            hall.rooms.join(one)
        case "leave" | "kick":
            hall.rooms.leave(one, Leaving.HUNG_UP, kicked=act == "kick")
        case "hold" | "unhold" if one.joined:
            hall.rooms.hold(one, on=act == "hold")
        case "end":
            hall.rooms.end(one.room, RoomEnd.VIA_API)


def _check(hall: Hall) -> None:
    rooms = hall.rooms.of(ACCOUNT)
    assert sum(room.is_open for room in rooms) <= 1, "two open rooms of one name"
    for room in rooms:
        _check_room(room)
    left = [sid for event, sid in hall.reports if event == "participant-leave"]
    assert len(left) == len(set(left)), "somebody left twice"
    starts = [event for event, _ in hall.reports if event == "conference-start"]
    assert len(starts) <= len(rooms)


def _check_room(room: Room) -> None:
    if not room.is_open:
        assert room.participants == []
        assert room.ended_because is not None
    for one in room.joined:
        waits = one.hold or room.status is RoomStatus.INIT
        assert (one.playing is not None) == waits, "music for those who wait, and for nobody else"
        assert not one.hears(one)
        if one.hold:
            assert not any(one.hears(other) or other.hears(one) for other in room.joined)
