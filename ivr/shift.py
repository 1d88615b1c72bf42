"""The people of the shift and the callers in line, read from rows as the rules' plain values.

Shared by everything that offers calls; it changes nothing but presence, and commits nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.record import NO_KEY, tell_desks
from ivr.rules import skills
from ivr.rules.skills import Opening
from ivr.rules.waiting import CallTaker, Waiting
from models.call import Call, Leg
from models.escalation import Escalation
from models.line import LineEntry, Offer
from models.staff import Presence, Staff
from models.states import (
    AcceptedBy,
    Language,
    LegKind,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
    Role,
)

TAKES_CALLS = (Role.CALL_TAKER, Role.SENIOR, Role.SUPERVISOR)


def call_takers(session: Session) -> list[CallTaker]:
    """Everybody signed in who takes calls."""
    engaged = set(session.scalars(select(Offer.staff_id).where(_engaging())))
    rows = session.execute(
        select(Staff.id, Staff.languages, Staff.skills, Presence.state, Presence.idle_since)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(
            Staff.role.in_(TAKES_CALLS),
            Staff.disabled_at.is_(None),
            Presence.state != PresenceState.OFFLINE,
        )
    )
    return [
        CallTaker(
            staff_id,
            state,
            _languages(languages),
            idle_since,
            staff_id in engaged,
            skills.from_text(has),
        )
        for staff_id, languages, has, state, idle_since in rows
    ]


def waiting_callers(session: Session) -> list[Waiting]:
    """Every caller in the line who waits, with who was asked."""
    rows = list(session.scalars(select(LineEntry).where(LineEntry.state == LineState.WAITING)))
    asked = _asked(session, Offer.entry_id, [row.id for row in rows])
    return [
        Waiting(
            entry_id=row.id,
            priority=row.priority,
            language=row.language,
            waiting_since=row.waiting_since,
            first_for=row.first_for,
            first_for_until=row.first_for_until,
            offered_to=asked[row.id][0],
            passed_over=asked[row.id][1],
            skill=row.skill,
            overflow=tuple(
                Opening(str(skill), float(after)) for skill, after in row.overflow or ()
            ),
        )
        for row in rows
    ]


def empty_chairs(session: Session) -> list[Waiting]:
    """Callers who are being connected to 911 with no call-taker; `entry_id` is the call's id."""
    rows = session.execute(
        select(Escalation, Call.language, Call.started_at)
        .join(Call, Call.id == Escalation.call_id)
        .where(
            Escalation.ended_at.is_(None),
            or_(
                Escalation.accepted_by.is_(None),
                Escalation.accepted_by == AcceptedBy.UNATTENDED,
            ),
            Escalation.call_id.not_in(
                select(Leg.call_id).where(Leg.kind == LegKind.CALL_TAKER, Leg.left_at.is_(None))
            ),
            Escalation.call_id.not_in(
                select(Offer.call_id).where(Offer.state == OfferState.ACCEPTED)
            ),
        )
    ).all()
    asked = _asked(session, Offer.call_id, [row.call_id for row, _, _ in rows])
    return [
        Waiting(
            entry_id=row.call_id,
            priority=PriorityClass.EMERGENCY,
            language=language or Language.EN,
            waiting_since=started_at,
            offered_to=asked[row.call_id][0],
            passed_over=asked[row.call_id][1],
        )
        for row, language, started_at in rows
    ]


def somebody_waits(session: Session) -> bool:
    """Say whether there is anybody who might be offered: a caller in line, or an open transfer."""
    active = LineEntry.state.in_((LineState.WAITING, LineState.RESERVED))
    waits = select(LineEntry.id).where(active)
    going_on = select(Escalation.id).where(Escalation.ended_at.is_(None))
    return bool(session.scalar(select(or_(waits.exists(), going_on.exists()))))


def lock_presence(session: Session, staff_id: str) -> Presence | None:
    """Read somebody's presence and keep others from claiming a call for them until the commit."""
    return session.get(Presence, staff_id, with_for_update=NO_KEY, populate_existing=True)


def set_presence(session: Session, staff_id: str, state: PresenceState, now: datetime) -> None:
    """Write what somebody is doing; ending a call begins their idle time."""
    row = lock_presence(session, staff_id)
    if row is None or row.state is state or row.state is PresenceState.OFFLINE:
        return
    if row.state is PresenceState.ON_CALL:
        row.idle_since = now
    row.state, row.since = state, now
    row.break_reason, row.more_minutes = None, 0
    tell_desks(session, "presence_changed", now, staff_id=staff_id, state=state.value)


def finish_call(session: Session, staff_id: str, after: PresenceState, now: datetime) -> None:
    """Somebody's call is over: they go on to `after`, unless they have chosen otherwise since."""
    row = lock_presence(session, staff_id)
    if row is not None and row.state is PresenceState.ON_CALL:
        set_presence(session, staff_id, after, now)


def _engaging() -> ColumnElement[bool]:
    """Offers that keep somebody from being offered another call.

    One above everything does not: it stays open as long as 911 and the caller talk alone.
    """
    ordinary = and_(Offer.state == OfferState.OPEN, Offer.ends_at.is_not(None))
    return or_(ordinary, Offer.state == OfferState.ACCEPTED)


Asked = Mapping[str, tuple[frozenset[str], frozenset[str]]]
"""For each id: those with an open offer, and those who passed it over."""


def _asked(
    session: Session,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ids: Iterable[str],
) -> Asked:
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = defaultdict(
        lambda: (frozenset(), frozenset())
    )
    rows = session.execute(
        select(column, Offer.staff_id, Offer.state).where(
            column.in_(list(ids)),
            Offer.state.in_((OfferState.OPEN, OfferState.DECLINED, OfferState.EXPIRED)),
        )
    )
    for subject, staff_id, state in rows:
        key = str(subject)
        offered, passed = found[key]
        if state is OfferState.OPEN:
            found[key] = (offered | {staff_id}, passed)
        else:
            found[key] = (offered, passed | {staff_id})
    return found


def _languages(text: str) -> frozenset[Language]:
    known = {language.value for language in Language}
    return frozenset(Language(word) for word in text.split(",") if word in known)
