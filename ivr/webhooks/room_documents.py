"""What the legs of a room are told: the caller's way in, the softphone's, holding, waiting, leaving.

Documents only: they read, speak and change nothing. Every leg enters by the room's name: the live
room of one name is one, so all meet, even when an earlier room ended a moment ago.
"""

import structlog
from sqlalchemy import select

from ivr import transfer_rows
from ivr.rooms import CALLER_LABEL, desk_label
from ivr.rules.actions import Pause, Say
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.twiml import Document
from ivr.waiting_line import Proved
from models import request_number
from models.call import Call
from models.states import Language

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 8.0
CHECK_SECONDS = 4.0


def caller_enters(runtime: Runtime, call_sid: str) -> bytes:
    """The caller's way into the room; works without the database, then by the room's name."""
    call, to_911 = _call(runtime, call_sid)
    language = call.language if call else None
    document = Document(runtime.city.languages)
    if not to_911:
        document.say(*say(runtime, "joining_room", language))
    call_id = call.id if call else Caller.of(call_sid).call_id
    leg = runtime.addresses.room_leg(call_id, f"room-{call_id}", CALLER_LABEL)
    return document.room(leg).written()


def _call(runtime: Runtime, call_sid: str) -> tuple[Call | None, bool]:
    """The call and whether 911 is being reached for it; they were told so where they came from."""
    try:
        with runtime.reading() as session:
            call = session.scalar(select(Call).where(Call.call_sid == call_sid))
            return call, call is None or transfer_rows.open_of(session, call.id) is not None
    except Exception:  # whatever the database raises: the way into the room needs none
        log.exception("room_without_database", call_sid=call_sid)
        return None, True


def softphone_enters(runtime: Runtime, proved: Proved, offer_id: str) -> bytes:
    """The call-taker's way into the room."""
    return call_taker_enters(runtime, proved, desk_label(offer_id))


def call_taker_enters(runtime: Runtime, proved: Proved, label: str) -> bytes:
    """A call-taker's way into the room, by whichever device; `label` is unique in the room."""
    room = f"room-{proved.call_id}"
    leg = runtime.addresses.room_leg(proved.call_id, room, label)
    return Document(runtime.city.languages).room(leg).written()


def telephone_check(runtime: Runtime) -> bytes:
    """What a softphone hears that only tries its connection; long enough to measure it."""
    sentence = Say(runtime.city.sentences.say("telephone_check", Language.EN), Language.EN)
    document = Document(runtime.city.languages).say(sentence, Pause(CHECK_SECONDS))
    return document.hang_up().written()


def softphone_refused(runtime: Runtime) -> bytes:
    """The call went to somebody else, or needs nobody any more."""
    sentence = Say(runtime.city.sentences.say("softphone_refused", Language.EN), Language.EN)
    return Document(runtime.city.languages).say(sentence).hang_up().written()


def goodbye(runtime: Runtime, language: Language | None, request: str | None = None) -> bytes:
    """The call-taker has ended the call; the number of what was reported is read once more."""
    document = Document(runtime.city.languages)
    if request is not None:
        number = request_number.spoken(request)
        document.say(*say(runtime, "request_read", language, number=number))
    return document.say(*say(runtime, "desk_call_ended", language)).hang_up().written()


def hang_up(runtime: Runtime) -> bytes:
    """End a leg that no resident is on."""
    return Document(runtime.city.languages).hang_up().written()


def looping(runtime: Runtime, key: str, language: Language | None, path: str) -> bytes:
    """A sentence again and again, for who is held or alone; only verbs that a room's wait may hold."""
    document = Document(runtime.city.languages)
    document.say(*say(runtime, key, language), Pause(PAUSE_SECONDS))
    return document.redirect(runtime.addresses.voice(path)).written()


def say(runtime: Runtime, key: str, language: Language | None, **names: str) -> tuple[Say, ...]:
    """A sentence in the caller's language, or in every one when theirs is not known."""
    chosen = [language] if language else list(runtime.city.languages)
    return tuple(Say(runtime.city.sentences.say(key, one, **names), one) for one in chosen)
