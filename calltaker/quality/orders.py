"""The orders of quality: draw a sample, write a review, dispute, decide, give feedback, acknowledge.

An order that cannot be followed brings the page back with what was typed and what was wrong. The
one order of the desk here says what was read aloud.
"""

import random
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, make_response, redirect, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from calltaker.answering import body, desk_state, one_commit, record_of, text_of
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import ConflictError, NotFoundError, RefusedError
from calltaker.intake import answers
from calltaker.quality import cases, disputes, feedback, read_aloud, review_form, reviews, sampling
from calltaker.quality.pages import case_page
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from models.intake import ProtocolSession
from models.quality import CaseDispute, CaseFeedback
from models.states import SampleReason

quality_orders = Blueprint("quality_orders", __name__)


@quality_orders.post("/quality/sample")
@allowed(Permission.REVIEW_CASES)
def draw_sample() -> Response:
    """Draw cases by chance for a first reader, or read ones for a second."""
    runtime, count = door().runtime, request.form.get("count", "")
    if not count.isdecimal() or len(count) > 6 or not 0 < int(count) <= sampling.LARGEST_DRAW:
        raise RefusedError(
            f"A draw is of 1 to {sampling.LARGEST_DRAW} cases.", "Write another number."
        )
    reason = _sample_reason()
    with one_commit() as session:
        sampling.draw(
            session,
            reason,
            int(count),
            random.SystemRandom().sample,
            signed_in().staff_id,
            runtime.clock(),
            runtime.new_id,
        )
    todo = "to_read" if reason is SampleReason.RANDOM else "second_reader"
    return cast(Response, redirect(f"/quality?todo={todo}", 303))


@quality_orders.post("/quality/cases/<session_id>/review")
@allowed(Permission.REVIEW_CASES)
def write_review(session_id: str) -> Response:
    """Write this person's reading of a case."""

    def write(session: Session, run: ProtocolSession) -> None:
        reader = reviews.Reader(signed_in().staff_id, door().runtime.clock())
        filled = review_form.read(request.form)
        new_id = door().runtime.new_id()
        reviews.write(session, door().runtime.keyring, run, filled, reader, new_id)

    return _done(session_id, write)


@quality_orders.post("/quality/cases/<session_id>/dispute")
@allowed(Permission.SEE_OWN_CASES)
def raise_dispute(session_id: str) -> Response:
    """Dispute the score or the review of one's own case."""

    def dispute(session: Session, run: ProtocolSession) -> None:
        runtime = door().runtime
        disputes.raise_one(
            session,
            runtime.keyring,
            run,
            request.form.get("about", ""),
            request.form.get("dispute", ""),
            signed_in().staff_id,
            runtime.clock(),
            runtime.new_id(),
        )

    return _done(session_id, dispute)


@quality_orders.post("/quality/disputes/<dispute_id>/decision")
@allowed(Permission.REVIEW_CASES)
def decide_dispute(dispute_id: str) -> Response:
    """Decide about somebody's dispute."""
    of_dispute = select(CaseDispute.session_id).where(CaseDispute.id == dispute_id)

    def decide(session: Session, _: ProtocolSession) -> None:
        disputes.decide(
            session,
            door().runtime.keyring,
            dispute_id,
            request.form.get("decision", ""),
            request.form.get("answer", ""),
            signed_in().staff_id,
            door().runtime.clock(),
        )

    return _done(_case_of(of_dispute), decide)


@quality_orders.post("/quality/cases/<session_id>/feedback")
@allowed(Permission.REVIEW_CASES)
def give_feedback(session_id: str) -> Response:
    """Say something about a case to whoever took it."""

    def give(session: Session, run: ProtocolSession) -> None:
        runtime = door().runtime
        feedback.give(
            session,
            runtime.keyring,
            run,
            request.form.get("feedback", ""),
            signed_in().staff_id,
            runtime.clock(),
            runtime.new_id(),
        )

    return _done(session_id, give)


@quality_orders.post("/quality/feedback/<feedback_id>/acknowledgement")
@allowed(Permission.SEE_OWN_CASES)
def acknowledge_feedback(feedback_id: str) -> Response:
    """Acknowledge feedback to oneself."""
    of_feedback = select(CaseFeedback.session_id).where(CaseFeedback.id == feedback_id)

    def acknowledge(session: Session, _: ProtocolSession) -> None:
        runtime = door().runtime
        feedback.acknowledge(
            session,
            runtime.keyring,
            feedback_id,
            request.form.get("reply", ""),
            signed_in().staff_id,
            runtime.clock(),
        )

    return _done(_case_of(of_feedback), acknowledge)


@quality_orders.post("/desk/calls/<call_id>/read-aloud")
@allowed(Permission.ANSWER_CALLS)
def mark_read_aloud(call_id: str) -> Response:
    """Say of the present protocol that a part of it was read as it stands, or was not."""
    sent = body()
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        run = answers.newest_session(session, call.id)
        if run is None:
            raise NotFoundError("No protocol has begun.", "Choose a protocol first.")
        was_read = sent.get("was_read")
        if not isinstance(was_read, bool):
            raise RefusedError("It is not said whether it was read.", "Load the page again.")
        read_aloud.mark(record_of(session, call_id), run, text_of(sent, "what"), was_read=was_read)
    return desk_state()


def _done(session_id: str, order: Callable[[Session, ProtocolSession], object]) -> Response:
    """Do an order on a case and show it; one that is refused shows what was typed and the fault."""
    try:
        with one_commit() as session:
            order(session, cases.required(session, session_id, signed_in()))
    except (RefusedError, ConflictError) as refused:
        fault = f"{refused.problem} {refused.what_to_do}"
        return make_response(case_page(session_id, dict(request.form), fault), refused.status)
    return cast(Response, redirect(f"/quality/cases/{session_id}", 303))


def _case_of(session_of: Select[str]) -> str:
    with door().runtime.reading() as session:
        found = session.scalar(session_of)
    if found is None:
        raise NotFoundError("There is no such case.", "Go back to the list.")
    return found


def _sample_reason() -> SampleReason:
    wanted = request.form.get("reason", "")
    for reason in (SampleReason.RANDOM, SampleReason.SECOND_READER):
        if wanted == reason.value:
            return reason
    raise RefusedError("There is no such draw.", "Choose one of the list.")
