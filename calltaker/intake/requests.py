"""Service requests: made once a session, numbered, and told by text message where that can be.

The request, its text message and the outbox row that sends it are one transaction. Until a department
has it, it says what the session says: another outcome changes its kind or takes it back, and its
number stays. Never commits.
"""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calltaker.desk.caller import open_caller, telephone_number
from calltaker.errors import ConflictError
from calltaker.intake import answer_words
from calltaker.intake.protocol_sessions import Run
from calltaker.intake.record import Record
from calltaker.staff.permissions import Sight
from models import request_number
from models.call import Call
from models.effects import OutboxEntry
from models.intake import (
    MESSAGE_TO,
    REQUEST_DESCRIPTION,
    REQUEST_PLACE,
    ServiceRequest,
    TextMessage,
)
from models.personal import Keyring
from models.states import NumberPresentation, OutboxState, RequestState
from protocols.script import Determinant, QuestionKind

SEND_TEXT = "send_text"
DESCRIBES = frozenset({QuestionKind.TEXT, QuestionKind.TIME})
"""Kinds whose answers a department reads as they were said. The place is a column of its own; who a
person is stays in the session, because a request may be shown to the public."""
TRIES = 12
"""Numbers drawn before giving up; with a million requests one draw fails in ten."""


def of_call(session: Session, call_id: str) -> ServiceRequest | None:
    """Return the newest request of a call."""
    return session.scalar(
        select(ServiceRequest)
        .where(ServiceRequest.call_id == call_id)
        .order_by(ServiceRequest.created_at.desc())
        .limit(1)
    )


def make(
    record: Record, keyring: Keyring, call: Call, run: Run, draw: Callable[[int], int]
) -> ServiceRequest:
    """Make the request of a run's final determinant; the same run's is never made twice.

    Args:
        record: Where it is written down.
        keyring: Closes place, description and number.
        call: Whose request it is.
        run: A session whose determinant is final.
        draw: A chance number below its argument.

    Raises:
        ConflictError: the determinant is not final, or makes no request.
    """
    made = _of_run(record.session, run)
    if made is not None:
        return made
    determinant = _requesting(run)
    request = _insert(record, keyring, call, run, determinant, draw)
    record.note("request_made", {"request_id": request.id, "category": request.category})
    _ask_for_text(record, keyring, call, request)
    return request


def follow(
    record: Record, keyring: Keyring, call: Call, run: Run, draw: Callable[[int], int]
) -> None:
    """Make a run's request once its outcome wants one, and keep the one that was made in step with it.

    An emergency takes nothing back: what a department was asked for still stands then.
    """
    made = _of_run(record.session, run)
    if made is None:
        if wants_request(run):
            make(record, keyring, call, run, draw)
        return
    if made.state is RequestState.FORWARDED or not run.final or run.emergency:
        return
    if run.standing is not None and run.standing.request_code is not None:
        _reword(record, keyring, made, run, run.standing)
    elif made.state is RequestState.OPEN:
        made.state = RequestState.CLOSED
        record.note("request_taken_back", {"request_id": made.id, "category": made.category})


def move(record: Record, keyring: Keyring, call: Call) -> None:
    """The call's place was put right: the requests that no department has yet are for that place."""
    for made in record.session.scalars(
        select(ServiceRequest).where(
            ServiceRequest.call_id == call.id, ServiceRequest.state == RequestState.OPEN
        )
    ):
        made.place, made.jurisdiction = _where(keyring, call, made.id)


def wants_request(run: Run) -> bool:
    """Say whether a run has come to a final determinant that makes a request."""
    return run.final and run.standing is not None and run.standing.request_code is not None


def view(session: Session, request: ServiceRequest | None) -> dict[str, Any] | None:
    """Write a request in the desk's shape."""
    if request is None:
        return None
    message = session.scalar(
        select(TextMessage).where(TextMessage.service_request_id == request.id)
    )
    return {
        "number": request.number,
        "spoken": request_number.spoken(request.number),
        "category": request.category,
        "department": request.department,
        "state": request.state.value,
        "text_message": _state(message),
    }


