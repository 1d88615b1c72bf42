"""The intent to dial 911: written within 150 ms on its own connection, else onto the local disk.

Whatever becomes of it, an order to dial comes out: with the database away, the room follows from the
call's id, the place is unknown and the line's own number is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any, Literal, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record, spool, transfer_rows
from ivr.psap_dial import Order
from ivr.rules import transfer
from ivr.runtime import Destination, Runtime
from models.call import CALL_TOKEN, CALLER_NUMBER, Call
from models.escalation import Escalation, EscalationAttempt
from models.handoff import Handoff
from models.personal import Keyring, PersonalError
from models.states import EscalationCause, HandoffDirection, NumberPresentation

log = structlog.get_logger(__name__)
T = TypeVar("T")

INTENT_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Intent:
    """One attempt about to be dialled; `tried` are the destinations of the attempts before."""

    escalation_id: str
    call_id: str
    n: int
    destination: str
    destinations: tuple[str, ...]
    tried: tuple[str, ...] = ()
    jurisdiction: str | None = None
    conference_sid: str | None = None
    caller_number: str | None = None
    call_token: str | None = None

    def order(self, runtime: Runtime) -> Order:
        """What the telephone company is asked for."""
        point = _point(runtime, self.jurisdiction, self.destination)
        addresses = runtime.addresses
        return Order(
            room_name=f"room-{self.call_id}",
            conference_sid=self.conference_sid,
            to=point.number,
            label=transfer_rows.label(self.escalation_id, self.n),
            ring_seconds=point.ring_seconds,
            line_number=runtime.city.line_number,
            conference_callback=addresses.room_events(self.call_id),
            leg_callback=addresses.callback(f"/voice/leg/{self.escalation_id}/{self.n}"),
            caller_number=self.caller_number,
            call_token=self.call_token,
        )

    def following(self) -> "Intent | None":
        """The next attempt by the list alone, when no row can be asked; None after the last."""
        tried = (*self.tried, self.destination)
        chosen = transfer.next_destination(self.destinations, tried)
        if chosen is None:
            return None
        return replace(self, n=self.n + 1, destination=chosen.destination, tried=tried)


def write_intent(
    runtime: Runtime, call_id: str, cause: EscalationCause, actor: str, escalation_id: str
) -> Intent | Literal[False] | None:
    """Write the intent. False: it is there already, or another transfer is open. None: not in time.

    A thread of its own carries it, because a database that hangs answers no time limit.
    """
    now = runtime.clock()

    def write() -> Intent | Literal[False]:
        with runtime.intent_sessions() as session:
            call = record.lock_call(session, call_id)
            if call is None:
                raise LookupError(f"call {call_id} is not written yet")
            points = _points(runtime, session, call)
            attempt = transfer_rows.open_escalation(
                session, call, escalation_id, cause, actor, points, now
            )
            if attempt is None:
                return False
            session.flush()
            intent = _intent(runtime.keyring, call, escalation_id, points, attempt, ())
            session.commit()
        return intent

    return _within(INTENT_SECONDS, write)


def spooled_intent(
    runtime: Runtime, call_id: str, cause: EscalationCause, actor: str, escalation_id: str
) -> Intent:
    """Keep the intent on the disk, loudly, and dial with what is known without the database."""
    points = tuple(point.key for point in runtime.city.answering_points(None))
    log.error("intent_spooled", call_id=call_id, escalation_id=escalation_id)
    line = {
        "kind": "intent",
        "escalation": escalation_id,
        "call": call_id,
        "cause": cause.value,
        "actor": actor,
        "at": runtime.clock().isoformat(),
        "destinations": points,
    }
    keep(runtime, line)
    return Intent(escalation_id, call_id, 1, points[0], points)


def keep(runtime: Runtime, line: Mapping[str, Any]) -> None:
    """Write a line to the spool; a full disk does not stop a dial either."""
    try:
        spool.append(runtime.spool, line)
    except OSError:
        log.exception("spool_unwritable", escalation_id=line.get("escalation"))


def intent_for(runtime: Runtime, session: Session, attempt: EscalationAttempt) -> Intent | None:
    """What is needed to dial an attempt that stands written."""
    escalation = session.get(Escalation, attempt.escalation_id)
    call = session.get(Call, escalation.call_id, populate_existing=True) if escalation else None
    if escalation is None or call is None:
        return None
    tried = session.scalars(
        select(EscalationAttempt.destination)
        .where(EscalationAttempt.escalation_id == escalation.id, EscalationAttempt.n < attempt.n)
        .order_by(EscalationAttempt.n)
    )
    return _intent(
        runtime.keyring, call, escalation.id, escalation.destinations, attempt, tuple(tried)
    )


def _intent(
    keyring: Keyring,
    call: Call,
    escalation_id: str,
    destinations: list[str],
    attempt: EscalationAttempt,
    tried: tuple[str, ...],
) -> Intent:
    shown = call.number_presentation is NumberPresentation.GIVEN
    return Intent(
        escalation_id=escalation_id,
        call_id=call.id,
        n=attempt.n,
        destination=attempt.destination,
        destinations=tuple(destinations),
        tried=tried,
        jurisdiction=call.jurisdiction,
        conference_sid=call.conference_sid,
        caller_number=_opened(keyring, CALLER_NUMBER, call.id, call.caller_number)
        if shown
        else None,
        call_token=_opened(keyring, CALL_TOKEN, call.id, call.call_token),
    )


def _opened(keyring: Keyring, column: Any, call_id: str, sealed: bytes | None) -> str | None:
    """A sealed value, or None when there is none or its key is lost: the dial goes on without."""
    if sealed is None:
        return None
    try:
        return keyring.unseal(column, call_id, sealed)
    except PersonalError:
        log.exception("sealed_value_lost", call_id=call_id)
        return None


def _points(runtime: Runtime, session: Session, call: Call) -> list[str]:
    """The keys to try in order; a call that came from 911 goes back to where it came from first."""
    points = [point.key for point in runtime.city.answering_points(call.jurisdiction)]
    back_to = session.scalar(
        select(Handoff.return_to)
        .where(Handoff.call_id == call.id, Handoff.direction == HandoffDirection.IN)
        .order_by(Handoff.begun_at.desc())
        .limit(1)
    )
    known = {point.key for group in runtime.city.destinations.values() for point in group}
    if back_to is None or back_to not in known:
        return points
    return [back_to, *(key for key in points if key != back_to)]


def _point(runtime: Runtime, jurisdiction: str | None, key: str) -> Destination:
    """The destination of this key; the place's first one when the city has since taken it out."""
    points = runtime.city.answering_points(jurisdiction)
    everywhere = (point for group in runtime.city.destinations.values() for point in group)
    found = (point for point in (*points, *everywhere) if point.key == key)
    return next(found, points[0])


def _within(seconds: float, work: Callable[[], T]) -> T | None:
    """Do the work in a thread of its own; None when it fails or takes longer."""
    done: list[T] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception:  # whatever a database raises; the dial goes on
            log.exception("intent_unwritten")

    thread = Thread(target=run, daemon=True, name="intent")
    thread.start()
    thread.join(seconds)
    return done[0] if done else None
