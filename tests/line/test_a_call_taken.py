"""From the line into the room and out of it, by what Twilio posts."""

import pytest

from ivr import rooms
from ivr.errors import GatewayError
from ivr.rooms import LeaveRefused, NotInCallError
from ivr.waiting_line import Accepted, Reason, TooLate
from models.states import (
    CallOutcome,
    CallPhase,
    Language,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
)

pytestmark = pytest.mark.database


def test_joining_again_changes_nothing_but_a_more_urgent_class(stage):
    caller = stage.ring()
    first = stage.join(caller)
    assert stage.join(caller) == first
    assert stage.entry(caller).priority is PriorityClass.ORDINARY
    assert stage.join(caller, PriorityClass.POSSIBLE) == first
    assert stage.entry(caller).priority is PriorityClass.POSSIBLE
    assert stage.journal(caller).count("line_joined") == 1


def test_a_waiting_caller_is_offered_to_one_call_taker(stage):
    staff = [stage.staff("carla"), stage.staff("daniel")]
    stage.join(stage.ring())
    assert [offer.staff_id for offer in stage.offers()] == [staff[0]]
    assert stage.offer() == []


def test_an_offer_nobody_answers_goes_on_to_the_next_person(stage):
    stage.staff("carla")
    second = stage.staff("daniel")
    stage.join(stage.ring())
    stage.pass_by(15.5)
    assert [(o.staff_id == second, o.state) for o in stage.offers()] == [
        (False, OfferState.EXPIRED),
        (True, OfferState.OPEN),
    ]


def test_a_spanish_caller_is_offered_to_who_speaks_spanish(stage):
    stage.staff("carla", languages="en")
    spanish = stage.staff("lupe", languages="en,es")
    stage.join(stage.ring(), language=Language.ES)
    assert [offer.staff_id for offer in stage.offers()] == [spanish]


def test_accept_connect_and_both_in_the_room(stage):
    staff = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    assert stage.accept(offer.id, staff) == Accepted(offer.id, caller.call_id, in_room=False)

    desk_sid, document = stage.connect(offer.id, staff)
    assert f">room-{caller.call_id}</Conference>" in document
    assert 'endConferenceOnExit="false"' in document
    ((sid, url),) = stage.gateway.of("redirect")
    assert sid == caller.call_sid

    path = url.split("#")[0].removeprefix("https://311.example.test")
    assert "joining" in stage.post(path, CallSid=caller.call_sid)
    stage.enters(caller)
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    assert stage.entry(caller).state is LineState.TAKEN
    assert stage.presence(staff) is PresenceState.ON_CALL
    assert stage.call(caller).conference_sid is not None
    assert "clock.answered" in dict(stage.facts(caller))
    stage.pass_by(7)
    assert stage.gateway.of("redirect")[1:] == []


def test_the_same_softphone_asking_again_moves_nobody_twice(stage):
    staff = stage.staff("carla")
    stage.join(stage.ring(phase=CallPhase.LINE))
    (offer,) = stage.offers()
    stage.accept(offer.id, staff)
    assert stage.connect(offer.id, staff) == stage.connect(offer.id, staff)
    assert len(stage.gateway.of("redirect")) == 1


@pytest.mark.parametrize("word", ["nobody's offer", "another's offer", "never accepted"])
def test_a_softphone_without_a_claim_hears_why_and_hangs_up(stage, word):
    carla, daniel = stage.staff("carla"), stage.staff("daniel")
    stage.join(stage.ring(phase=CallPhase.LINE))
    (offer,) = stage.offers()
    who, offer_id = {
        "nobody's offer": (carla, "f" * 32),
        "another's offer": (daniel, offer.id),
        "never accepted": (carla, offer.id),
    }[word]
    _, document = stage.connect(offer_id, who)
    assert "no longer waiting for you" in document
    assert "<Hangup" in document
    assert stage.gateway.of("redirect") == []


def test_a_second_accept_of_one_call_comes_too_late(stage):
    carla, daniel = stage.staff("carla"), stage.staff("daniel")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller, PriorityClass.POSSIBLE)
    mine, theirs = sorted(stage.offers(), key=lambda offer: offer.staff_id != carla)
    assert isinstance(stage.accept(mine.id, carla), Accepted)
    assert isinstance(stage.accept(mine.id, carla), Accepted)
    assert stage.accept(theirs.id, daniel) == TooLate(Reason.TAKEN)


