"""The addresses of a protocol in a call: begin or go to another, answer, choose by hand, leave early.

An emergency dials right after the commit; a red flag dials first and is written down after, as the
red button does. Everything below is `protocol_sessions`.
"""

import secrets
from collections.abc import Mapping
from types import MappingProxyType

import structlog
from flask import Blueprint, Response
from sqlalchemy.orm import Session

from calltaker.answering import body, desk_state, one_commit, record_of, text_of
from calltaker.desk import dialling, own_calls, transfer_view
from calltaker.doorway import door
from calltaker.errors import ConflictError, RefusedError
from calltaker.intake import corrections, determinant_rows, protocol_sessions, requests
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.published import published
from calltaker.intake.record import Record
from calltaker.staff.guards import allowed, outlives_database, signed_in
from calltaker.staff.permissions import Permission
from ivr import transfer_rows, warm_transfer
from models.call import Call
from models.contact_fields import ContactField
from models.states import EscalationCause
from protocols.red_flags import RedFlag
from protocols.script import QuestionKind
from protocols.session import How, Overridden, RedFlagRaised, Retriaged

LONGEST_REASON = 2000
CHOICES: Mapping[str, type[Retriaged | Overridden]] = MappingProxyType(
    {"retriage": Retriaged, "override": Overridden}
)

log = structlog.get_logger(__name__)

questioning = Blueprint("questioning", __name__)


@questioning.post("/desk/calls/<call_id>/protocol")
@allowed(Permission.ANSWER_CALLS)
def begin_protocol(call_id: str) -> Response:
    """Begin a protocol in its live version; an answer carried over may already be an emergency."""
    wanted, keyring = text_of(body(), "protocol"), door().runtime.keyring
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        _refuse_leaving_an_emergency(session, call, before)
        version = published().live_one(session, wanted)
        run = protocol_sessions.begin(record, keyring, published(), version, before)
        _follow_up(record, call, run)
    _dial_by_rules(call_id, run)
    return desk_state()


@questioning.post("/desk/calls/<call_id>/answers")
@allowed(Permission.ANSWER_CALLS)
def answer(call_id: str) -> Response:
    """Take an answer; an emergency determinant dials 911 in this request, right after the commit."""
    sent, keyring = body(), door().runtime.keyring
    question, value = text_of(sent, "question"), sent.get("value")
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        asked = protocol_sessions.required(before)
        run = protocol_sessions.answer(record, keyring, asked, question, value)
        _keep_place(record, call, run, question)
        _follow_up(record, call, run)
    _dial_by_rules(call_id, run)
    return desk_state()


@questioning.post("/desk/calls/<call_id>/red-flag")
@allowed(Permission.ANSWER_CALLS)
@outlives_database
def raise_red_flag(call_id: str) -> Response:
    """A danger chosen from the panel: 911 is dialled, and then it is written down what it was."""
    escalation_id, flag = dialling.escalation_id(), text_of(body(), "flag")
    dialling.reachable(call_id)
    _dial(call_id, escalation_id)
    return dialling.dialled(call_id, lambda: _write_flag(call_id, flag, escalation_id))


@questioning.post("/desk/calls/<call_id>/determinant")
@allowed(Permission.ANSWER_CALLS)
def choose_determinant(call_id: str) -> Response:
    """Re-triage or override: another outcome of the protocol, chosen by hand with its reason.

    An emergency dials right after the commit, under the order's own id.
    """
    order_id, sent, keyring = dialling.escalation_id(), body(), door().runtime.keyring
    kind, chosen = text_of(sent, "kind"), text_of(sent, "determinant")
    reason = text_of(sent, "reason", longest=LONGEST_REASON).strip()
    if kind not in CHOICES:
        raise RefusedError("There is no such choice.", "Load the page again and repeat it.")
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        asked = protocol_sessions.required(before)
        at, role = protocol_sessions.now_of(record, asked), signed_in().role.value
        event = CHOICES[kind](at, chosen, reason, role)
        run = protocol_sessions.choose(record, keyring, asked, event, order_id)
        _follow_up(record, call, run)
    if run.emergency:
        _dial(call_id, order_id)
    return desk_state()


