"""What is done for handoffs behind the doors, every second: whoever else is late, the ledger is not.

Calls of 911's are joined with their packets, callers whom nobody answers given back, protocols begun
with what 911 knew, packets kept current, silence told to a supervisor; beside these, packets and news
are sent to the other centres' doors. Each deed is its own short transaction and harmless when two
processes do it at once. The voice waits for none.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calltaker.handoff import arrivals, known_answers, ledger, packets, sending, telling
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from calltaker.handoff.packets import Rendered
from calltaker.intake import protocol_sessions
from calltaker.intake.answers import newest_session
from calltaker.intake.record import Record
from ivr import caller_leg, from_911, record, waiting_line, warm_transfer
from models.call import Call
from models.escalation import Escalation
from models.handoff import Handoff
from models.intake import CallNote
from models.journal import JournalEntry
from models.referral import Referral
from models.states import (
    CallPhase,
    DestinationKind,
    EscalationCause,
    HandoffDirection,
    HandoffFact,
)

log = structlog.get_logger(__name__)

_OURS = UUID("0f5d3c1e-7a54-4f1b-9d0e-311911311911")
AFTERWARDS = timedelta(minutes=2)
"""How long after its end a transfer's packet still follows what becomes known."""

State = tuple[int | None, datetime | None]
"""The newest line of a call's journal, and when its notes were saved."""


def run_due(exchange: Exchange) -> None:
    """Do all that is due now; one failing never stops another."""
    for call_id in _read(exchange, lambda session: arrivals.unclaimed(exchange, session)):
        _alone(_write, exchange, arrivals.claim, call_id)
    received = _read(exchange, _received)
    for handoff_id in received:  # whoever waits comes before whatever is only written
        _alone(_give_back, exchange, handoff_id)
    for handoff_id in received:
        _alone(_write, exchange, fill_in, handoff_id)
    for referral_id in _read(exchange, partial(_unlisted, exchange)):
        _alone(_write, exchange, _list_referral, referral_id)
    states = _states(exchange)
    for gone in exchange.seen.keys() - states.keys():
        exchange.seen.pop(gone, None)
    for escalation_id, state in states.items():
        _alone(_follow, exchange, escalation_id, state)


def speak_due(exchange: Exchange) -> None:
    """Send what is due to other centres' doors: beside `run_due`, for a door may keep us waiting."""
    if exchange.own_key is None:
        return
    if _read(exchange, partial(telling.has_news, exchange)):
        _alone(telling.tell, exchange)
    for escalation_id in _states(exchange):
        _alone(sending.send_newest, exchange, escalation_id)


def _follow(exchange: Exchange, escalation_id: str, state: State) -> None:
    """Keep a transfer's packet current, and tell when it is not acknowledged."""
    if exchange.seen.get(escalation_id) != state:
        _bring_up(exchange, escalation_id)
        exchange.seen[escalation_id] = state
    if exchange.own_key and _read(exchange, partial(_is_silent, exchange, escalation_id)):
        _write(exchange, _tell_silence, escalation_id)


def _unlisted(exchange: Exchange, session: Session) -> list[str]:
    """Callers handed to the directory whom no ledger row names yet; an interpreter gets nobody."""
    since = exchange.runtime.clock() - packets.LOOKED_BACK
    return list(
        session.scalars(
            select(Referral.id)
            .outerjoin(Handoff, Handoff.id == Referral.id)
            .where(Handoff.id.is_(None), Referral.kind != DestinationKind.INTERPRETER)
            .where(Referral.requested_at > since)
        )
    )


def _list_referral(_exchange: Exchange, writing: Writing, referral_id: str) -> None:
    referral = writing.session.get_one(Referral, referral_id)
    ledger.referred(writing, writing.session.get_one(Call, referral.call_id), referral)


def _received(session: Session) -> list[str]:
    """Handoffs to us whose call is under way."""
    return list(
        session.scalars(
            select(Handoff.id)
            .join(Call, Call.id == Handoff.call_id)
            .where(Handoff.direction == HandoffDirection.IN, Call.phase != CallPhase.ENDED)
        )
    )


