"""A caller who asked to be called back says where, and is told when; whoever hangs up loses nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr import call_backs, left_for_desk
from ivr.rules.hours import Opening
from models.call_back import CallBack
from models.line import LineEntry
from tests.line.conftest import NUMBER, Stage

pytestmark = pytest.mark.database

OTHER, OTHER_KEYS = "+15205550177", "5205550177"


@pytest.fixture
def caller(stage):
    made = stage.ring("ana")
    with stage.runtime.sessions() as session:
        keyring = stage.runtime.keyring
        left_for_desk.ask_call_back(session, keyring, made.call_id, "offer", NUMBER, stage.now)
        session.commit()
    return made


def hears(stage, caller, asked, **fields):
    return stage.post(f"/voice/wish/{caller.call_sid}/{asked}", CallSid=caller.call_sid, **fields)


def wish(stage):
    with stage.runtime.sessions() as session:
        return session.scalar(select(CallBack))


def number(stage):
    row = wish(stage)
    with stage.runtime.sessions() as session:
        return call_backs.number_of(session, stage.runtime.keyring, row)


def test_the_number_is_read_back_and_a_window_told(stage, caller):
    stage.staff("carla")
    assert "5 2 0, 5 5 5, 0 1 4 2" in hears(stage, caller, "nothing")
    told = hears(stage, caller, "number", Digits="1")
    assert "in about 5 to 15 minutes, from 5 2 0, 5 5 5, 0 1 0 0" in told
    assert "<Hangup" in told
    assert number(stage) == NUMBER


def test_without_a_figure_the_day_is_told_and_no_minutes(stage, caller):
    assert "today, before we close" in hears(stage, caller, "number")


def test_another_number_is_keyed_in_and_read_back(stage, caller):
    assert "press 9 alone" in hears(stage, caller, "number", Digits="2")
    assert "5 2 0, 5 5 5, 0 1 7 7" in hears(stage, caller, "keyed", Digits=OTHER_KEYS)
    assert number(stage) == OTHER
    assert wish(stage).number_index == stage.runtime.keyring.blind_index(OTHER)


@pytest.mark.parametrize("keys", ["", "123", "19005550142", "0115255550142", "9115550142x", "#*#"])
def test_what_is_no_number_is_asked_once_more_and_then_the_shown_one_stays(stage, caller, keys):
    assert "not a number" in hears(stage, caller, "keyed", Digits=keys)
    assert "today" in hears(stage, caller, "keyed_again", Digits=keys)
    assert number(stage) == NUMBER


@pytest.mark.parametrize("asked", ["nothing", "number", "keyed", "after_hours"])
def test_nine_alone_dials_911_at_every_question(stage, caller, asked):
    assert f"room-{caller.call_id}" in hears(stage, caller, asked, Digits="9")
    assert [to for to, _ in stage.dialled()] == ["+15205550191"]


def test_zero_takes_the_wish_back_and_is_a_person(stage, caller):
    assert "<Enqueue" in hears(stage, caller, "number", Digits="0")
    assert wish(stage).done_at is not None
    with stage.runtime.sessions() as session:
        assert session.scalar(select(LineEntry)).call_id == caller.call_id


@pytest.mark.parametrize(("keys", "agreed"), [("1", True), ("", False), ("2", False)])
def test_only_who_agrees_is_rung_after_hours(runtime, keys, agreed):
    opens = runtime.clock() + timedelta(hours=8)
    readers = replace(runtime.readers, opening=lambda _line, _at: Opening(False, opens))
    stage = Stage(replace(runtime, readers=readers))
    made = stage.ring("ana")
    with stage.runtime.sessions() as session:
        keyring = stage.runtime.keyring
        left_for_desk.ask_call_back(session, keyring, made.call_id, "offer", NUMBER, stage.now)
        session.commit()
    assert "while we are closed, press 1" in hears(stage, made, "number")
    assert "when we open" in hears(stage, made, "after_hours", Digits=keys)
    assert wish(stage).after_hours is agreed