def test_one_person_cannot_take_two_calls(stage):
    carla = stage.staff("carla")
    stage.join(stage.ring("ana", phase=CallPhase.LINE), PriorityClass.POSSIBLE)
    stage.join(stage.ring("ben", phase=CallPhase.LINE), PriorityClass.POSSIBLE)
    one, other = stage.offers()
    assert isinstance(stage.accept(one.id, carla), Accepted)
    assert stage.accept(other.id, carla) == TooLate(Reason.ENGAGED)


def test_a_softphone_that_never_comes_frees_the_caller_for_the_next_person(stage):
    carla, daniel = stage.staff("carla"), stage.staff("daniel")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    stage.pass_by(6.5)
    assert stage.entry(caller).state is LineState.WAITING
    assert [o.staff_id for o in stage.offers(OfferState.OPEN)] == [daniel]
    assert stage.gateway.of("redirect") == []


def test_a_softphone_that_does_not_join_sends_the_caller_back_with_a_sentence(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    desk_sid, _ = stage.connect(offer.id, carla)
    stage.enters(caller)
    stage.pass_by(6.5)
    url = stage.gateway.of("redirect")[-1][1]
    assert "/call_taker_delayed" in url
    assert stage.gateway.of("hang_up") == [(desk_sid,)]
    assert stage.entry(caller).priority is PriorityClass.RETURNING
    path = url.split("#")[0].removeprefix("https://311.example.test")
    document = stage.post(path, CallSid=caller.call_sid)
    assert "first in line" in document
    assert "<Enqueue" in document


def test_a_softphone_that_came_late_is_not_parted_from_a_caller_on_the_way(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    stage.pass_by(5.5)
    desk_sid, _ = stage.connect(offer.id, carla)
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    stage.pass_by(1)
    assert len(stage.gateway.of("redirect")) == 1
    assert stage.gateway.of("hang_up") == []
    stage.enters(caller)
    stage.pass_by(5)
    assert stage.entry(caller).state is LineState.TAKEN
    assert len(stage.gateway.of("redirect")) == 1


def test_a_softphone_that_came_late_and_alone_is_let_go_a_moment_later(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    stage.pass_by(5.5)
    desk_sid, _ = stage.connect(offer.id, carla)
    stage.pass_by(5)
    assert "/call_taker_delayed" in stage.gateway.of("redirect")[-1][1]
    assert stage.gateway.of("hang_up") == [(desk_sid,)]
    assert stage.entry(caller).state is LineState.WAITING


def test_a_late_report_of_a_join_does_not_fetch_a_caller_back_out_of_the_line(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    stage.connect(offer.id, carla)
    stage.pass_by(6.5)
    moves = stage.gateway.of("redirect")
    assert "/call_taker_delayed" in moves[-1][1]
    stage.enters(caller)
    stage.leaves(caller, status="in-progress")
    assert stage.call(caller).phase is CallPhase.LINE
    stage.pass_by(5)
    assert stage.gateway.of("redirect") == moves


def test_lost_reports_of_two_joins_do_not_part_two_who_talk(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    desk_sid, _ = stage.connect(offer.id, carla)
    room = f"room-{caller.call_id}"
    stage.gateway.labels[room, "caller"] = caller.call_sid
    stage.gateway.labels[room, f"call-taker-{offer.id}"] = desk_sid
    stage.pass_by(6.5)
    assert stage.gateway.of("hang_up") == []
    assert stage.entry(caller).state is LineState.TAKEN


def test_a_lost_call_taker_is_offered_the_caller_first(stage):
    caller, carla, desk_sid = stage.talk()
    daniel = stage.staff("daniel")
    stage.leaves(caller, desk_sid)
    assert "call_taker_lost" in stage.journal(caller)
    assert len(stage.news("supervisor_alert")) == 1
    stage.pass_by(2.25)
    assert "/line_returning" in stage.gateway.of("redirect")[-1][1]
    assert stage.entry(caller).priority is PriorityClass.RETURNING
    assert [o.staff_id for o in stage.offers(OfferState.OPEN)] == [carla]
    stage.set_presence(carla, PresenceState.OFFLINE)
    stage.pass_by(16)
    assert daniel in [o.staff_id for o in stage.offers(OfferState.OPEN)]


def test_a_caller_alone_who_cannot_be_moved_hears_words_and_is_tried_again(stage):
    caller, _, desk_sid = stage.talk()
    refused = GatewayError("refused", 20500, 500)
    stage.gateway.fail("redirect", refused, refused)
    stage.leaves(caller, desk_sid)
    stage.pass_by(2.25)
    ((_, held, url),) = stage.gateway.of("hold")
    assert held == caller.call_sid
    assert "/alone" in url
    stage.pass_by(4.5)
    assert len(stage.gateway.of("redirect")) >= 3
    stage.leaves(caller, status="in-progress")
    before = len(stage.gateway.of("redirect"))
    stage.pass_by(5)
    assert len(stage.gateway.of("redirect")) == before


def test_hanging_up_ends_the_room_and_the_caller_hears_goodbye(stage):
    caller, carla, desk_sid = stage.talk()
    rooms.hang_up(stage.runtime, caller.call_id, carla)
    assert stage.gateway.of("end_room") == [(stage.call(caller).conference_sid,)]
    stage.leaves(caller, desk_sid)
    stage.leaves(caller, status="in-progress")
    document = stage.post(
        f"/voice/room/{caller.call_id}/left", CallSid=caller.call_sid, CallStatus="in-progress"
    )
    assert "has ended" in document
    stage.ends(caller.call_sid)
    ended = stage.call(caller)
    assert (ended.phase, ended.outcome) == (CallPhase.ENDED, CallOutcome.HELPED)
    assert ended.call_token is None
    assert stage.presence(carla) is PresenceState.WRAP_UP
    assert "clock.call_end" in dict(stage.facts(caller))


def test_a_room_whose_sid_was_never_reported_can_be_ended_all_the_same(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    (offer,) = stage.offers()
    stage.accept(offer.id, carla)
    desk_sid, _ = stage.connect(offer.id, carla)
    rooms.hang_up(stage.runtime, caller.call_id, carla)
    ((spoken_to, document),) = stage.gateway.of("speak_and_end")
    assert spoken_to == caller.call_sid
    assert "has ended" in document
    assert stage.gateway.of("hang_up") == [(desk_sid,)]


def test_nobody_may_leave_a_caller_alone(stage):
    caller, carla, _ = stage.talk()
    with pytest.raises(LeaveRefused, match="nobody_else"):
        rooms.leave(stage.runtime, caller.call_id, carla)
    with pytest.raises(NotInCallError):
        rooms.hang_up(stage.runtime, caller.call_id, stage.staff("daniel"))


def test_a_caller_who_hangs_up_ends_the_room(stage):
    caller, carla, _ = stage.talk()
    stage.leaves(caller)
    assert len(stage.gateway.of("end_room")) == 1
    assert stage.call(caller).phase is CallPhase.ENDED
    stage.ends(caller.call_sid)
    assert stage.journal(caller).count("call_ended") == 1
    assert stage.presence(carla) is PresenceState.WRAP_UP


def test_hold_has_a_reason_and_a_limit(stage):
    caller, carla, _ = stage.talk()
    rooms.hold(stage.runtime, caller.call_id, carla, on=True)
    ((_, held, url),) = stage.gateway.of("hold")
    assert held == caller.call_sid
    path = url.split("#")[0].removeprefix("https://311.example.test")
    assert "looking something up" in stage.post(path, CallSid=caller.call_sid)
    stage.pass_by(60.5)
    assert stage.gateway.of("hold")[-1][2] is None
    assert stage.call(caller).hold_since is None


def test_a_caller_who_hangs_up_in_the_line_leaves_no_offer(stage):
    stage.staff("carla")
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller)
    stage.post(f"/voice/line/{caller.call_sid}/left", CallSid=caller.call_sid, QueueResult="hangup")
    assert stage.offers(OfferState.OPEN) == []
    assert stage.entry(caller).state is LineState.ABANDONED
    assert stage.call(caller).outcome is CallOutcome.ABANDONED
    assert len(stage.news("offer_withdrawn")) == 1
    stage.ends(caller.call_sid)
    assert stage.journal(caller).count("call_ended") == 1
