"""Reads what is known of a contact out of its rows, sealed columns opened, as values for a packet.

The rows as they stand now win; where one no longer opens, the snapshot that was kept after the dial
speaks. Reads only. Knows no format and no receiver.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import NotFoundError
from calltaker.handoff.known import (
    AnswerKnown,
    CallTakerKnown,
    DeterminantKnown,
    EarlierIncident,
    HandoffKnown,
    Known,
    PlaceKnown,
    ProtocolKnown,
)
from calltaker.intake import answer_words, raised_dangers
from calltaker.intake.answers import as_answer, newest_session
from calltaker.intake.published import PublishedProtocols
from ivr import briefing
from ivr.rules import spoken_address
from ivr.rules.spoken_place import PlaceKind
from models.call import Call
from models.contact_fields import ContactField
from models.escalation import SNAPSHOT, Escalation
from models.intake import ANSWER_VALUE, NOTE_TEXT, CallNote, DeterminantSet, ProtocolAnswer
from models.intake import ProtocolSession as ProtocolRow
from models.journal import ContactFact
from models.location_link import BY_LINK
from models.personal import Column, Keyring, PersonalError
from models.states import Language
from protocols.errors import ProtocolError
from protocols.red_flags import RedFlag
from protocols.script import Protocol, Question

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sources:
    """What opening a contact needs: keys, published protocols, names of towns by jurisdiction."""

    keyring: Keyring
    protocols: PublishedProtocols
    cities: Mapping[str, str]
    line_name: str


def gather(
    session: Session,
    sources: Sources,
    call: Call,
    incident_id: str,
    earlier: EarlierIncident | None = None,
) -> Known:
    """Everything that is known of a call now."""
    escalation = newest_escalation(session, call.id)
    found = _snapshot(session, sources.keyring, call, escalation)
    note = session.scalar(select(CallNote).where(CallNote.call_id == call.id))
    notes = _opened(sources.keyring, NOTE_TEXT, note.id, note.text) if note else None
    emergency = found.get("emergency") or {}
    return Known(
        incident_id=incident_id,
        call_id=call.id,
        started_at=call.started_at,
        ended_at=call.ended_at,
        language=call.language or _language(found.get("language")),
        number=found.get("call_back_number") or "",
        better_number=found.get("better_number") or "",
        number_presentation=call.number_presentation.value,
        line_name=sources.line_name,
        verstat=call.stir_verstat or "",
        words=tuple(str(each) for each in found.get("words") or ()),
        words_reading=str(emergency.get("reason") or "") if emergency else "",
        place=_place(found.get("place"), call, sources.cities),
        placed_at=_fact_at(session, call.id, ContactField.LOCATION_VERIFIED),
        protocol=_protocol(session, sources, call),
        notes=notes or "",
        notes_at=note.saved_at if note and notes else None,
        call_taker=_call_taker(session, call),
        handoff=_handoff(escalation),
        earlier=earlier,
        danger=_danger(session, call, sources.protocols.panel),
    )


def newest_escalation(session: Session, call_id: str) -> Escalation | None:
    """The call's open transfer, else its last one."""
    return session.scalar(
        select(Escalation)
        .where(Escalation.call_id == call_id)
        .order_by(Escalation.ended_at.is_not(None), Escalation.requested_at.desc())
        .limit(1)
    )


def _snapshot(
    session: Session, keyring: Keyring, call: Call, escalation: Escalation | None
) -> dict[str, Any]:
    """What stands in the rows now, over what was kept after the dial."""
    kept: dict[str, Any] = {}
    if escalation is not None and escalation.snapshot is not None:
        text = _opened(keyring, SNAPSHOT, escalation.id, escalation.snapshot)
        kept = json.loads(text) if text else {}
    now = briefing.snapshot(keyring, session, call)
    return kept | {name: value for name, value in now.items() if value not in (None, [], "")}


def _place(found: Any, call: Call, cities: Mapping[str, str]) -> PlaceKnown | None:
    if not isinstance(found, Mapping):
        return None
    spoken = found.get("spoken") or {}
    text = briefing.spoken_place(found) or str(spoken.get("text") or "")
    if not text.strip():
        return None
    # A call-taker wrote it: read the street out of their words. Where a telephone told its own point,
    # the street that was said before is not where the caller is.
    if not spoken and found.get("source") != BY_LINK:
        read = spoken_address.read(text, Language.EN)
        named = read.kind in (PlaceKind.ADDRESS, PlaceKind.INTERSECTION)
        spoken = {name: getattr(read, name) for name in _PARTS} if named else {}
    return PlaceKnown(
        text=text,
        **{name: str(spoken.get(name) or "") for name in _PARTS},
        city=cities.get(call.jurisdiction or str(found.get("jurisdiction") or ""), ""),
        latitude=_number(found.get("latitude")),
        longitude=_number(found.get("longitude")),
        uncertainty_metres=_number(found.get("uncertainty_metres")),
        is_confirmed=bool(found.get("confirmed")),
    )


