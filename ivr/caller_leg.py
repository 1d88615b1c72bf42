"""Moving the caller's own leg: to the front of the line, or into the room. Always by one redirect.

The row is written first, the redirect follows the commit. Refused, the caller is held with a static
looping document, so that nobody hears nothing, and the redirect is tried again every 2 s.
"""

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from ivr import call_backs, record, transfer_rows, waiting_line
from ivr.errors import AlreadyEndedError, GatewayError
from ivr.rules import transfer_room
from ivr.runtime import Runtime
from models.call import Call
from models.states import CallPhase, DeadlineKind

log = structlog.get_logger(__name__)

RETRY_SECONDS = 2.0
FOLLOWING_TRIES = 3


def to_front(runtime: Runtime, call_id: str, sentence: str, first_for: str | None = None) -> None:
    """Send a caller who is alone to the front of the line; `sentence` is the key of what they hear.

    `first_for` is the call-taker who had them, and is offered them first. Whoever is with them by
    now, or is being called for them (911 asked for again), keeps them where they are.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.phase is CallPhase.ENDED:
            return
        if not transfer_room.may_go_to_front(transfer_rows.room_now(session, call)):
            log.info("not_to_the_front", call_id=call_id)
            return
        waiting_line.return_to_front(session, call, now, runtime.new_id, first_for)
        waiting_line.offer_waiting(session, now, runtime.new_id)
        url = _front_url(runtime, call, sentence)
        watch(session, call, runtime)
        session.commit()
    runtime.bell.ring()
    _redirect(runtime, call, url)


def into_room(runtime: Runtime, call_id: str) -> None:
    """Send a caller into the call's room, where 911 is being dialled."""
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.phase is CallPhase.ENDED:
            return
        call.phase = CallPhase.ROOM
        url = room_url(runtime, call.call_sid, waiting_line.next_step(call))
        watch(session, call, runtime)
        session.commit()
    _redirect(runtime, call, url)


def room_url(runtime: Runtime, call_sid: str, step: int) -> str:
    """The document with which the caller's leg enters the room."""
    return runtime.addresses.voice(f"/voice/room/{call_sid}/{step}")


def watch(session: Session, call: Call, runtime: Runtime, seconds: float = RETRY_SECONDS) -> None:
    """Look again in `seconds` whether the caller is where the row says."""
    due = runtime.clock() + timedelta(seconds=seconds)
    record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call.id, call.id, due)


def _front_url(runtime: Runtime, call: Call, sentence: str) -> str:
    step = waiting_line.next_step(call)
    return runtime.addresses.voice(f"/voice/back/{call.call_sid}/{step}/{sentence}")


def _redirect(runtime: Runtime, call: Call, url: str) -> None:
    if _is_yet_to_take_it(runtime, call):
        return
    try:
        runtime.gateway.redirect(call.call_sid, url)
    except AlreadyEndedError:
        log.info("caller_gone_before_redirect", call_id=call.id)
    except GatewayError as refused:
        log.warning("redirect_refused", call_id=call.id, code=refused.code)
        hold_with_words(runtime, call)


def _is_yet_to_take_it(runtime: Runtime, call: Call) -> bool:
    """A resident whom we ring comes by their own key: a machine that answered is moved nowhere."""
    with runtime.reading() as session:
        return call_backs.awaits_resident(session, call)


def follow(runtime: Runtime, call_sid: str, url: str) -> None:
    """Move the caller's leg into the room after the softphone; a refusal is tried again at once.

    Refused for good, both are not in the room in time, and the line takes the caller back.
    """
    for _ in range(FOLLOWING_TRIES):
        try:
            runtime.gateway.redirect(call_sid, url)
        except AlreadyEndedError:
            log.info("caller_gone_before_redirect", call_sid=call_sid)
            return
        except GatewayError as refused:
            log.warning("redirect_refused", call_sid=call_sid, code=refused.code)
        else:
            return


def hold_with_words(runtime: Runtime, call: Call) -> None:
    """Let a caller who cannot be moved hear a static looping document instead of silence."""
    if call.conference_sid is None:
        return
    url = runtime.addresses.voice(f"/voice/room/{call.id}/alone")
    try:
        runtime.gateway.hold(call.conference_sid, call.call_sid, url)
    except GatewayError as refused:
        log.warning("hold_refused", call_id=call.id, code=refused.code)
