"""What a waiting caller is told each minute, and how they leave the line for a call back or a message."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr import waiting_line
from ivr.rules.skills import Opening
from models.call import Call
from models.call_back import CALL_BACK_NUMBER, CallBack
from models.line import LineEntry
from models.staff import Presence
from models.states import (
    CallOutcome,
    CallPhase,
    EscalationCause,
    Language,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
)
from models.voicemail import Voicemail
from tests.line.conftest import NUMBER, sid_of

pytestmark = pytest.mark.database

RECORDED = {"RecordingSid": "RE" + "3" * 32, "RecordingDuration": "14"}


def waits(stage, caller, n=1):
    return stage.post(f"/voice/wait/{caller.call_sid}/{n}", CallSid=caller.call_sid)


def hears(stage, caller, window="said", **fields):
    return stage.post(
        f"/voice/heard/{caller.call_sid}/2/{window}", CallSid=caller.call_sid, **fields
    )


def leaves_queue(stage, caller, result="leave"):
    path = f"/voice/line/{caller.call_sid}/left"
    return stage.post(path, CallSid=caller.call_sid, QueueResult=result)


def speaks(stage, caller, window="said", **fields):
    return stage.post(
        f"/voice/message/{caller.call_sid}/{window}", CallSid=caller.call_sid, **fields
    )


def rows(stage, kind):
    with stage.runtime.sessions() as session:
        return list(session.scalars(select(kind)))


@pytest.fixture
def waiting(stage):
    """In the line, with somebody at the desk who talks."""
    stage.staff("carla", state=PresenceState.ON_CALL)
    caller = stage.ring("ana", phase=CallPhase.LINE)
    stage.join(caller)
    return caller


def was_answered(stage, minutes_ago, waited_minutes=3.0, language=Language.EN):
    caller = stage.ring(f"before-{minutes_ago}", phase=CallPhase.LINE)
    stage.join(caller, language=language)
    with stage.runtime.sessions() as session:
        entry = session.scalar(select(LineEntry).where(LineEntry.call_id == caller.call_id))
        entry.state = LineState.TAKEN
        entry.ended_at = stage.now - timedelta(minutes=minutes_ago)
        entry.joined_at = entry.waiting_since = entry.ended_at - timedelta(minutes=waited_minutes)
        session.commit()


def test_the_wait_is_told_once_enough_was_seen_and_by_callers_of_the_same_language(stage, waiting):
    assert "probably" not in waits(stage, waiting)
    for n in range(10):
        was_answered(stage, 2.0 * n, language=Language.ES)
    assert "probably" not in waits(stage, waiting)
    for n in range(10):
        was_answered(stage, 2.0 * n + 0.5)
    document = waits(stage, waiting)
    assert "You are number 1 in line" in document
    assert "The wait is probably less than 5 minutes" in document


def test_from_the_second_round_on_the_other_ways_are_named(stage, waiting):
    assert "To be called back" not in waits(stage, waiting, 1)
    assert "To be called back when it is your turn, press 1" in waits(stage, waiting, 2)


def test_between_two_announcements_there_are_two_pieces_of_music(stage, waiting):
    first = hears(stage, waiting)
    assert f"/voice/heard/{waiting.call_sid}/2/music" in first
    second = hears(stage, waiting, "music")
    assert f"/voice/heard/{waiting.call_sid}/2/quiet" in second
    assert f"/voice/wait/{waiting.call_sid}/3" in hears(stage, waiting, "quiet")


def test_with_nobody_left_at_the_desk_no_music_is_played_on(stage, waiting):
    assert "<Gather" in hears(stage, waiting, "music")
    with stage.runtime.sessions() as session:
        session.scalars(select(Presence)).one().state = PresenceState.OFFLINE
        session.commit()
    document = hears(stage, waiting, "music")
    assert f"/voice/wait/{waiting.call_sid}/3" in document
    assert "<Gather" not in document


def test_a_call_back_is_asked_for_twice_and_frees_the_place(stage, waiting):
    asked = hears(stage, waiting, Digits="1")
    assert "ends in 0 1 4 2" in asked
    assert rows(stage, CallBack) == []
    document = hears(stage, waiting, "call_back", Digits="1")
    assert "You keep your place" in document
    assert "<Hangup" in document
    (wish,) = rows(stage, CallBack)
    assert stage.runtime.keyring.unseal(CALL_BACK_NUMBER, wish.id, wish.number) == NUMBER
    places = [row for row in rows(stage, LineEntry) if row.ended_at is not None]
    assert [row.state for row in places] == [LineState.MOVED]
    leaves_queue(stage, waiting, "hangup")
    assert stage.call(waiting).outcome is CallOutcome.CALL_BACK


def test_asked_for_again_by_a_repeated_post_there_is_one_wish(stage, waiting):
    for _ in range(3):
        hears(stage, waiting, "call_back", Digits="1")
    assert len(rows(stage, CallBack)) == 1


@pytest.mark.parametrize("fields", [{"Digits": "2"}, {}, {"SpeechResult": "no"}])
def test_whoever_does_not_say_it_again_waits_on(stage, waiting, fields):
    hears(stage, waiting, Digits="1")
    assert f"/voice/wait/{waiting.call_sid}/3" in hears(stage, waiting, "call_back", **fields)
    assert stage.entry(waiting).state is LineState.WAITING


@pytest.mark.parametrize("priority", [PriorityClass.EMERGENCY, PriorityClass.FROM_911])
def test_urgent_callers_are_offered_nothing_but_a_person(stage, priority):
    stage.staff("carla", state=PresenceState.ON_CALL)
    caller = stage.ring("ana", phase=CallPhase.LINE)
    stage.join(caller, priority)
    assert "press 2" not in waits(stage, caller, 2)
    assert "<Leave" not in hears(stage, caller, Digits="2")
    hears(stage, caller, "call_back", Digits="1")
    assert rows(stage, CallBack) == []


def test_a_withheld_number_is_offered_a_message_alone(stage):
    stage.staff("carla", state=PresenceState.ON_CALL)
    caller = stage.ring("ana", phase=CallPhase.LINE, number=None)
    stage.join(caller)
    document = waits(stage, caller, 2)
    assert "To leave a message instead of waiting, press 2" in document
    assert "call_back" not in hears(stage, caller, Digits="1")


def test_whom_somebody_is_just_accepting_stays(stage):
    carla = stage.staff("carla")
    caller = stage.ring("ana", phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers(OfferState.OPEN)
    stage.accept(offer.id, carla)
    hears(stage, caller, "call_back", Digits="1")
    assert "<Leave" not in hears(stage, caller, Digits="2")
    assert rows(stage, CallBack) == []
    assert stage.entry(caller).state is LineState.RESERVED


@pytest.fixture
def recording(stage, waiting):
    """Out of the queue, asked for a message."""
    assert "<Leave" in hears(stage, waiting, Digits="2")
    document = leaves_queue(stage, waiting)
    assert "Please leave your message after the tone" in document
    assert "<Record" in document
    return waiting


def test_a_message_is_kept_and_the_call_ends(stage, recording):
    assert "We have your message" in speaks(stage, recording, "done", **RECORDED)
    speaks(stage, recording, "done", **RECORDED)
    (message,) = rows(stage, Voicemail)
    assert (message.call_id, message.seconds) == (recording.call_id, 14)
    stage.ends(recording.call_sid)
    assert stage.call(recording).outcome is CallOutcome.VOICEMAIL


def test_without_a_message_they_stand_where_they_stood(stage, recording):
    stage.runtime.clock.pass_by(30)
    document = speaks(stage, recording, "done")
    assert "taking you back to the line" in document
    assert "<Enqueue" in document
    entry = stage.entry(recording)
    assert entry.state is LineState.WAITING
    assert entry.joined_at - entry.waiting_since == timedelta(seconds=30)


def test_zero_before_the_tone_leads_back_and_anything_else_begins_the_message(stage, recording):
    assert "<Record" in speaks(stage, recording, SpeechResult="there is a tree")
    assert "<Record" in speaks(stage, recording)
    assert "<Enqueue" in speaks(stage, recording, Digits="0")


@pytest.mark.parametrize(
    ("window", "fields", "cause"),
    [
        ("said", {"Digits": "9"}, EscalationCause.KEY),
        ("confirm", {}, EscalationCause.WORDS),
        ("done", {"Digits": "9", **RECORDED}, EscalationCause.KEY),
    ],
)
def test_911_is_dialled_from_the_message_too(stage, recording, window, fields, cause):
    assert "<Conference" in speaks(stage, recording, window, **fields)
    assert len(stage.dialled()) == 1
    requested = [e for e in stage.entries(recording) if e.kind == "transfer_requested"]
    assert requested[0].data["cause"] == cause.value
    assert stage.call(recording).phase is CallPhase.ROOM


def test_doubt_before_the_tone_goes_to_the_top_of_the_line(stage, recording):
    stage.runtime.clock.pass_by(5)
    assert "Is anyone in danger" in speaks(stage, recording, SpeechResult="I smell smoke")
    assert "<Enqueue" in speaks(stage, recording, "danger", SpeechResult="well I do not know")
    assert stage.entry(recording).priority is PriorityClass.POSSIBLE
    stage.pass_by(21)
    assert len(stage.dialled()) == 1


@pytest.mark.parametrize("word", ["music", "nonsense", "call_back"])
def test_no_other_window_belongs_to_a_message(stage, recording, word):
    assert "<Record" not in speaks(stage, recording, word)
    assert rows(stage, Voicemail) == []


def test_the_longest_wait_is_told_as_what_it_is_and_counts_in_this_place(stage, waiting):
    stage.runtime.clock.pass_by(901)
    assert "<Leave" in waits(stage, waiting)
    assert "You have waited a long time" in leaves_queue(stage, waiting)


def test_who_comes_back_to_the_front_is_not_sent_away_for_an_earlier_wait(stage):
    caller, _, desk_sid = stage.talk()
    stage.staff("dora", state=PresenceState.ON_CALL)
    stage.runtime.clock.pass_by(1200)
    stage.leaves(caller, desk_sid, label="call-taker")
    stage.pass_by(3)
    assert stage.entry(caller).state is LineState.WAITING
    assert "<Leave" not in waits(stage, caller)


def test_a_skill_is_kept_with_the_place_and_opened_in_time(stage):
    stage.staff("water", state=PresenceState.ON_CALL, skills="water")
    other = stage.staff("other", skills="weeds")
    caller = stage.ring("ana", phase=CallPhase.LINE)
    with stage.runtime.sessions() as session:
        overflow = (Opening("water", 0), Opening("everybody", 60))
        entry = waiting_line.join(
            session,
            caller.call_id,
            PriorityClass.ORDINARY,
            "water",
            Language.EN,
            stage.now,
            stage.runtime.new_id,
            overflow=overflow,
        )
        session.commit()
    assert entry.skill == "water"
    assert stage.offer() == []
    stage.pass_by(59)
    assert stage.offers(OfferState.OPEN) == []
    stage.pass_by(2)
    assert [offer.staff_id for offer in stage.offers(OfferState.OPEN)] == [other]


def test_the_call_of_nobody_hears_words_all_the_same(stage):
    nobody = sid_of("nobody")
    for path in ("said", "confirm", "danger", "done"):
        assert "<Response" in stage.post(f"/voice/message/{nobody}/{path}", CallSid=nobody)
    with stage.runtime.sessions() as session:
        assert session.scalars(select(Call)).all() == []
