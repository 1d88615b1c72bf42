"""The wait loop and its ways out, by what Twilio posts; and 9 against every moment of an accept."""

import pytest

from ivr import deadlines
from ivr.waiting_line import Accepted, TooLate
from models.states import (
    CallPhase,
    DeadlineKind,
    EscalationCause,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
    TransferState,
)

pytestmark = pytest.mark.database


def waits(stage, caller, n=1):
    return stage.post(f"/voice/wait/{caller.call_sid}/{n}", CallSid=caller.call_sid)


def hears(stage, caller, n=1, window="said", **fields):
    path = f"/voice/heard/{caller.call_sid}/{n}/{window}"
    return stage.post(path, CallSid=caller.call_sid, **fields)


def leaves_queue(stage, caller, result="leave"):
    path = f"/voice/line/{caller.call_sid}/left"
    return stage.post(path, CallSid=caller.call_sid, QueueResult=result)


@pytest.fixture
def waiting(stage):
    """A caller second in line, with somebody signed in."""
    stage.staff("carla", state=PresenceState.ON_CALL)
    stage.join(stage.ring("ben", phase=CallPhase.LINE))
    stage.runtime.clock.pass_by(1)
    caller = stage.ring("ana", phase=CallPhase.LINE)
    stage.join(caller)
    return caller


def test_each_round_says_the_place_and_then_listens_for_danger(stage, waiting):
    document = waits(stage, waiting)
    assert "You are number 2 in line" in document
    assert "If this is an emergency, say it now" in document
    assert 'input="dtmf speech"' in document
    assert f"/voice/heard/{waiting.call_sid}/1/said" in document


def test_the_loop_has_no_effect_and_goes_on(stage, waiting):
    before = stage.journal(waiting)
    waits(stage, waiting)
    assert 'input="dtmf"' in hears(stage, waiting)
    assert f"/voice/wait/{waiting.call_sid}/2" in hears(stage, waiting, window="quiet")
    assert stage.journal(waiting) == before


def test_zero_and_star_are_answered(stage, waiting):
    assert "A person will help you" in hears(stage, waiting, Digits="0")
    assert f"/voice/wait/{waiting.call_sid}/2" in hears(stage, waiting, Digits="*")


def test_without_a_database_the_caller_still_hears_words_and_nine_still_dials(stage, waiting):
    def broken():
        raise RuntimeError("the database is gone")

    object.__setattr__(stage.runtime, "sessions", broken)
    object.__setattr__(stage.runtime, "intent_sessions", broken)
    document = waits(stage, waiting)
    assert "emergency" in document
    assert "emergencia" in document
    assert "<Leave" in hears(stage, waiting, Digits="9")
    ((dial,),) = stage.gateway.of("dial_into_room")
    assert dial.room == f"room-{waiting.call_id}"
    assert f">room-{waiting.call_id}</Conference>" in leaves_queue(stage, waiting)


def test_nine_dials_leaves_the_queue_and_enters_the_room(stage, waiting):
    document = hears(stage, waiting, Digits="9")
    assert "connecting you to 911" in document
    assert "<Leave" in document
    assert len(stage.dialled()) == 1
    assert "<Conference" in leaves_queue(stage, waiting)
    assert stage.entry(waiting).state is LineState.MOVED
    hears(stage, waiting, Digits="9")
    hears(stage, waiting, n=2, Digits="9")
    assert len(stage.dialled()) == 1


def test_a_spoken_emergency_is_asked_about_once_and_silence_dials(stage, waiting):
    asked = hears(stage, waiting, SpeechResult="there is a fire")
    assert "If nobody is in danger, say no or press star" in asked
    assert stage.dialled() == []
    assert "<Leave" in hears(stage, waiting, window="confirm")
    assert len(stage.dialled()) == 1


def test_a_spoken_emergency_taken_back_goes_to_the_top_of_the_line(stage, waiting):
    hears(stage, waiting, SpeechResult="there is a fire")
    hears(stage, waiting, window="confirm", SpeechResult="no")
    assert stage.dialled() == []
    assert stage.entry(waiting).priority is PriorityClass.POSSIBLE


@pytest.mark.parametrize(
    "star", ["star", "Star.", "asterisk", "estrella", "Estrella.", "asterisco"]
)
def test_the_star_that_the_line_names_may_be_said_in_its_word(stage, waiting, star):
    hears(stage, waiting, SpeechResult="there is a fire")
    hears(stage, waiting, window="confirm", SpeechResult=star)
    assert stage.dialled() == []


def test_doubt_without_an_answer_is_offered_to_all_and_untaken_it_is_dialled(stage, waiting):
    assert "Is anyone in danger" in hears(stage, waiting, SpeechResult="I smell smoke")
    hears(stage, waiting, window="danger")
    assert stage.entry(waiting).priority is PriorityClass.POSSIBLE
    assert any(o.ends_at is None for o in stage.offers(OfferState.OPEN))
    stage.pass_by(19)
    assert stage.dialled() == []
    stage.pass_by(2)
    assert len(stage.dialled()) == 1
    sid, url = stage.gateway.of("redirect")[-1]
    assert sid == waiting.call_sid
    assert f"/voice/room/{waiting.call_sid}/" in url
    assert stage.entry(waiting).state is LineState.MOVED