def _states(exchange: Exchange) -> dict[str, State]:
    """Transfers that are open or ended just now, each with what its packet would follow from.

    Every change of a call stands in its journal; notes are saved as they are typed.
    """
    now = exchange.runtime.clock()
    is_near = Escalation.ended_at.is_(None) | (Escalation.ended_at > now - AFTERWARDS)
    with exchange.runtime.reading() as session:
        rows = session.execute(
            select(Escalation.id, func.max(JournalEntry.id), func.max(CallNote.saved_at))
            .outerjoin(JournalEntry, JournalEntry.call_id == Escalation.call_id)
            .outerjoin(CallNote, CallNote.call_id == Escalation.call_id)
            .where(is_near, Escalation.requested_at > now - packets.LOOKED_BACK)
            .group_by(Escalation.id)
        ).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _bring_up(exchange: Exchange, escalation_id: str) -> None:
    """Keep a new version where something has changed: no writer waits while it is rendered."""
    _write(exchange, _enter, escalation_id)
    with exchange.runtime.reading() as session:
        writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
        escalation = session.get_one(Escalation, escalation_id)
        rendered = packets.changed(exchange, writing, escalation)
    if rendered is not None:
        _write(exchange, partial(_keep, rendered), escalation_id)


def _enter(exchange: Exchange, writing: Writing, escalation_id: str) -> None:
    packets.entered(exchange, writing, writing.session.get_one(Escalation, escalation_id))


def _keep(rendered: Rendered, exchange: Exchange, writing: Writing, escalation_id: str) -> None:
    handoff = writing.session.get_one(Handoff, escalation_id)
    packets.keep(exchange, writing, handoff, HandoffDirection.OUT, rendered)


def fill_in(exchange: Exchange, writing: Writing, handoff_id: str) -> None:
    """Begin the protocol that 911's packet leads to, once a call-taker has the caller."""
    handoff = writing.session.get_one(Handoff, handoff_id)
    row = packets.newest_packet(writing.session, handoff_id, HandoffDirection.IN)
    call = writing.session.get(Call, handoff.call_id)
    is_taken = call is not None and call.phase is CallPhase.ROOM and call.staff_id is not None
    if row is None or call is None or not is_taken or _is_begun(writing.session, call.id):
        return
    record.lock_call(writing.session, call.id)
    document = packets.opened(exchange.runtime.keyring, row) or {}
    found = known_answers.fitting(document, exchange.protocols.live(writing.session))
    if found is None or call.staff_id is None or _is_begun(writing.session, call.id):
        return
    keyring = exchange.runtime.keyring
    written = Record(writing.session, call.id, call.staff_id, writing.now, writing.new_id)
    run = protocol_sessions.begin(written, keyring, exchange.protocols, found.version, None)
    for question, value in found.answers.items():
        run = protocol_sessions.answer(written, keyring, run, question, value)
    writing.note(
        handoff,
        HandoffFact.ANSWERS_FILLED,
        protocol=found.version.protocol.id,
        questions=sorted(found.answers),
    )
    written.tell()


def _is_begun(session: Session, call_id: str) -> bool:
    return newest_session(session, call_id) is not None


def _give_back(exchange: Exchange, handoff_id: str) -> None:
    """Nobody has answered in time: back to 911, or with a dispatcher there a supervisor is told."""
    if not _read(exchange, lambda session: _is_overdue(exchange, session, handoff_id)):
        return
    order = _in_one_commit(exchange, lambda writing: _order_return(writing, handoff_id))
    if order is None:
        return
    runtime, escalation_id = exchange.runtime, _return_id(handoff_id)
    cause = EscalationCause.UNANSWERED
    warm_transfer.escalate(runtime, order, cause, record.LINE, escalation_id)
    caller_leg.into_room(runtime, order)


