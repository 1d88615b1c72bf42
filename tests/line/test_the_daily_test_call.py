"""The daily test call: rung once, hung up when answered, told when not, and never an emergency line."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr import line_tests
from ivr.errors import GatewayError, GatewayTimeout
from ivr.rules.line_tests import LineToTest, Standing
from models.line_test import LineTest
from models.states import EscalationCause, Language

pytestmark = pytest.mark.database

NAMES = {Language.EN: "City 911", Language.ES: "9-1-1"}
LINE = LineToTest("city-911", NAMES, "+15205550132", 25, None)


def run(stage, *lines):
    line_tests.run_due(stage.runtime, lines or (LINE,), stage.now)


def rows(stage):
    with stage.runtime.sessions() as session:
        return list(session.scalars(select(LineTest).order_by(LineTest.begun_at)))


def stands(stage, line=LINE):
    with stage.runtime.reading() as session:
        return line_tests.standings(session, [line], stage.now)[0]


def dials(stage):
    return [dial.to for (dial,) in stage.gateway.of("dial_into_room")]


def is_now(stage, status):
    sid = rows(stage)[-1].call_sid
    stage.gateway.legs[sid] = status
    stage.runtime.clock.pass_by(2)
    run(stage)


def test_the_test_number_is_rung_once_a_day_and_hung_up_once_answered(stage):
    run(stage)
    run(stage)
    assert dials(stage) == [LINE.number]
    is_now(stage, "ringing")
    assert rows(stage)[-1].ended_at is None
    is_now(stage, "in-progress")
    assert stage.gateway.of("hang_up") == [(rows(stage)[-1].call_sid,)]
    assert stands(stage).standing is Standing.PASSED
    stage.runtime.clock.pass_by(timedelta(hours=23).total_seconds())
    run(stage)
    assert dials(stage) == [LINE.number]
    stage.runtime.clock.pass_by(timedelta(hours=1).total_seconds())
    run(stage)
    assert dials(stage) == [LINE.number] * 2


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_test_that_is_not_answered_is_an_alarm_and_is_tried_again_in_an_hour(stage, status):
    run(stage)
    is_now(stage, status)
    found = stands(stage)
    assert (found.standing, found.is_alarm, found.last.ended_as) == (Standing.FAILED, True, status)
    stage.runtime.clock.pass_by(3600)
    run(stage)
    assert len(dials(stage)) == 2


def test_a_refused_request_is_a_failed_test(stage):
    stage.gateway.fail("dial_into_room", GatewayError("refused", code=21210))
    run(stage)
    assert stands(stage).last.ended_as == "refused"
    assert stands(stage).is_alarm


def test_a_request_without_an_answer_is_looked_up_and_never_asked_again(stage):
    stage.gateway.fail("dial_into_room", GatewayTimeout("no answer"))
    run(stage)
    assert rows(stage)[-1].call_sid is None
    room = stage.gateway.of("dial_into_room")[-1][0].room
    stage.gateway.labels[room, room] = sid = "CA" + "7" * 32
    stage.gateway.legs[sid] = "in-progress"
    run(stage)
    assert stage.gateway.of("hang_up") == [(sid,)]
    assert stands(stage).standing is Standing.PASSED
    assert len(dials(stage)) == 1


def test_a_test_whose_end_nobody_tells_fails_and_its_leg_is_ended(stage):
    run(stage)
    sid = rows(stage)[-1].call_sid
    stage.gateway.legs[sid] = "ringing"
    stage.runtime.clock.pass_by(200)
    run(stage)
    assert stage.gateway.of("hang_up") == [(sid,)]
    assert stands(stage).standing is Standing.FAILED


def test_no_emergency_line_is_ever_rung_by_a_machine(stage):
    for group in stage.runtime.city.destinations.values():
        for point in group:
            run(stage, LineToTest(point.key, point.name, point.number, 25, None))
    assert dials(stage) == []


def test_a_line_without_a_test_number_is_not_rung(stage):
    run(stage, LineToTest("county-911", NAMES, "", 25, None))
    assert dials(stage) == []
    assert rows(stage) == []


def test_a_call_on_its_way_to_911_goes_before_any_test(stage):
    caller, staff_id, _ = stage.talk("ana")
    stage.escalate(caller, EscalationCause.RED_BUTTON, staff_id)
    before = len(dials(stage))
    run(stage)
    assert len(dials(stage)) == before
