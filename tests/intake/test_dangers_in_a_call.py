"""Dangers in a call: chosen from the panel, heard in words, left open by a caller who has gone."""

from datetime import timedelta

import pytest

from models.intake import (
    ProtocolEvent,
    ProtocolSession,
    ServiceRequest,
)
from models.states import (
    PresenceState,
    Role,
)
from protocols.session import Ended, How
from tests.intake.protocol_calls import (
    ORDER,
    SMALL,
    answer,
    at_the_desk,
    begin,
    choose,
    kinds,
    packet_of,
    sets,
    story,
)
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


def test_a_red_flag_dials_first_and_stands_beside_what_the_rules_say(desk, dialled):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    flag = person.state()["call"]["red_flags"][3]
    told = {"escalation_id": ORDER, "flag": flag["id"]}
    for _ in range(2):
        shown = person.ordered(f"/calls/{call.id}/red-flag", told)["call"]["protocol"]
    assert [(ask[2], ask[4]) for ask in dialled] == [("determinant", ORDER)] * 2
    assert shown["determinant"]["emergency"]
    assert shown["determinant"]["script"] == flag["script"]
    assert shown["standing_by"] == "red_flag"
    assert kinds(house).count("red_flag_raised") == 1
    assert sets(house)[-1][1:] == ("red_flag", None, True)
    assert len(house.facts(call.id, "clock.first_red_flag")) == 1
    assert house.facts(call.id, "determinant")[-1].startswith("red_flag_")


def test_nothing_lowers_a_danger_that_was_raised(desk, dialled):
    house, person, call = desk
    told = {"escalation_id": ORDER, "flag": person.state()["call"]["red_flags"][0]["id"]}
    person.ordered(f"/calls/{call.id}/red-flag", told)
    shown = answer(person, call, SMALL)["protocol"]
    assert shown["determinant"]["emergency"]
    refused = choose(person, call, "all_later", "override", "it was a mistake", "b" * 32)
    assert refused.status_code == 409
    assert "911" in refused.json["problem"]
    assert house.rows(ServiceRequest) == []
    assert len(dialled) == 1


def test_a_red_flag_before_any_protocol_dials_and_is_in_the_record(stage: House, dialled):
    person = stage.person()
    call = stage.in_room(person.staff_id)
    flag = person.state()["call"]["red_flags"][0]
    told = {"escalation_id": ORDER, "flag": flag["id"]}
    person.ordered(f"/calls/{call.id}/red-flag", told)
    assert len(dialled) == 1
    assert stage.rows(ProtocolEvent) == []
    assert "red_flag_raised" in stage.journal(call.id)
    assert stage.facts(call.id, "determinant") == [f"red_flag_{flag['id']}"]
    shown = person.state()["call"]
    assert shown["danger_raised"] == flag
    assert packet_of(stage, call).determinant.code == f"red_flag_{flag['id']}"


def test_a_lesser_protocol_begun_after_a_danger_does_not_hide_it_from_911(stage: House, dialled):
    person = stage.person()
    call = stage.in_room(person.staff_id)
    flag = person.state()["call"]["red_flags"][0]
    person.ordered(f"/calls/{call.id}/red-flag", {"escalation_id": ORDER, "flag": flag["id"]})
    begin(person, call)
    answer(person, call, SMALL | {"width": 20})
    known = packet_of(stage, call)
    assert known.protocol is not None
    assert known.protocol.determinant.level == "urgent"
    assert known.determinant.code == f"red_flag_{flag['id']}"


def test_a_call_without_a_danger_tells_of_none(desk):
    house, person, call = desk
    answer(person, call, SMALL | {"width": 20})
    assert person.state()["call"]["danger_raised"] is None
    assert packet_of(house, call).danger is None


def test_a_flag_that_nobody_knows_dials_all_the_same(desk, dialled):
    house, person, call = desk
    told = {"escalation_id": ORDER, "flag": "of_an_older_page"}
    assert person.order(f"/calls/{call.id}/red-flag", told).status_code == 200
    assert len(dialled) == 1
    assert "red_flag_raised" not in kinds(house)


def test_a_red_flag_of_a_strangers_call_dials_nobody(desk, dialled):
    house, _, call = desk
    told = {"escalation_id": ORDER, "flag": "x"}
    assert house.person().order(f"/calls/{call.id}/red-flag", told).status_code == 404
    assert dialled == []


def test_a_caller_who_has_gone_leaves_dangers_open_and_the_wrap_up_says_so(desk, dialled):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    shown_place = person.state()["call"]["place"]
    house.clock.pass_by(4)
    house.leave_room(call)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    house.clock.pass_by(30)
    wrap_up = person.state()["wrap_up"]
    left = wrap_up["left_open"]
    assert "555" in wrap_up["caller"]
    assert wrap_up["place"] == shown_place
    assert left["determinant"]["emergency"]
    assert left["unanswered"][0]["en"] == "Which of these do you see?"
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    assert story(house, call)[-1] == Ended(4.0, How.CALLER_GONE)
    assert sets(house)[-1] == ("all_danger", "rules", "all_danger", True)
    ended = house.rows(ProtocolSession)[0].ended_at
    assert ended == house.clock() - timedelta(seconds=30)
    assert dialled == []


@pytest.mark.parametrize("given", [{}, {"danger_now": "no", "seen": [], "width": 20}])
def test_a_caller_who_goes_after_the_questions_were_stopped_leaves_nothing_open(desk, given):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"} | given)
    person.ordered(f"/calls/{call.id}/protocol/leave")
    house.leave_room(call)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    assert person.state()["wrap_up"]["left_open"] is None
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    assert story(house, call)[-1].how is How.EARLY_EXIT


def test_none_of_several_is_an_answer_and_a_danger_among_them_dials(desk, dialled):
    _, person, call = desk
    shown = answer(person, call, {"danger_now": "no", "seen": []})["protocol"]
    assert shown["answered"][1]["option_text"]["en"] == "None of these"
    assert dialled == []
    shown = answer(person, call, {"seen": ["litter", "smoke"]})["protocol"]
    assert shown["answered"][1]["option_text"]["en"] == "Smoke, Litter"
    assert shown["determinant"]["emergency"]
    assert len(dialled) == 1


def test_words_that_sound_like_a_danger_are_told_and_decide_nothing(stage: House, dialled):
    _, person, call = at_the_desk(stage, Role.CALL_TAKER)
    begin(person, call, "pothole")
    calm = answer(person, call, {"find_it": "by the school"})["protocol"]
    assert calm["danger_words"] == []
    told = answer(person, call, {"find_it": "by the school, there is a fire"})["protocol"]
    assert told["danger_words"] == [
        {"question": "find_it", "text": "by the school, there is a fire", "level": "emergency"}
    ]
    assert told["determinant"] is None
    assert dialled == []