def _state(message: TextMessage | None) -> str:
    if message is None:
        return "none"
    if message.sent_at is not None:
        return "sent"
    return "failed" if message.failed_code is not None else "pending"


def _of_run(session: Session, run: Run) -> ServiceRequest | None:
    return session.scalar(select(ServiceRequest).where(ServiceRequest.session_id == run.row.id))


def _requesting(run: Run) -> Determinant:
    if not run.final or run.standing is None:
        raise ConflictError("The questions are not done yet.", "Answer the next question.")
    if run.standing.request_code is None:
        raise ConflictError(
            "This outcome makes no service request.", "Read the outcome to the caller."
        )
    return run.standing


def _insert(
    record: Record,
    keyring: Keyring,
    call: Call,
    run: Run,
    determinant: Determinant,
    draw: Callable[[int], int],
) -> ServiceRequest:
    """Write the row under a number that nobody has; the database's own constraint decides."""
    for _ in range(TRIES):
        number = request_number.of(draw(request_number.BODIES))
        request = _row(record, keyring, call, run, determinant, number)
        try:
            with record.session.begin_nested():
                record.session.add(request)
        except IntegrityError:
            made = _of_run(record.session, run)
            if made is not None:
                return made
            continue
        return request
    raise ConflictError("No free request number was found.", "Make the request again.")


def _row(
    record: Record, keyring: Keyring, call: Call, run: Run, determinant: Determinant, number: str
) -> ServiceRequest:
    request_id = record.new_id()
    place, jurisdiction = _where(keyring, call, request_id)
    return ServiceRequest(
        id=request_id,
        number=number,
        call_id=call.id,
        session_id=run.row.id,
        category=determinant.request_code or "",
        department=determinant.destination.key,
        place=place,
        description=_described(keyring, run, request_id),
        jurisdiction=jurisdiction,
        state=RequestState.OPEN,
        created_by=record.staff_id,
        created_at=record.now,
    )


def _reword(
    record: Record, keyring: Keyring, made: ServiceRequest, run: Run, determinant: Determinant
) -> None:
    """Another outcome, or other words: the same number, open again where it was taken back."""
    made.description = _described(keyring, run, made.id)
    now = (determinant.request_code or "", determinant.destination.key, RequestState.OPEN)
    if now == (made.category, made.department, made.state):
        return
    about = {"request_id": made.id, "was": made.category, "category": now[0]}
    made.category, made.department, made.state = now
    record.note("request_changed", about)


def _where(keyring: Keyring, call: Call, request_id: str) -> tuple[bytes | None, str | None]:
    """The call's place, sealed to a request, and the jurisdiction it lies in."""
    place = open_caller(keyring, call, Sight.FULL).place
    if place is None:
        return None, call.jurisdiction
    sealed = keyring.seal(REQUEST_PLACE, request_id, json.dumps(place))
    return sealed, place.get("jurisdiction") or call.jurisdiction


def _described(keyring: Keyring, run: Run, request_id: str) -> bytes | None:
    text = _description(run)
    return keyring.seal(REQUEST_DESCRIPTION, request_id, text) if text else None


def _description(run: Run) -> str:
    """What the caller said in this run beyond choosing, one answer a line."""
    given = run.session.answers
    said = [
        answer_words.told(question, given[question.id])
        for question in run.protocol.questions
        if question.kind in DESCRIBES and question.id in given
    ]
    return "\n".join(text for text in said if text)


def _ask_for_text(record: Record, keyring: Keyring, call: Call, request: ServiceRequest) -> None:
    number = telephone_number(keyring, call)
    if call.number_presentation is not NumberPresentation.GIVEN or not number:
        return
    message_id = record.new_id()
    record.session.add(
        TextMessage(
            id=message_id,
            call_id=call.id,
            service_request_id=request.id,
            to_number=keyring.seal(MESSAGE_TO, message_id, number),
            asked_at=record.now,
        )
    )
    record.session.flush()
    record.session.add(
        OutboxEntry(
            key=f"{SEND_TEXT}:{request.id}",
            kind=SEND_TEXT,
            payload={"text_message_id": message_id},
            state=OutboxState.PENDING,
            next_try_at=record.now,
            created_at=record.now,
        )
    )