def _is_overdue(exchange: Exchange, session: Session, handoff_id: str) -> bool:
    """Nobody has answered in time, or nobody is here who could."""
    handoff = session.get_one(Handoff, handoff_id)
    entry = waiting_line.active_entry(session, handoff.call_id or "")
    if entry is None:
        return False
    is_alone = from_911.who_is_there(session, handoff_id) is HandoffFact.ALONE
    if is_alone and not waiting_line.is_staffed(session):
        return True
    waited = exchange.runtime.clock() - entry.waiting_since
    return waited >= timedelta(seconds=exchange.agencies.answer_within_seconds)


def _return_id(handoff_id: str) -> str:
    """The escalation that gives a handoff back: ordered twice, it is one."""
    return uuid5(_OURS, handoff_id).hex


def _order_return(writing: Writing, handoff_id: str) -> str | None:
    """The call to give back; None when that is under way, or a dispatcher is with the caller."""
    handoff = writing.session.get_one(Handoff, handoff_id)
    is_gone = writing.session.get(Escalation, _return_id(handoff_id)) is not None
    if handoff.call_id is None or is_gone:
        return None
    call = record.lock_call(writing.session, handoff.call_id)
    if call is None or call.phase is not CallPhase.LINE:
        return None
    if from_911.who_is_there(writing.session, handoff_id) is HandoffFact.ALONE:
        if not ledger.has(writing.session, handoff_id, HandoffFact.RETURNED):
            writing.note(handoff, HandoffFact.RETURNED)
        return call.id  # also after a restart between this word and the dial: its label is one
    if record.is_first(writing.session, f"unanswered-{handoff_id}", writing.now):
        why = "911 waits with its caller and nobody has answered"
        record.alert_supervisors(writing.session, call.id, writing.now, why)
    return None


def _is_silent(exchange: Exchange, escalation_id: str, session: Session) -> bool:
    """Whether a packet that was sent has waited too long for its acknowledgement."""
    events = ledger.events_of(session, escalation_id)
    facts = {each.fact: each.at for each in reversed(events)}  # the first of each
    answered = {HandoffFact.ACKNOWLEDGED, HandoffFact.REJECTED, HandoffFact.UNACKNOWLEDGED}
    tries = (HandoffFact.PACKET_SENT, HandoffFact.PACKET_UNSENT)
    asked = [facts[each] for each in tries if each in facts]
    if not asked or answered & set(facts):
        return False
    waited = exchange.runtime.clock() - min(asked)
    return waited >= timedelta(seconds=exchange.agencies.acknowledge_within_seconds)


def _tell_silence(_exchange: Exchange, writing: Writing, escalation_id: str) -> None:
    """A supervisor is told, once."""
    handoff = writing.session.get_one(Handoff, escalation_id)
    if handoff.call_id and record.is_first(writing.session, f"unack-{escalation_id}", writing.now):
        writing.note(handoff, HandoffFact.UNACKNOWLEDGED)
        why = "911 has not acknowledged our packet; tell them by voice"
        record.alert_supervisors(writing.session, handoff.call_id, writing.now, why)


def _read(
    exchange: Exchange, look: Callable[[Session], Iterator[str] | list[str] | bool]
) -> list[str]:
    with exchange.runtime.reading() as session:
        found = look(session)
    if isinstance(found, bool):
        return ["yes"] if found else []
    return list(found)


def _in_one_commit(exchange: Exchange, work: Callable[[Writing], str | None]) -> str | None:
    now: datetime = exchange.runtime.clock()
    with exchange.runtime.sessions() as session:
        found = work(Writing(session, now, exchange.runtime.new_id))
        session.commit()
    exchange.runtime.bell.ring()
    return found


def _write(exchange: Exchange, deed: Callable[[Exchange, Writing, str], object], name: str) -> None:
    """Do one deed in a commit of its own."""
    with exchange.runtime.sessions() as session:
        writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
        deed(exchange, writing, name)
        session.commit()


def _alone(deed: Callable[..., object], *arguments: object) -> None:
    """What one packet, document or lost key does wrong stops this deed only: others have callers too."""
    try:
        deed(*arguments)
    except Exception:  # the last frame of this deed
        names = [each for each in arguments if isinstance(each, str)]
        log.exception("handoff_duty_failed", about=names)
