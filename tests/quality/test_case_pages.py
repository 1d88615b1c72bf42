"""The pages and orders of quality: who sees what, and that nothing typed is ever lost."""

import pytest

from calltaker.quality import sampling
from models.intake import ProtocolSession
from models.journal import JournalEntry
from models.quality import CaseDispute, CaseFeedback, CaseReview, CaseSample, CaseScore
from models.states import (
    DisputeDecision,
    Reading,
    Role,
    SampleReason,
)
from tests.quality.quality_stage import HTML, POTHOLE, REVIEW

pytestmark = pytest.mark.database


def test_a_case_shows_its_course_its_checks_and_what_the_caller_said(floor):
    run = floor.case()
    page = floor.page(floor.senior, f"/quality/cases/{run.id}")
    assert "Every red-flag question shown and answered" in page
    assert "of 30 points" in page
    assert "frente a la casa de Elena" in page
    assert "0:04" in page
    assert "Nobody has read this case yet." in page


def test_opening_somebodys_case_is_written_into_the_calls_journal_ones_own_is_not(floor):
    run = floor.case()
    floor.page(floor.taker, f"/quality/cases/{run.id}")
    assert "case_opened" not in floor.house.journal(run.call_id)
    floor.page(floor.senior, f"/quality/cases/{run.id}")
    [entry] = floor.house.rows(JournalEntry, JournalEntry.kind == "case_opened")
    assert (entry.actor, entry.data) == (floor.senior.staff_id, {"protocol_session": run.id})


def test_a_call_taker_sees_their_own_cases_and_of_others_nothing(floor):
    run = floor.case()
    floor.score()
    other = floor.house.person()
    assert run.id in floor.page(floor.taker, "/quality")
    assert run.id not in floor.page(other, f"/quality?person={floor.taker.staff_id}")
    answer = other.client.get(f"/quality/cases/{run.id}", headers=HTML)
    assert answer.status_code == 404
    assert floor.post(other, f"/quality/cases/{run.id}/dispute").status_code == 404
    assert "Draw cases" not in floor.page(floor.taker, "/quality")
    assert floor.post(floor.taker, "/quality/sample", count="1").status_code == 403
    assert floor.review(floor.taker, run).status_code == 403


