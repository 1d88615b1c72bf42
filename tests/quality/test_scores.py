"""The score of a call that was really taken at the desk: computed once, from what its rows say."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from calltaker.authoring.grounds import Grounds
from calltaker.handoff.exchange import Exchange
from calltaker.quality import case_record, scores
from config import worker
from config.belt import Belt
from models.call import Call
from models.contact_fields import ContactField
from models.escalation import Escalation
from models.intake import ProtocolAnswer, ProtocolSession
from models.journal import ContactFact, JournalEntry
from models.quality import CaseSample, CaseScore
from models.states import (
    CaseGrade,
    EmergencyLevel,
    EscalationCause,
    NumberPresentation,
    SampleReason,
    TransferState,
)
from protocols.scoring_scale import SCALE
from tests.handoff.handoff_samples import AGENCIES, COMMON
from tests.quality.quality_stage import POTHOLE, result_of

EVERYTHING = Path(__file__).parents[1] / "intake" / "everything.yaml"

pytestmark = pytest.mark.database


def verify_place(floor, call) -> None:
    floor.house.add(
        ContactFact(
            call_id=call.id,
            at=floor.house.clock(),
            field=ContactField.LOCATION_VERIFIED.value,
            value=None,
            actor=floor.taker.staff_id,
        )
    )


def escalate(floor, call, after_seconds: float, **changes) -> None:
    at = floor.house.clock() + timedelta(seconds=after_seconds)
    values = {
        "id": "e" * 32,
        "call_id": call.id,
        "cause": EscalationCause.RED_BUTTON,
        "actor": floor.taker.staff_id,
        "destinations": [],
        "state": TransferState.ENDED,
        "requested_at": at,
        "ended_at": at,
    }
    floor.house.add(Escalation(**{**values, **changes}))


def test_a_call_taken_as_it_should_be_meets_its_protocol(floor):
    call = floor.call()
    verify_place(floor, call)
    floor.begin(call)
    floor.answer(call, POTHOLE)
    score = floor.scored(floor.wrap_up(call))
    assert (score.grade, score.under_triage) == (CaseGrade.MEETS, [])
    assert score.earned == score.applicable == 30
    assert (score.protocol, score.version, score.scale) == ("pothole", 1, SCALE.name)
    assert score.staff_id == floor.taker.staff_id
    missing = {check["item"] for check in score.checks if check["result"] == "not_applicable"}
    assert {"advice_given", "closing_read", "read_word_for_word"} <= missing


def test_a_place_nobody_verified_makes_the_case_non_compliant_whatever_else(floor):
    score = floor.scored(floor.case())
    assert score.grade is CaseGrade.NON_COMPLIANT
    assert result_of(score, "place_verified") == "missed"
    assert score.earned == score.applicable - SCALE.points["critical"]


def test_a_red_flag_that_was_never_asked_is_missed_and_put_before_a_reader(floor):
    run = floor.case({"danger_now": "no"})
    score = floor.scored(run)
    assert result_of(score, "red_flags_asked") == "missed"
    assert score.under_triage == ["red_flag_missed"]
    drawn = floor.house.rows(CaseSample)
    assert [(row.session_id, row.reason) for row in drawn] == [(run.id, SampleReason.UNDER_TRIAGE)]


def test_scoring_again_changes_nothing_and_scores_nothing_twice(floor):
    floor.case()
    assert (floor.score(), floor.score()) == (1, 0)
    [first] = floor.house.rows(CaseScore)
    floor.wait(3600)
    floor.score()
    assert [row.scored_at for row in floor.house.rows(CaseScore)] == [first.scored_at]


def test_the_minder_scores_what_has_ended(floor):
    run = floor.case()
    stop, runtime = threading.Event(), floor.house.runtime
    exchange = Exchange(
        runtime=runtime,
        published=lambda: AGENCIES,
        common_types=COMMON,
        protocols=floor.published,
        secret="s" * 32,
    )
    belt = Belt("redis://127.0.0.1:1")
    minder = threading.Thread(target=worker.mind, args=(runtime, belt, stop, Grounds, exchange))
    minder.start()
    until = time.monotonic() + 20
    while not floor.house.rows(CaseScore) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    minder.join(20)
    assert [row.session_id for row in floor.house.rows(CaseScore)] == [run.id]


def test_of_two_processes_that_score_a_session_at_once_the_later_takes_the_firsts(floor):
    """Both have found no score; only the database can tell them apart."""
    run, runtime = floor.case(), floor.house.runtime
    with runtime.sessions() as session:
        row = session.get_one(ProtocolSession, run.id)
        both = [
            scores._keep(
                session, runtime.keyring, floor.published, row, runtime.clock(), runtime.new_id
            )
            for _ in range(2)
        ]
        session.commit()
        assert both[0].id == both[1].id
    assert len(floor.house.rows(CaseScore)) == 1


def test_a_running_session_has_no_score(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, {"danger_now": "no"})
    assert (floor.score(), floor.house.rows(CaseScore)) == (0, [])


def test_an_emergency_dialled_in_the_same_request_is_in_time(floor):
    call = floor.call()
    verify_place(floor, call)
    floor.begin(call, "gas_smell")
    floor.answer(call, {"danger_now": "yes"})
    score = floor.scored(floor.wrap_up(call, "transferred_to_911"))
    assert result_of(score, "emergency_transferred") == "met"
    assert result_of(score, "no_question_skipped") == "met"
    assert score.grade is CaseGrade.MEETS


def test_leaving_before_911_has_accepted_is_missed(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, POTHOLE)
    escalate(floor, call, 1, override_reason="The supervisor took over by hand.")
    floor.wait(2)
    score = floor.scored(floor.wrap_up(call))
    assert result_of(score, "emergency_transferred") == "missed"
    assert score.under_triage == ["sent_to_911_anyway"]


def test_a_transfer_after_the_session_is_not_its_own(floor):
    run = floor.case()
    call = floor.house.rows(Call)[0]
    escalate(floor, call, 30)
    assert result_of(floor.scored(run), "emergency_transferred") == "not_applicable"


def read(floor, run):
    runtime = floor.house.runtime
    with runtime.sessions() as session:
        row = session.get_one(ProtocolSession, run.id)
        return case_record.read(session, runtime.keyring, floor.published, row)


def caller_leaves(floor, call) -> None:
    floor.house.add(
        JournalEntry(
            entry_id="1" * 32,
            call_id=call.id,
            at=floor.house.clock(),
            kind="caller_left",
            actor="caller",
            data={},
        )
    )


def test_a_caller_who_leaves_with_questions_open_excuses_what_would_have_followed(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, {"danger_now": "no"})
    floor.wait(3)
    caller_leaves(floor, call)
    floor.house.leave_room(call)
    floor.wait(9)
    floor.taker.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    [run] = floor.house.rows(ProtocolSession)
    assert read(floor, run).gone_at == pytest.approx(7.0)
    score = floor.scored(run)
    assert result_of(score, "red_flags_asked") == "met"
    assert result_of(score, "place_verified") == "not_applicable"
    assert score.grade is CaseGrade.MEETS


def test_a_call_taker_who_hangs_up_on_open_questions_is_not_excused(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, {"danger_now": "no"})
    with floor.house.runtime.sessions() as session:
        session.execute(update(Call).values(end_commanded_at=floor.house.clock()))
        session.commit()
    floor.wait(1)
    caller_leaves(floor, call)
    floor.house.leave_room(call)
    floor.taker.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    [run] = floor.house.rows(ProtocolSession)
    assert read(floor, run).gone_at is None


def test_a_caller_who_hangs_up_when_all_was_asked_is_not_gone_early(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, POTHOLE)
    caller_leaves(floor, call)
    run = floor.wrap_up(call)
    assert read(floor, run).gone_at is None


@pytest.mark.parametrize(
    ("number", "presentation", "result"),
    [
        (None, NumberPresentation.WITHHELD, "missed"),
        ("+15205550142", NumberPresentation.GIVEN, "not_applicable"),
    ],
)
def test_a_number_to_call_back_is_owed_where_the_call_brought_none(
    floor, number, presentation, result
):
    run = floor.case(number=number, number_presentation=presentation)
    assert result_of(floor.scored(run), "callback_verified") == result


def test_a_transfer_that_was_over_before_the_session_is_no_part_of_it(floor):
    call = floor.call()
    verify_place(floor, call)
    escalate(floor, call, 0)
    floor.wait(60)
    floor.begin(call)
    floor.answer(call, POTHOLE)
    score = floor.scored(floor.wrap_up(call))
    assert result_of(score, "emergency_transferred") == "not_applicable"
    assert score.under_triage == []


def opening(floor, call, call_back) -> None:
    """The opening of a call, up to its question for a number and an answer to it, if there is one."""
    floor.begin(call, "opening")
    floor.answer(call, {"danger_now": "no", "where_it_is": "unknown"})
    if call_back is not None:
        floor.answer(call, {"call_back": call_back})


@pytest.mark.parametrize(
    ("call_back", "result"),
    [
        ({"phone": "+1 520 555 0101"}, "met"),
        ("refused", "met"),
        ("unknown", "met"),
        ({"name": "Elena"}, "missed"),
        (None, "missed"),
    ],
)
def test_a_number_asked_for_in_the_opening_counts_for_the_protocol_that_follows(
    floor, call_back, result
):
    floor.publish("opening")
    call = floor.call()
    opening(floor, call, call_back)
    floor.begin(call)
    floor.answer(call, POTHOLE)
    score = floor.scored(floor.wrap_up(call))
    assert (score.protocol, result_of(score, "callback_verified")) == ("pothole", result)


def test_a_witness_telephone_is_no_number_to_call_back(floor):
    floor.publish("everything", EVERYTHING)
    call = floor.call(number=None, number_presentation=NumberPresentation.WITHHELD)
    floor.begin(call, "everything")
    rest = {"where": "unknown", "since": "unknown", "who": {"phone": "+1 520 555 0102"}}
    floor.answer(call, {"danger_now": "no", "seen": [], "width": 3} | rest)
    assert result_of(floor.scored(floor.wrap_up(call)), "callback_verified") == "missed"


@pytest.mark.parametrize(("was_read", "result"), [(True, "met"), (False, "missed")])
def test_the_number_that_came_with_the_call_counts_once_it_was_read_back(floor, was_read, result):
    call = floor.call()
    floor.begin(call)
    told = {"what": "call_back", "was_read": was_read}
    floor.taker.ordered(f"/calls/{call.id}/read-aloud", told)
    floor.answer(call, POTHOLE)
    assert result_of(floor.scored(floor.wrap_up(call)), "callback_verified") == result


@pytest.mark.parametrize(
    ("language", "level", "result"),
    [
        ("es", EmergencyLevel.NONE, "met"),
        (None, EmergencyLevel.NONE, "missed"),
        (None, EmergencyLevel.POSSIBLE, "not_applicable"),
    ],
)
def test_a_language_is_owed_unless_a_danger_went_before_it(floor, language, level, result):
    run = floor.case(language=language, emergency_level=level)
    assert result_of(floor.scored(run), "language_offered") == result


def test_what_the_desk_says_was_read_aloud_counts_the_newest_word_first(floor):
    call = floor.call()
    floor.begin(call)
    for what, was_read in (("advice", False), ("advice", True), ("closing", False)):
        told = {"what": what, "was_read": was_read}
        shown = floor.taker.ordered(f"/calls/{call.id}/read-aloud", told)
    assert shown["call"]["protocol"]["read_aloud"] == {"advice": True, "closing": False}
    floor.answer(call, POTHOLE)
    score = floor.scored(floor.wrap_up(call))
    assert result_of(score, "advice_given") == "met"
    assert result_of(score, "closing_read") == "missed"
    assert result_of(score, "read_word_for_word") == "not_applicable"
    late = floor.taker.order(f"/calls/{call.id}/read-aloud", {"what": "advice", "was_read": False})
    assert late.status_code == 409


def test_a_record_that_cannot_be_opened_is_not_scored_and_holds_up_no_other(floor):
    broken, whole = floor.case(), floor.case()
    with floor.house.runtime.sessions() as session:
        first = session.scalar(
            select(ProtocolAnswer.id).where(ProtocolAnswer.session_id == broken.id).limit(1)
        )
        session.execute(
            update(ProtocolAnswer).where(ProtocolAnswer.id == first).values(value=b"damaged")
        )
        session.commit()
    assert floor.score() == 2
    grades = {row.session_id: row.grade for row in floor.house.rows(CaseScore)}
    assert grades[broken.id] is CaseGrade.NOT_SCORED
    assert grades[whole.id] is CaseGrade.NON_COMPLIANT


def test_a_score_holds_no_word_of_the_caller(floor):
    score = floor.scored(floor.case())
    assert "Elena" not in str(score.checks)