@questioning.post("/desk/calls/<call_id>/protocol/leave")
@allowed(Permission.ANSWER_CALLS)
def leave_early(call_id: str) -> Response:
    """Ask no more: what stands so far is the outcome. Beginning it again takes the answers along.

    An emergency is left only once 911 was dialled for it.
    """
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        asked = protocol_sessions.required(before)
        if asked.row.ended_at is not None:
            raise ConflictError("This protocol has ended.", "Begin it again.")
        if asked.emergency:
            _refuse_undialled(session, call)
        run = protocol_sessions.end(record, door().runtime.keyring, asked, How.EARLY_EXIT)
        _follow_up(record, call, protocol_sessions.required(run))
    return desk_state()


def _in_call(session: Session, call_id: str) -> tuple[Call, Record, Run | Lost | None]:
    call = own_calls.own(session, call_id, signed_in().staff_id)
    run = protocol_sessions.current(
        session, door().runtime.keyring, published(), call_id, to_write=True
    )
    return call, record_of(session, call_id), run


def _follow_up(record: Record, call: Call, run: Run) -> None:
    """What a changed verdict brings with it, in the same transaction."""
    requests.follow(record, door().runtime.keyring, call, run, secrets.randbelow)
    record.tell()


def _refuse_leaving_an_emergency(session: Session, call: Call, before: Run | Lost | None) -> None:
    """An emergency is not left for another protocol before 911 was dialled, nor while it is brought in."""
    if not isinstance(before, Run) or not before.emergency or before.row.ended_at is not None:
        return
    _refuse_undialled(session, call)
    if transfer_rows.open_of(session, call.id) is not None:
        raise ConflictError(
            "911 is called for this caller: the protocol stays.", "Stay with the caller and 911."
        )


def _refuse_undialled(session: Session, call: Call) -> None:
    """The dial may have died between the answer's commit and the telephone company."""
    if transfer_view.newest(session, call.id) is None:
        raise ConflictError(
            "An emergency stands here, and 911 has not been dialled for this caller.",
            "Press the red button (F9); after that the questions may be left.",
        )


def _keep_place(record: Record, call: Call, run: Run, question: str) -> None:
    """A place answered and confirmed is the call's place from now on, for 911 and departments too."""
    value = run.session.answers[question]
    asked = run.protocol.question_by_id[question]
    if asked.kind is QuestionKind.PLACE and isinstance(value, Mapping):
        runtime = door().runtime
        corrections.answered_place(
            record, runtime.keyring, runtime.readers, call, value, door().jurisdiction_at
        )
        requests.move(record, runtime.keyring, call)


def _write_flag(call_id: str, flag: str, escalation_id: str) -> None:
    found = next((one for one in published().panel if one.id == flag), None)
    if found is None:
        log.warning("unknown_red_flag", call_id=call_id)
        return
    with one_commit() as session:
        call = own_calls.reachable(session, call_id, signed_in().staff_id)
        keyring, record = door().runtime.keyring, record_of(session, call.id)
        run = protocol_sessions.current(session, keyring, published(), call_id, to_write=True)
        if isinstance(run, Run) and run.row.ended_at is None:
            event = RedFlagRaised(protocol_sessions.now_of(record, run), flag)
            protocol_sessions.choose(record, keyring, run, event, escalation_id)
        else:
            _note_flag(record, found)
        record.tell()


def _note_flag(record: Record, flag: RedFlag) -> None:
    """A danger before any protocol, or after it: the record of the contact holds it alone."""
    record.note("red_flag_raised", {"determinant": flag.determinant.id})
    record.first(ContactField.FIRST_RED_FLAG)
    determinant_rows.tell(record, flag.determinant, "red_flag")


def _dial_by_rules(call_id: str, run: Run) -> None:
    """After the commit. Every answer while it is an emergency asks again with the same id: harmless,
    and a request that died between commit and dial is made good by the next one.
    """
    if run.verdict.emergency:
        _dial(call_id, run.escalation_id)


def _dial(call_id: str, escalation_id: str) -> None:
    staff_id, cause = signed_in().staff_id, EscalationCause.DETERMINANT
    warm_transfer.escalate(door().runtime, call_id, cause, staff_id, escalation_id)