def test_a_dial_that_could_be_neither_made_nor_asked_for_again_still_comes(stage, monkeypatch):
    stage.staff("carla")
    stage.join(stage.ring(phase=CallPhase.LINE), PriorityClass.POSSIBLE, untaken=True)
    stage.runtime.clock.pass_by(21)
    sessions = stage.runtime.sessions

    def gone(*_arguments):
        raise RuntimeError("the database is gone")

    def lose_the_database(*_arguments):
        object.__setattr__(stage.runtime, "sessions", gone)
        gone()

    with monkeypatch.context() as broken:
        deed = {DeadlineKind.POSSIBLE_UNTAKEN: lose_the_database}
        broken.setattr(deadlines, "_DEEDS", {**deadlines._DEEDS, **deed})
        with pytest.raises(RuntimeError):
            stage.sweep()
    object.__setattr__(stage.runtime, "sessions", sessions)
    assert stage.dialled() == []
    stage.pass_by(deadlines.TAKEN_SECONDS)
    assert len(stage.dialled()) == 1


def test_doubt_that_was_taken_in_time_dials_nothing(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller, PriorityClass.POSSIBLE, untaken=True)
    (offer,) = stage.offers(OfferState.OPEN)
    stage.accept(offer.id, carla)
    desk_sid, _ = stage.connect(offer.id, carla)
    stage.enters(caller)
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    stage.pass_by(25)
    assert stage.dialled() == []


def test_a_line_with_nobody_in_it_rings_the_human_line(stage):
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    assert "<Leave" in waits(stage, caller)
    document = leaves_queue(stage, caller)
    assert "Nobody is at the desk" in document
    assert "+15205550110</Number>" in document
    assert stage.call(caller).phase is CallPhase.HUMAN_LINE
    assert stage.entry(caller).state is LineState.MOVED


def test_the_longest_wait_rings_the_human_line(stage, waiting):
    stage.runtime.clock.pass_by(899)
    assert "<Leave" not in waits(stage, waiting)
    stage.runtime.clock.pass_by(2)
    assert "<Leave" in waits(stage, waiting)
    assert "+15205550110" in leaves_queue(stage, waiting)


@pytest.mark.parametrize("result", ["queue-full", "error", "system-error", "", "something new"])
def test_a_caller_who_could_not_be_queued_rings_the_human_line(stage, waiting, result):
    assert "+15205550110" in leaves_queue(stage, waiting, result)


@pytest.mark.parametrize("result", ["redirected", "bridged"])
def test_our_own_redirect_settles_nothing(stage, waiting, result):
    assert "<Dial" not in leaves_queue(stage, waiting, result)
    assert stage.entry(waiting).state is LineState.WAITING


def test_a_caller_whose_words_cannot_be_read_is_not_lost(stage):
    document = stage.post(f"/voice/heard/{'CA' + '0' * 32}/1/said", CallSid="CA" + "0" * 32)
    assert "<Response" in document
    assert "<Response" in stage.post("/voice/heard/nonsense/1/said")
    assert "<Response" in stage.post("/voice/room/nonsense/left", CallSid="x")


def in_the_room(stage, caller):
    call = stage.call(caller)
    return call.phase is CallPhase.ROOM


ACCEPT_THEN = ["nine", "accept nine", "accept connect nine", "accept connect joined nine"]


@pytest.mark.parametrize("story", ACCEPT_THEN)
def test_a_nine_is_dialled_at_every_moment_of_an_accept_and_the_call_taker_comes_in(stage, story):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers(OfferState.OPEN)
    desk_sid = None
    for deed in story.split():
        match deed:
            case "accept":
                assert isinstance(stage.accept(offer.id, carla), Accepted)
            case "connect":
                desk_sid, _ = stage.connect(offer.id, carla)
            case "joined":
                stage.enters(caller)
            case "nine":
                hears(stage, caller, Digits="9")
    assert len(stage.dialled()) == 1
    assert "<Conference" in leaves_queue(stage, caller)
    stage.enters(caller)
    if story == "nine":
        assert isinstance(stage.accept(offer.id, carla), TooLate)
        (offer,) = stage.offers(OfferState.OPEN)
        stage.accept(offer.id, carla)
    if desk_sid is None:
        desk_sid, document = stage.connect(offer.id, carla)
        assert "<Conference" in document
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    stage.pass_by(10)
    assert in_the_room(stage, caller)
    assert len(stage.dialled()) == 1
    assert stage.presence(carla) is PresenceState.ON_CALL
    assert stage.offers(OfferState.OPEN) == []
    assert stage.gateway.of("hang_up") == []
    assert len(stage.gateway.of("redirect")) == ("connect" in story)


def test_an_accept_that_comes_to_nothing_leaves_the_nine_dialled_and_offered(stage):
    carla, daniel = stage.staff("carla"), stage.staff("daniel")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers(OfferState.OPEN)
    stage.accept(offer.id, carla)
    hears(stage, caller, Digits="9")
    stage.enters(caller)
    stage.pass_by(6.5)
    assert len(stage.dialled()) == 1
    assert daniel in [o.staff_id for o in stage.offers(OfferState.OPEN)]
    assert stage.gateway.of("redirect") == []


def test_a_caller_who_never_arrives_in_the_room_is_brought_there(stage, waiting):
    hears(stage, waiting, Digits="9")
    stage.pass_by(8.5)
    sid, url = stage.gateway.of("redirect")[-1]
    assert (sid, "/voice/room/" in url) == (waiting.call_sid, True)


def test_the_key_is_the_cause_that_is_recorded(stage, waiting):
    hears(stage, waiting, Digits="9")
    requested = [e for e in stage.entries(waiting) if e.kind == "transfer_requested"]
    assert [(e.data["cause"], e.actor) for e in requested] == [
        (EscalationCause.KEY.value, "caller")
    ]
    assert stage.escalation(requested[0].data["escalation"]).state is TransferState.DIALLING
