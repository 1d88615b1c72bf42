"""What a menu may ask about one caller, closed over that caller; nothing is read before it is asked.

Every question has an answer: whatever is wrong with the database costs that answer alone, and the
menu goes the way of a caller of whom nothing is known.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import TypeVar

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ivr import shift
from ivr.location_links import takes_texts
from ivr.rules.dialling import is_domestic
from ivr.rules.menu import Readers
from ivr.rules.menu_state import RequestStatus
from ivr.rules.spoken_place import PlaceFound
from ivr.runtime import Runtime
from models import request_number
from models.call import CALLER_NUMBER, PLACE, Call, Leg
from models.intake import ServiceRequest
from models.line import LineEntry
from models.location_link import BY_LINK
from models.personal import PersonalError
from models.states import LegKind, LineState, PresenceState, RequestState

log = structlog.get_logger(__name__)
T = TypeVar("T")

READ_MS = 400
"""How long one question may take; a caller hears nothing meanwhile."""
TAIL_DIGITS = 4
TALKS_SINCE = timedelta(hours=1)
MOST_TALKS = 50
USUAL_TALK_SECONDS = 240.0
"""Taken for the mean while nobody has talked yet; a first guess, ours."""
_STATUS_WORDS = {
    RequestState.OPEN: "request_open",
    RequestState.FORWARDED: "request_forwarded",
    RequestState.CLOSED: "request_closed",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A caller as far as the door knows them; `number` E.164, None when it is not shown."""

    call_id: str
    number: str | None


def known_caller(runtime: Runtime, call_id: str, sealed_number: bytes | None) -> Known:
    """Open what the call's row holds of its caller's number."""
    if sealed_number is None:
        return Known(call_id, None)
    try:
        return Known(call_id, runtime.keyring.unseal(CALLER_NUMBER, call_id, sealed_number))
    except PersonalError as shut:
        log.error("personal_column_shut", error=str(shut))
        return Known(call_id, None)


def readers_for(runtime: Runtime, caller: Known) -> Readers:
    """The city's readers, with those about this caller."""
    number = caller.number
    return replace(
        runtime.readers,
        line_length=partial(asked, runtime, _line_length, 0),
        wait_seconds=partial(_wait_seconds, runtime),
        seen_before=partial(_seen_before, runtime, caller),
        can_text=number is not None and is_domestic(number),
        own_number=spoken_tail(number),
        request_status=partial(_request_status, runtime),
        can_link=partial(_can_link, number),
        texted_place=partial(_texted_place, runtime, caller.call_id),
    )


def _can_link(number: str | None) -> bool:
    return number is not None and is_domestic(number) and takes_texts(number)


def _texted_place(runtime: Runtime, call_id: str) -> PlaceFound | None:
    """The place that the caller's telephone has told since the call began, None until then."""
    kept = select(Call.place).where(Call.id == call_id)
    sealed = asked(runtime, lambda session: session.scalar(kept), None)
    if sealed is None:
        return None
    try:
        place = json.loads(runtime.keyring.unseal(PLACE, call_id, sealed))
    except (PersonalError, ValueError) as shut:
        log.error("personal_column_shut", error=type(shut).__name__)
        return None
    if place.get("source") != BY_LINK:
        return None
    here = (place["latitude"], place["longitude"], place["uncertainty_metres"])
    found = runtime.readers.place_at(*here)
    return None if found is None else replace(found, source=BY_LINK)


def spoken_tail(number: str | None) -> str:
    """The last digits of a number as they are read out, one by one; "" for no number."""
    return " ".join((number or "")[-TAIL_DIGITS:])


def asked(runtime: Runtime, question: Callable[[Session], T], otherwise: T) -> T:
    """Ask the database for a moment; trouble is the other answer."""
    try:
        with runtime.reading() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text(f"SET LOCAL statement_timeout = {READ_MS}"))
            return question(session)
    except SQLAlchemyError as away:
        log.warning("menu_question_unanswered", error=type(away).__name__)
        return otherwise


def _line_length(session: Session) -> int:
    waiting = LineEntry.state.in_((LineState.WAITING, LineState.RESERVED))
    return session.scalar(select(func.count()).select_from(LineEntry).where(waiting)) or 0


def expected_wait_seconds(position: int, call_takers: int, mean_talk_seconds: float) -> int | None:
    """Estimate how long the caller at `position` of the line (1 is answered next) will wait.

    Args:
        position: Place in line.
        call_takers: Call-takers on shift and not on a break.
        mean_talk_seconds: Mean time of a call-taker in one call of late.

    Returns:
        Whole seconds rounded up to half a minute, or None when nobody is on shift: then the caller
        hears no figure at all.

    Source: with all call-takers busy and memoryless talk times, departures come at
    call_takers / mean_talk_seconds. If one is idle the figure is too high, never too low.
    """
    if call_takers < 1:
        return None
    return 30 * ceil(position * mean_talk_seconds / call_takers / 30)


def _wait_seconds(runtime: Runtime) -> float | None:
    def question(session: Session) -> int | None:
        at_work = {PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.WRAP_UP}
        on_shift = sum(one.state in at_work for one in shift.call_takers(session))
        talk = _mean_talk_seconds(session, runtime.clock())
        return expected_wait_seconds(_line_length(session) + 1, on_shift, talk)

    return asked(runtime, question, None)


def _mean_talk_seconds(session: Session, now: datetime) -> float:
    """The mean over the last hour's calls, the newest first; a usual figure on a quiet day."""
    talks = session.execute(
        select(Leg.dialled_at, Leg.left_at)
        .join(Call, Call.id == Leg.call_id)
        .where(
            Call.started_at > now - TALKS_SINCE,
            Leg.kind == LegKind.CALL_TAKER,
            Leg.left_at.is_not(None),
        )
        .order_by(Call.started_at.desc())
        .limit(MOST_TALKS)
    ).all()
    lengths = [(left - began).total_seconds() for began, left in talks if left]
    return sum(lengths) / len(lengths) if lengths else USUAL_TALK_SECONDS


def _seen_before(runtime: Runtime, caller: Known) -> bool:
    if caller.number is None:
        return False
    index = runtime.keyring.blind_index(caller.number)
    earlier = select(Call.id).where(Call.caller_number_index == index, Call.id != caller.call_id)
    return asked(runtime, lambda session: session.scalar(earlier.limit(1)) is not None, False)


def _request_status(runtime: Runtime, number: str) -> RequestStatus | None:
    """How far a request is, by its number alone; nothing about who made it, or where."""
    digits = "".join(digit for digit in number if digit.isascii() and digit.isdigit())
    if not request_number.is_right(digits):
        return None
    wanted = select(ServiceRequest.category, ServiceRequest.state).where(
        ServiceRequest.number == digits
    )
    row = asked(runtime, lambda session: session.execute(wanted).one_or_none(), None)
    if row is None:
        return None
    say, languages = runtime.city.sentences.say, list(runtime.city.languages)
    return RequestStatus(
        number=digits,
        service={one: runtime.readers.intent_name(row.category, one) for one in languages},
        status={one: say(_STATUS_WORDS[row.state], one) for one in languages},
    )
