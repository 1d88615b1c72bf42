"""The daily test call: a destination's own test number is rung, and how it went is kept.

The test number rings into a room of its own, by the very request that rings 911, and is hung up once it
has answered. Nothing here can ring an emergency line: what any destination answers on is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.errors import GatewayError, GatewayTimeout
from ivr.gateway import Dial
from ivr.rules import line_tests
from ivr.rules.line_tests import LastTests, LineToTest
from ivr.runtime import Runtime
from models.escalation import Escalation
from models.line_test import LineTest

log = structlog.get_logger(__name__)

ANSWERED = frozenset({"in-progress", "completed"})
NOT_ANSWERED = frozenset({"busy", "failed", "no-answer", "canceled"})
REFUSED, SILENT = "refused", "no end"


@dataclass(frozen=True, slots=True)
class LineStanding:
    """One destination as a page shows it."""

    line: LineToTest
    last: LastTests
    standing: line_tests.Standing

    @property
    def is_alarm(self) -> bool:
        """Whether somebody should look after it."""
        return self.standing in line_tests.ALARMS


def run_due(runtime: Runtime, lines: Sequence[LineToTest], now: datetime) -> None:
    """Look after test calls under way, then ring what is due; a call to 911 goes before any test."""
    for test_id, call_sid, begun_at in _open(runtime):
        _look_after(runtime, test_id, call_sid, begun_at, now)
    if _somebody_is_reaching_911(runtime):
        return
    with runtime.reading() as session:
        known = newest(session, (line.key for line in lines))
    emergency = {point.number for group in runtime.city.destinations.values() for point in group}
    for line in lines:
        if line.number not in emergency and line_tests.is_due(line, known[line.key], now):
            _ring(runtime, line, now)


def standings(
    session: Session, lines: Sequence[LineToTest], now: datetime
) -> tuple[LineStanding, ...]:
    """How every destination stands."""
    known = newest(session, (line.key for line in lines))
    return tuple(
        LineStanding(line, known[line.key], line_tests.standing(line, known[line.key], now))
        for line in lines
    )


def newest(session: Session, keys: Iterable[str]) -> Mapping[str, LastTests]:
    """What is known of each destination's tests."""
    return {key: _newest(session, key) for key in keys}


def _newest(session: Session, key: str) -> LastTests:
    of_line = select(LineTest).where(LineTest.destination == key)
    last = session.scalar(of_line.order_by(LineTest.begun_at.desc()).limit(1))
    if last is None:
        return LastTests()
    passed = session.scalar(
        of_line.where(LineTest.passed.is_(True)).order_by(LineTest.begun_at.desc()).limit(1)
    )
    return LastTests(
        begun_at=last.begun_at,
        passed_at=passed.begun_at if passed else None,
        is_open=last.ended_at is None,
        ended_as=last.ended_as,
    )


def _open(runtime: Runtime) -> list[tuple[str, str | None, datetime]]:
    with runtime.reading() as session:
        rows = session.execute(
            select(LineTest.id, LineTest.call_sid, LineTest.begun_at).where(
                LineTest.ended_at.is_(None)
            )
        )
        return [(row.id, row.call_sid, row.begun_at) for row in rows]


def _somebody_is_reaching_911(runtime: Runtime) -> bool:
    with runtime.reading() as session:
        open_ = select(Escalation.id).where(
            Escalation.ended_at.is_(None), Escalation.accepted_at.is_(None)
        )
        return session.scalar(open_.limit(1)) is not None


def _ring(runtime: Runtime, line: LineToTest, now: datetime) -> None:
    """Write first, then ring: whoever else is about it finds the row."""
    test_id = runtime.new_id()
    with runtime.sessions() as session:
        session.add(LineTest(id=test_id, destination=line.key, begun_at=now, ended_as=""))
        try:
            session.commit()
        except IntegrityError:
            return  # another process rings it
    room = _room(test_id)
    dial = Dial(
        room=room,
        to=line.number,
        from_number=runtime.city.line_number,
        label=room,
        ring_seconds=line.ring_seconds,
        conference_callback=runtime.addresses.room_events(test_id),
        leg_callback=runtime.addresses.callback(f"/voice/person/{test_id}"),
    )
    try:
        call_sid = runtime.gateway.dial_into_room(dial).call_sid
    except GatewayTimeout:
        return  # it may ring all the same: its label is looked up
    except GatewayError as refused:
        log.error("line_test_refused", destination=line.key, code=refused.code)
        _end(runtime, test_id, now, REFUSED, passed=False)
        return
    with runtime.sessions() as session:
        session.get_one(LineTest, test_id).call_sid = call_sid
        session.commit()


def _look_after(
    runtime: Runtime, test_id: str, call_sid: str | None, begun_at: datetime, now: datetime
) -> None:
    """Ask the telephone company: answered is passed and hung up; busy, silent or gone has failed."""
    is_late = now - begun_at > line_tests.LONGEST
    room = _room(test_id)
    try:
        call_sid = call_sid or runtime.gateway.find_in_room(room, room)
        view = runtime.gateway.leg(call_sid) if call_sid else None
        status = view.status if view else ""
        if call_sid and (status == "in-progress" or (is_late and status not in NOT_ANSWERED)):
            runtime.gateway.hang_up(call_sid)
    except GatewayError as refused:
        log.warning("line_test_not_asked_after", code=refused.code)
        status = ""
    known = status in ANSWERED or status in NOT_ANSWERED
    if known or is_late:
        ended_as = status if known else SILENT
        _end(runtime, test_id, now, ended_as, passed=status in ANSWERED)


def _room(test_id: str) -> str:
    """The room of a test call, and the label of its leg."""
    return f"line-test-{test_id}"


def _end(runtime: Runtime, test_id: str, now: datetime, ended_as: str, *, passed: bool) -> None:
    with runtime.sessions() as session:
        test = session.get_one(LineTest, test_id)
        if test.ended_at is not None:
            return
        test.ended_at, test.ended_as, test.passed = now, ended_as, passed
        session.commit()
    if not passed:
        log.error("line_test_failed", destination=test.destination, ended_as=ended_as)