_PARTS = ("number", "direction", "street", "suffix", "cross_street", "cross_suffix")


def _protocol(session: Session, sources: Sources, call: Call) -> ProtocolKnown | None:
    row = newest_session(session, call.id)
    if row is None:
        return None
    protocol = _readable(session, sources, row)
    return ProtocolKnown(
        name=row.protocol,
        version=row.version,
        answers=tuple(_answers(session, sources.keyring, row, protocol)) if protocol else (),
        determinant=_determinant(session, row, protocol, sources.protocols.panel),
    )


def _readable(session: Session, sources: Sources, row: ProtocolRow) -> Protocol | None:
    """The version of a session; one that can no longer be read costs 911 the answers, nothing else."""
    try:
        return sources.protocols.pinned(session, row.publication_id)
    except (ProtocolError, NotFoundError) as wrong:
        log.error("packet_without_answers", session_id=row.id, error=type(wrong).__name__)
        return None


def _answers(
    session: Session, keyring: Keyring, row: ProtocolRow, protocol: Protocol
) -> Sequence[AnswerKnown]:
    """The newest answer of each question, in the order in which they were asked first."""
    rows = session.scalars(
        select(ProtocolAnswer)
        .where(ProtocolAnswer.session_id == row.id)
        .order_by(ProtocolAnswer.id)
    )
    newest: dict[str, AnswerKnown] = {}
    for each in rows:
        text = _opened(keyring, ANSWER_VALUE, each.answer_id, each.value)
        question = protocol.question_by_id.get(each.question)
        if text is None or question is None:
            continue
        answer = answer_text(question, json.loads(text))
        newest[each.question] = AnswerKnown(question.text.en, answer, each.answered_at)
    return tuple(newest.values())


def answer_text(question: Question, value: Any) -> str:
    """An answer in the words that stood on the desk."""
    answer = as_answer(value)
    shown = answer_words.shown(question, answer)
    return shown.en if shown else answer_words.told(question, answer)


def _determinant(
    session: Session, row: ProtocolRow, protocol: Protocol | None, panel: Sequence[RedFlag]
) -> DeterminantKnown | None:
    found = session.scalar(
        select(DeterminantSet)
        .where(DeterminantSet.session_id == row.id)
        .order_by(DeterminantSet.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    flags = {flag.id: flag.determinant for flag in panel}
    own = protocol.determinant_by_id if protocol else {}
    known = own.get(found.determinant) or flags.get(found.determinant)
    return DeterminantKnown(
        code=found.determinant,
        title=known.title.en if known else found.determinant,
        level=found.level,
        common_code=found.common_code or "",
        priority=found.priority,
        at=found.set_at,
    )


def _danger(session: Session, call: Call, panel: Sequence[RedFlag]) -> DeterminantKnown | None:
    raised = raised_dangers.newest(session, call.id, panel)
    if raised is None:
        return None
    found = raised.flag.determinant
    return DeterminantKnown(
        code=found.id,
        title=found.title.en,
        level=found.level.value,
        common_code=found.common_code,
        priority=found.priority,
        at=raised.at,
    )


def _call_taker(session: Session, call: Call) -> CallTakerKnown | None:
    answered_at = _fact_at(session, call.id, ContactField.ANSWERED, first=True)
    if answered_at is None or call.staff_id is None:
        return None
    return CallTakerKnown(f"call-taker-{call.staff_id[:8]}", answered_at)


def _handoff(escalation: Escalation | None) -> HandoffKnown | None:
    if escalation is None:
        return None
    return HandoffKnown(
        escalation.id, escalation.cause.value, escalation.requested_at, escalation.accepted_at
    )


def _fact_at(
    session: Session, call_id: str, field: ContactField, *, first: bool = False
) -> datetime | None:
    order = ContactFact.id if first else ContactFact.id.desc()
    return session.scalar(
        select(ContactFact.at)
        .where(ContactFact.call_id == call_id, ContactFact.field == field.value)
        .order_by(order)
        .limit(1)
    )


def _language(word: Any) -> Language | None:
    return Language(word) if word in {each.value for each in Language} else None


def _number(value: Any) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good else None


def _opened(keyring: Keyring, column: Column, row: str, sealed: bytes) -> str | None:
    """A column that does not open costs its own content, never the packet."""
    try:
        return keyring.unseal(column, row, sealed)
    except PersonalError:
        log.exception("personal_column_shut", table=column.table, column=column.column)
        return None