@pytest.mark.parametrize("role", [Role.MENU_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_who_takes_no_calls_and_reads_none_does_not_enter(house, role):
    answer = house.person(role).client.get("/quality", headers=HTML)
    assert answer.status_code == 403


def test_the_list_is_narrowed_by_what_is_asked(floor):
    bad, good = floor.case({"danger_now": "no"}), floor.case()
    floor.score()
    for query, shown in (
        ("todo=under_triage", {bad.id}),
        ("todo=to_read", {bad.id}),
        ("todo=disputed", set()),
        ("grade=non_compliant", {bad.id, good.id}),
        ("grade=meets", set()),
        ("protocol=pothole&version=1", {bad.id, good.id}),
        ("protocol=gas_smell", set()),
        (f"person={floor.taker.staff_id}", {bad.id, good.id}),
        (f"person={floor.senior.staff_id}", set()),
        ("since=2000-01-01", {bad.id, good.id}),
        ("until=2000-01-01", set()),
        ("grade=nonsense&since=nonsense&page=x", {bad.id, good.id}),
    ):
        page = floor.page(floor.senior, f"/quality?{query}")
        assert {run.id for run in (bad, good) if run.id in page} == shown, query


def test_a_draw_takes_by_chance_what_nobody_has_drawn(floor):
    runs = {floor.case().id for _ in range(2)}
    floor.score()
    assert (
        floor.post(floor.senior, "/quality/sample", count="1", reason="random").status_code == 303
    )
    assert len(floor.house.rows(CaseSample)) == 1
    floor.post(floor.supervisor, "/quality/sample", count="9", reason="random")
    drawn = floor.house.rows(CaseSample)
    assert {row.session_id for row in drawn} == runs
    assert {row.reason for row in drawn} == {SampleReason.RANDOM}
    for wrong in ("0", "51", "-1", "many", "9" * 5000):
        answer = floor.post(floor.senior, "/quality/sample", count=wrong, reason="random")
        assert answer.status_code == 422


def draw(floor, reason, count) -> int:
    """A draw that takes the first of what is offered, so that what is offered shows."""
    runtime = floor.house.runtime
    with runtime.sessions() as session:
        drawn = sampling.draw(
            session,
            reason,
            count,
            lambda offered, n: offered[:n],
            floor.senior.staff_id,
            runtime.clock(),
            runtime.new_id,
        )
        session.commit()
    return drawn


def test_what_is_drawn_or_read_is_not_offered_again_nor_what_is_long_past(floor):
    read, _, _ = floor.case(), floor.case(), floor.case()
    floor.score()
    assert draw(floor, SampleReason.SECOND_READER, 9) == 0
    floor.review(floor.senior, read)
    assert [draw(floor, SampleReason.RANDOM, 1) for _ in range(3)] == [1, 1, 0]
    assert [draw(floor, SampleReason.SECOND_READER, 9) for _ in range(2)] == [1, 0]
    assert read.id in floor.page(floor.supervisor, "/quality?todo=second_reader")
    floor.review(floor.supervisor, read)
    assert read.id not in floor.page(floor.supervisor, "/quality?todo=second_reader")
    floor.case()
    floor.score()
    floor.wait(sampling.BACK.total_seconds() + 1)
    assert draw(floor, SampleReason.RANDOM, 9) == 0


def test_a_second_reader_sees_the_first_reading_only_after_their_own(floor):
    run = floor.case()
    assert (
        floor.review(floor.senior, run, comment="The first reader heard this.").status_code == 303
    )
    before = floor.page(floor.supervisor, f"/quality/cases/{run.id}")
    assert "The first reader heard this." not in before
    assert "Read this case as the second reader" in before
    assert floor.review(floor.supervisor, run, comment="The second one.").status_code == 303
    after = floor.page(floor.supervisor, f"/quality/cases/{run.id}")
    assert "The first reader heard this." in after
    readings = {row.reading: row.reviewer_id for row in floor.house.rows(CaseReview)}
    assert readings == {
        Reading.FIRST: floor.senior.staff_id,
        Reading.SECOND: floor.supervisor.staff_id,
    }


def test_readers_who_differ_write_what_they_agree_on_and_then_it_is_done(floor):
    run = floor.case()
    floor.review(floor.senior, run)
    floor.review(floor.supervisor, run, grade="partly")
    third = floor.house.person(Role.SENIOR)
    assert floor.review(third, run).status_code == 403
    assert floor.review(floor.senior, run, grade="partly").status_code == 303
    assert floor.review(floor.supervisor, run).status_code == 409
    assert len(floor.house.rows(CaseReview)) == 3


def test_nobody_reads_their_own_case_nor_one_case_twice(floor):
    run = floor.case()
    floor.review(floor.senior, run)
    assert floor.review(floor.senior, run).status_code == 403
    own = floor.house.rows(ProtocolSession)[0]
    with floor.house.runtime.sessions() as session:
        session.get_one(ProtocolSession, own.id).staff_id = floor.supervisor.staff_id
        session.commit()
    assert floor.review(floor.supervisor, run).status_code == 403
    assert len(floor.house.rows(CaseReview)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"listened": ""},
        {"listened": "perhaps"},
        {"grade": ""},
        {"triage": "somewhat"},
        {"grade": "partly", "comment": " "},
        {"triage": "under", "comment": ""},
        {"comment": "x" * 4001},
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_what_was_typed(floor, changes):
    run = floor.case()
    answer = floor.review(floor.senior, run, **changes)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert {**REVIEW, **changes}["comment"].strip()[:4000] in answer.text
    assert floor.house.rows(CaseReview) == []


def test_what_is_written_about_a_case_is_sealed(floor):
    run = floor.case()
    floor.review(floor.senior, run, comment="Elena was upset")
    floor.post(floor.senior, f"/quality/cases/{run.id}/feedback", feedback="Elena waited")
    floor.post(floor.taker, f"/quality/cases/{run.id}/dispute", about="score", dispute="Elena said")
    written = [
        *(row.comment for row in floor.house.rows(CaseReview)),
        *(row.words for row in floor.house.rows(CaseFeedback)),
        *(row.words for row in floor.house.rows(CaseDispute)),
    ]
    assert len(written) == 3
    assert not any(b"Elena" in blob for blob in written)


def test_a_score_is_disputed_by_its_person_decided_by_another_and_never_changed(floor):
    run = floor.case()
    path = f"/quality/cases/{run.id}"
    before = floor.scored(run)
    told = {"about": "score", "dispute": "I did read the place back."}
    assert floor.post(floor.taker, f"{path}/dispute", **told).status_code == 303
    again = floor.post(floor.taker, f"{path}/dispute", **told)
    assert (again.status_code, "I did read the place back." in again.text) == (409, True)
    [dispute] = floor.house.rows(CaseDispute)
    assert run.id in floor.page(floor.senior, "/quality?todo=disputed")
    decision = f"/quality/disputes/{dispute.id}/decision"
    assert floor.post(floor.taker, decision, decision="set_aside").status_code == 403
    silent = floor.post(floor.senior, decision, decision="set_aside", answer=" ")
    assert silent.status_code == 422
    decided = {"decision": "set_aside", "answer": "The map had failed that day."}
    assert floor.post(floor.senior, decision, **decided).status_code == 303
    assert floor.post(floor.senior, decision, **decided).status_code == 409
    [dispute] = floor.house.rows(CaseDispute)
    assert dispute.decision is DisputeDecision.SET_ASIDE
    assert "The map had failed that day." in floor.page(floor.taker, path)
    [after] = floor.house.rows(CaseScore)
    assert (after.earned, after.grade) == (before.earned, before.grade)


def test_a_reader_does_not_decide_about_their_own_review(floor):
    run = floor.case()
    path = f"/quality/cases/{run.id}"
    nothing = floor.post(floor.taker, f"{path}/dispute", about="review", dispute="No.")
    assert nothing.status_code == 422
    floor.review(floor.senior, run, grade="partly")
    floor.post(floor.taker, f"{path}/dispute", about="review", dispute="I did ask.")
    [dispute] = floor.house.rows(CaseDispute)
    decision = f"/quality/disputes/{dispute.id}/decision"
    told = {"decision": "stands", "answer": "I heard it."}
    assert floor.post(floor.senior, decision, **told).status_code == 403
    assert floor.post(floor.supervisor, decision, **told).status_code == 303


def test_only_the_person_concerned_disputes_and_others_write_a_review(floor):
    run = floor.case()
    answer = floor.post(
        floor.senior, f"/quality/cases/{run.id}/dispute", about="score", dispute="Mine?"
    )
    assert answer.status_code == 403
    assert floor.house.rows(CaseDispute) == []


def test_feedback_is_read_when_its_case_is_opened_and_acknowledged_once_by_its_person(floor):
    run = floor.case()
    path = f"/quality/cases/{run.id}"
    said = {"feedback": "Your Spanish put her at ease."}
    assert floor.post(floor.senior, f"{path}/feedback", **said).status_code == 303
    assert "Not read yet" in floor.page(floor.senior, path)
    assert "1 piece of feedback" in floor.page(floor.taker, "/quality")
    [given] = floor.house.rows(CaseFeedback)
    assert given.read_at is None
    assert said["feedback"] in floor.page(floor.taker, path)
    [given] = floor.house.rows(CaseFeedback)
    assert (given.read_at is not None, given.acknowledged_at) == (True, None)
    address = f"/quality/feedback/{given.id}/acknowledgement"
    assert floor.post(floor.senior, address).status_code == 404
    assert floor.post(floor.taker, address, reply="Thank you.").status_code == 303
    assert floor.post(floor.taker, address).status_code == 409
    assert "Thank you." in floor.page(floor.senior, path)
    assert "piece of feedback" not in floor.page(floor.taker, "/quality")


def test_nobody_gives_themselves_feedback(floor):
    run = floor.case()
    with floor.house.runtime.sessions() as session:
        session.get_one(ProtocolSession, run.id).staff_id = floor.senior.staff_id
        session.commit()
    answer = floor.post(floor.senior, f"/quality/cases/{run.id}/feedback", feedback="Well done.")
    assert answer.status_code == 403


def test_trends_count_the_cases_and_leave_out_what_was_set_aside(floor):
    runs = [floor.case({"danger_now": "no"}) for _ in range(2)]
    floor.score()
    page = floor.page(floor.senior, "/quality/trends")
    assert "The call_taker" in page
    assert "pothole v1" in page
    assert "too few" in page
    assert "Cohen" in page
    floor.post(floor.taker, f"/quality/cases/{runs[0].id}/dispute", about="score", dispute="No.")
    [dispute] = floor.house.rows(CaseDispute)
    decided = {"decision": "set_aside", "answer": "Agreed."}
    floor.post(floor.senior, f"/quality/disputes/{dispute.id}/decision", **decided)
    counted = '<td class="figures">{}</td>'
    assert counted.format(2) in page
    assert counted.format(2) not in floor.page(floor.senior, "/quality/trends")


def test_a_call_taker_sees_their_own_trend_and_no_reader_agreement(floor):
    floor.case()
    floor.score()
    own = floor.page(floor.taker, "/quality/trends")
    assert "The call_taker" in own
    assert "Agreement of readers" not in own
    other = floor.page(floor.house.person(), "/quality/trends")
    assert "pothole v1" not in other


def test_a_running_case_has_no_score_and_cannot_be_read_yet(floor):
    call = floor.call()
    floor.begin(call)
    floor.answer(call, {"danger_now": POTHOLE["danger_now"]})
    [run] = floor.house.rows(ProtocolSession)
    page = floor.page(floor.senior, f"/quality/cases/{run.id}")
    assert "The score comes when the session has ended." in page
    assert floor.review(floor.senior, run).status_code == 409
