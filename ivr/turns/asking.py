"""What a menu may ask about one caller, closed over that caller; nothing is read before it is asked.

Every question has an answer: whatever is wrong with the database costs that answer alone, and the
menu goes the way of a caller of whom nothing is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ivr.rules.dialling import is_domestic
from ivr.rules.menu import Readers
from ivr.rules.menu_state import RequestStatus
from ivr.runtime import Runtime
from models import request_number
from models.call import CALLER_NUMBER, Call
from models.intake import ServiceRequest
from models.line import LineEntry
from models.personal import PersonalError
from models.states import Language, LineState, RequestState

log = structlog.get_logger(__name__)
T = TypeVar("T")

READ_MS = 400
"""How long one question may take; a caller hears nothing meanwhile."""
TAIL_DIGITS = 4
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
        line_length=partial(_asked, runtime, _line_length, 0),
        seen_before=partial(_seen_before, runtime, caller),
        can_text=number is not None and is_domestic(number),
        own_number=spoken_tail(number),
        request_status=partial(_request_status, runtime),
    )


def spoken_tail(number: str | None) -> str:
    """The last digits of a number as they are read out, one by one; "" for no number."""
    return " ".join((number or "")[-TAIL_DIGITS:])


def _asked(runtime: Runtime, question: Callable[[Session], T], otherwise: T) -> T:
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


def _seen_before(runtime: Runtime, caller: Known) -> bool:
    if caller.number is None:
        return False
    index = runtime.keyring.blind_index(caller.number)
    earlier = select(Call.id).where(Call.caller_number_index == index, Call.id != caller.call_id)
    return _asked(runtime, lambda session: session.scalar(earlier.limit(1)) is not None, False)


def _request_status(runtime: Runtime, number: str) -> RequestStatus | None:
    """How far a request is, by its number alone; nothing about who made it, or where."""
    digits = "".join(digit for digit in number if digit.isascii() and digit.isdigit())
    if not request_number.is_right(digits):
        return None
    wanted = select(ServiceRequest.category, ServiceRequest.state).where(
        ServiceRequest.number == digits
    )
    row = _asked(runtime, lambda session: session.execute(wanted).one_or_none(), None)
    if row is None:
        return None
    return RequestStatus(
        number=request_number.spoken(digits),
        service=_service(runtime, row.category),
        status={
            language: runtime.city.sentences.say(_STATUS_WORDS[row.state], language)
            for language in runtime.city.languages
        },
    )


def _service(runtime: Runtime, category: str) -> dict[Language, str]:
    """The service's name; of one that the city has since taken away, a plain word."""
    named = runtime.city.services.get(category)
    if named:
        return dict(named)
    say = runtime.city.sentences.say
    return {language: say("request_of_any_kind", language) for language in runtime.city.languages}
