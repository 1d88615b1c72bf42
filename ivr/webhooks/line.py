"""The waiting line's own addresses: the wait loop, what a waiting caller does, how the wait ends.

The wait loop reads and speaks, and changes nothing; it works without the database, then without the
caller's place. What a waiting caller asks for has an address with a number, and one effect.
"""

from functools import partial

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import select

from ivr import (
    call_end,
    leaving_line,
    record,
    room_events,
    transfer_rows,
    waiting_line,
)
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.line_danger import (
    Ask,
    BeCalledBack,
    Dial911,
    LeaveMessage,
    MoveUp,
    Reassure,
    WaitOn,
    Window,
    meaning,
)
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.turns.speaking import join_line, ring_human_line
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form, line_message, signs, waiting_documents
from ivr.webhooks.room_documents import caller_enters
from ivr.webhooks.waiting_documents import View, say, view
from models.call import Call
from models.states import CallPhase, LineState

log = structlog.get_logger(__name__)

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
SENTENCES = frozenset(
    {"line_returning", "call_taker_delayed", "psap_ended", "human_line_unanswered"}
)
"""What a caller may be told on the way back to the line; the address carries the key."""
_N = "<int:n>"
MOST_ROUNDS = 99_999
"""Documents of one wait; checked here, because a rule that refuses a number answers before the guard."""


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post(f"/wait/<call_sid>/{_N}")
    def wait(call_sid: str, n: int) -> Response:
        _require(call_sid, n)
        return _xml(_waiting(runtime, call_sid, n))

    @voice.post(f"/heard/<call_sid>/{_N}/<word>")
    def heard(call_sid: str, n: int, word: str) -> Response:
        _require(call_sid, n)
        if word not in set(Window):
            raise UnknownCallError("no such window")
        said = form.caller_input(request.form)
        return _xml(_heard(runtime, call_sid, n, Window(word), said))

    @voice.post("/line/<call_sid>/left")
    def left_line(call_sid: str) -> Response:
        _require(call_sid)
        return _xml(_left(runtime, call_sid, request.form.get("QueueResult", "")))

    @voice.post(f"/back/<call_sid>/{_N}/<sentence>")
    def back(call_sid: str, n: int, sentence: str) -> Response:
        _require(call_sid, n)
        key = sentence if sentence in SENTENCES else "line_returning"
        return _xml(to_line(runtime, call_sid, key))

    @voice.post("/status")
    def status() -> Response:
        sid = form.call_sid(request.form)
        if sid is not None and request.form.get("CallStatus") in OVER:
            persistently(partial(room_events.leg_over, runtime, sid))
        return _xml(Document(runtime.city.languages).written())


def _require(call_sid: str, n: int = 0) -> None:
    if not form.CALL_SID.fullmatch(call_sid) or n > MOST_ROUNDS:
        raise UnknownCallError("no such place in a wait")


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)


def _waiting(runtime: Runtime, call_sid: str, n: int) -> bytes:
    """One round of the loop: how the caller stands, then a moment in which words are heard."""
    seen, document = view(runtime, call_sid), Document(runtime.city.languages)
    if seen.must_leave:
        return document.leave().written()
    listen = waiting_documents.told(runtime, seen, n)
    return document.listen(listen, _at(runtime, call_sid, n, Window.SAID)).written()


def _heard(runtime: Runtime, call_sid: str, n: int, window: Window, said: CallerInput) -> bytes:
    """What a waiting caller pressed or said."""
    seen = view(runtime, call_sid)
    language, next_round = seen.language, runtime.addresses.wait(call_sid, n + 1)
    level = signs.read(runtime, said, language)
    then = meaning(window, said, level, seen.standing.choices)
    document = Document(runtime.city.languages)
    match then:
        case Dial911(cause):
            caller = Caller(call_sid, seen.call_id or Caller.of(call_sid).call_id)
            escalate(runtime, caller, cause, f"line:{n}:{window.value}")
            document.say(*say(runtime, "connecting_911", language)).leave()
        case Ask(question):
            signs.keep(runtime, call_sid, level)
            listen = waiting_documents.question(runtime, question, seen)
            document.listen(listen, _at(runtime, call_sid, n, question))
        case MoveUp():
            persistently(partial(_move_up, runtime, call_sid, then))
            document.say(*say(runtime, "line_welcome", language)).redirect(next_round)
        case Reassure():
            document.say(*say(runtime, "line_welcome", language)).redirect(next_round)
        case BeCalledBack():
            _go_and_be_called(runtime, document, call_sid, seen, next_round)
        case LeaveMessage():
            _go_and_speak(runtime, document, call_sid, seen, next_round)
        case WaitOn(repeat=True):
            document.redirect(next_round)
        case WaitOn():
            half = Window.QUIET if window is Window.MUSIC else Window.MUSIC
            _play_on(runtime, document, call_sid, n, seen, half)
    return document.written()


def _play_on(
    runtime: Runtime, document: Document, call_sid: str, n: int, seen: View, half: Window
) -> None:
    """Music, unless there is nobody left to wait for: that is not found out a minute late."""
    if seen.must_leave:
        document.redirect(runtime.addresses.wait(call_sid, n + 1))
        return
    document.listen(
        waiting_documents.music(runtime, seen.language), _at(runtime, call_sid, n, half)
    )


