"""The record of one ended session as the scoring looks at it, read from the rows of its call.

Reads events, escalations, journal and the comparable record; decides nothing. What no row says is
None: the scoring leaves its check out. Knows no page.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from calltaker.intake import answers, session_events
from calltaker.intake.published import PublishedProtocols
from calltaker.quality import call_back, read_aloud
from models.call import Call
from models.contact_fields import ContactField
from models.escalation import Escalation
from models.intake import ProtocolSession
from models.journal import ContactFact, JournalEntry
from models.personal import Keyring
from models.states import EmergencyLevel, NumberPresentation
from protocols import session as protocol_session
from protocols.conditions import Answer
from protocols.scored_case import CaseRecord, Marks, Transfer
from protocols.script import Protocol, QuestionKind
from protocols.session import Answered, Ended, Event

LEFT, CALLED_BACK = "caller_left", "caller_called_back"


def read(
    session: Session, keyring: Keyring, published: PublishedProtocols, run: ProtocolSession
) -> CaseRecord:
    """Read the record of an ended session.

    Raises:
        NotFoundError: its version of the protocol is gone.
        PersonalError: an answer does not open.
    """
    call = session.get_one(Call, run.call_id)
    protocol = published.pinned(session, run.publication_id)
    events = tuple(session_events.read(session, keyring, run))
    transfers = tuple(_transfers(session, run))
    return CaseRecord(
        protocol=protocol,
        events=events,
        panel=published.panel,
        transfers=transfers,
        marks=_marks(session, keyring, call, run, protocol, events),
        gone_at=_gone_at(session, call, run, protocol, events),
    )


def _transfers(session: Session, run: ProtocolSession) -> Iterable[Transfer]:
    """What was asked for, or still open, within the session; others are another session's."""
    not_over = or_(Escalation.ended_at.is_(None), Escalation.ended_at >= run.started_at)
    rows = session.scalars(
        select(Escalation)
        .where(Escalation.call_id == run.call_id, Escalation.requested_at <= run.ended_at, not_over)
        .order_by(Escalation.requested_at)
    )
    for row in rows:
        accepted_at = answers.seconds(run, row.accepted_at) if row.accepted_at else None
        yield Transfer(
            answers.seconds(run, row.requested_at),
            accepted_at,
            abandoned=row.override_reason is not None,
            ended_at=answers.seconds(run, row.ended_at) if row.ended_at else None,
        )


def _gone_at(
    session: Session,
    call: Call,
    run: ProtocolSession,
    protocol: Protocol,
    events: Sequence[Event],
) -> float | None:
    """When the caller left with questions open and of their own accord."""
    left_at = _last_left(session, run)
    if left_at is None or _was_ended_by_us(call, left_at):
        return None
    at = answers.seconds(run, left_at)
    by_then = [one for one in events if one.at_seconds <= at and not isinstance(one, Ended)]
    return None if protocol_session.fold(protocol, by_then).verdict.final else at


def _last_left(session: Session, run: ProtocolSession) -> datetime | None:
    """The caller's last going within the session, if nobody called them back into it."""
    entry = session.execute(
        select(JournalEntry.kind, JournalEntry.at)
        .where(
            JournalEntry.call_id == run.call_id,
            JournalEntry.kind.in_((LEFT, CALLED_BACK)),
            JournalEntry.at >= run.started_at,
            JournalEntry.at <= run.ended_at,
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    ).first()
    return entry.at if entry is not None and entry.kind == LEFT else None


def _was_ended_by_us(call: Call, left_at: datetime) -> bool:
    """A call-taker who hangs up excuses no open question."""
    return call.end_commanded_at is not None and call.end_commanded_at <= left_at


def _marks(
    session: Session,
    keyring: Keyring,
    call: Call,
    run: ProtocolSession,
    protocol: Protocol,
    events: Sequence[Event],
) -> Marks:
    given = {event.question: event.value for event in events if isinstance(event, Answered)}
    places = list(_details(protocol, given, QuestionKind.PLACE))
    read = read_aloud.of_session(session, run)
    number = call_back.asked(session, keyring, run)
    return Marks(
        place_verified=any(place["confirmed"] for place in places) or _place_fact(session, run),
        place_excused=any(place.get("unverified_reason") for place in places),
        emergency_heard=call.emergency_level is not EmergencyLevel.NONE,
        callback_verified=_callback(call, number, read.get(read_aloud.Part.CALL_BACK)),
        callback_refused=number is call_back.Asked.REFUSED,
        advice_given=read.get(read_aloud.Part.ADVICE),
        read_word_for_word=read.get(read_aloud.Part.QUESTIONS),
        language_offered=_language(session, call),
        closing_read=read.get(read_aloud.Part.CLOSING),
    )


def _details(
    protocol: Protocol, given: dict[str, Answer], kind: QuestionKind
) -> Iterable[Mapping[str, object]]:
    """The answers to questions of a kind that is made of parts."""
    for name, value in given.items():
        if protocol.question_by_id[name].kind is kind and isinstance(value, Mapping):
            yield value


def _callback(call: Call, asked: call_back.Asked, read_back: bool | None) -> bool | None:  # noqa: FBT001
    """Whether a number to call back is known to be right: asked in the call, or read back at its end.

    Nothing asked and nothing marked says nothing of a number that came with the call.
    """
    match asked:
        case call_back.Asked.GIVEN:
            return True
        case call_back.Asked.PASSED_OVER | call_back.Asked.REFUSED:
            return bool(read_back)
        case call_back.Asked.NEVER:
            has_number = call.number_presentation is NumberPresentation.GIVEN and call.caller_number
            return read_back if has_number or read_back else False


def _place_fact(session: Session, run: ProtocolSession) -> bool:
    return _has_fact(session, run.call_id, ContactField.LOCATION_VERIFIED, run.ended_at)


def _language(session: Session, call: Call) -> bool | None:
    """Whether a language was offered; a caller sent past the menu for a danger is owed none."""
    if call.language is not None or _has_fact(session, call.id, ContactField.LANGUAGE):
        return True
    return None if call.emergency_level is not EmergencyLevel.NONE else False


def _has_fact(
    session: Session, call_id: str, field: ContactField, until: datetime | None = None
) -> bool:
    found = exists().where(ContactFact.call_id == call_id, ContactFact.field == field.value)
    if until is not None:
        found = found.where(ContactFact.at <= until)
    return bool(session.scalar(select(found)))