def _go_and_be_called(
    runtime: Runtime, document: Document, call_sid: str, seen: View, next_round: str
) -> None:
    """Promise the call back once it is written; not written, the caller waits on."""
    if persistently(partial(leaving_line.be_called_back, runtime, call_sid)):
        document.say(*say(runtime, "line_call_back_promised", seen.language)).hang_up()
    else:
        document.say(*say(runtime, "line_welcome", seen.language)).redirect(next_round)


def _go_and_speak(
    runtime: Runtime, document: Document, call_sid: str, seen: View, next_round: str
) -> None:
    """Only outside the queue a message can be recorded: its address goes on with it."""
    if persistently(partial(leaving_line.for_a_message, runtime, call_sid)):
        document.leave()
    else:
        document.say(*say(runtime, "line_welcome", seen.language)).redirect(next_round)


def _move_up(runtime: Runtime, call_sid: str, then: MoveUp) -> None:
    """Make a waiting caller more urgent; one who no longer waits is being helped already."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = session.scalar(select(Call).where(Call.call_sid == call_sid))
        entry = waiting_line.active_entry(session, call.id) if call else None
        if call is None or entry is None:
            return
        waiting_line.join(
            session,
            call.id,
            then.priority,
            entry.skill,
            entry.language,
            now,
            runtime.new_id,
            dial_when_untaken=then.dial_when_untaken,
        )
        record.note(
            session,
            call.id,
            "moved_up",
            now,
            priority=then.priority.value,
            taken_back=then.taken_back,
        )
        waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    runtime.bell.ring()


def _left(runtime: Runtime, call_sid: str, result: str) -> bytes:
    """The wait is over, for whatever reason: doubt goes to a person."""
    nothing = Document(runtime.city.languages)
    if result in {"redirected", "bridged"}:
        return nothing.written()
    if result == "hangup":
        persistently(partial(call_end.leg_ended, runtime, call_sid))
        return nothing.written()
    if result == "leave":
        return _chose_to_leave(runtime, call_sid)
    return to_human_line(runtime, call_sid, "line_full")


def _chose_to_leave(runtime: Runtime, call_sid: str) -> bytes:
    """A waiting document left the queue: for 911, or because nobody is there to answer.

    Without the database only a caller's own 9 leaves, so the room it is; a caller in the room by
    mistake is alone there, and comes back to the front in 2 s.
    """
    try:
        where = _where_to(runtime, call_sid)
    except Exception:  # whatever the database raises
        log.exception("left_without_database", call_sid=call_sid)
        where = CallPhase.ROOM
    if where is CallPhase.HUMAN_LINE:
        why = "line_longest_wait" if view(runtime, call_sid).waited_long else "nobody_in_line"
        return to_human_line(runtime, call_sid, why)
    if where is CallPhase.MENU:
        return line_message.begun(runtime, call_sid)
    if where is CallPhase.LINE:
        document = Document(runtime.city.languages)
        return join_line(document, runtime, Caller.of(call_sid)).written()
    return caller_enters(runtime, call_sid)


def _where_to(runtime: Runtime, call_sid: str) -> CallPhase:
    seen = waiting_documents.read(runtime, call_sid, runtime.clock())
    with runtime.reading() as session:
        call = session.scalar(select(Call).where(Call.call_sid == call_sid))
        if call is None or transfer_rows.open_of(session, call.id) is not None:
            return CallPhase.ROOM
        entry = waiting_line.active_entry(session, call.id)
        if entry is not None and entry.state is LineState.RESERVED:
            return CallPhase.LINE
        if call.phase is CallPhase.MENU:
            return CallPhase.MENU
    return CallPhase.HUMAN_LINE if seen.must_leave else CallPhase.ROOM


def to_human_line(runtime: Runtime, call_sid: str, sentence: str) -> bytes:
    """Ring the staffed number outside; the record says so where it can."""
    language = view(runtime, call_sid).language
    try:
        _moved_to_human_line(runtime, call_sid)
    except Exception:  # whatever the database raises; the caller is rung through all the same
        log.exception("human_line_unrecorded", call_sid=call_sid)
    document = Document(runtime.city.languages).say(*say(runtime, sentence, language))
    return ring_human_line(document, runtime, call_sid).written()


def _moved_to_human_line(runtime: Runtime, call_sid: str) -> None:
    now = runtime.clock()
    with runtime.sessions() as session:
        call_id = session.scalar(select(Call.id).where(Call.call_sid == call_sid))
        call = record.lock_call(session, call_id) if call_id else None
        if call is None or call.phase is CallPhase.ENDED:
            return
        waiting_line.move_out(session, call.id, now)
        call.phase = CallPhase.HUMAN_LINE
        record.note(session, call.id, "human_line_rung", now)
        session.commit()
    runtime.bell.ring()


def to_line(runtime: Runtime, call_sid: str, sentence: str) -> bytes:
    """A sentence, then the line."""
    language = view(runtime, call_sid).language
    document = Document(runtime.city.languages).say(*say(runtime, sentence, language))
    return join_line(document, runtime, Caller.of(call_sid)).written()


def _at(runtime: Runtime, call_sid: str, n: int, window: Window) -> str:
    return runtime.addresses.voice(f"/voice/heard/{call_sid}/{n}/{window.value}")
