"""The waiting line's own addresses: the wait loop, what a waiting caller does, how the wait ends.

The wait loop reads and speaks, and changes nothing; it works without the database, then without the
caller's place. What a waiting caller asks for has an address with a number, and one effect.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import select

from ivr import call_end, from_911, record, room_events, transfer_rows, waiting_line
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.actions import Listen, Pause, Say
from ivr.rules.line_danger import Ask, Dial911, MoveUp, Reassure, WaitOn, Window, meaning
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.turns.speaking import join_line, ring_human_line
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from ivr.webhooks.room_documents import caller_enters
from models.call import Call
from models.line import LineEntry
from models.states import CallPhase, EmergencyLevel, Language, LineState

log = structlog.get_logger(__name__)

SPOKEN_WINDOW_SECONDS = 3.0
QUIET_SECONDS = 12.0
KEY_SECONDS = 2.0
DANGER_SECONDS = 5.0
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
SENTENCES = frozenset(
    {"line_returning", "call_taker_delayed", "psap_ended", "human_line_unanswered"}
)
"""What a caller may be told on the way back to the line; the address carries the key."""
_N = "<int:n>"
MOST_ROUNDS = 99_999
"""Documents of one wait; checked here, because a rule that refuses a number answers before the guard."""


@dataclass(frozen=True, slots=True)
class View:
    """What the wait loop knows of a caller; `position` None when they do not wait."""

    language: Language | None = None
    position: int | None = None
    must_leave: bool = False
    call_id: str | None = None
    """The call of this leg; it does not follow from the CallSid of a caller whom we rang back."""


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
    """One round of the loop: the place in the line, then a moment in which words are heard."""
    view, document = _view(runtime, call_sid), Document(runtime.city.languages)
    if view.must_leave:
        return document.leave().written()
    prompt = [*_position(runtime, view), *_say(runtime, "line_emergency_window", view.language)]
    listen = Listen(
        tuple(prompt),
        keys=True,
        speech=True,
        language=view.language or next(iter(runtime.city.languages)),
        timeout_seconds=SPOKEN_WINDOW_SECONDS,
    )
    return document.listen(listen, _at(runtime, call_sid, n, Window.SAID)).written()


def _position(runtime: Runtime, view: View) -> tuple[Say, ...]:
    if view.position is None:
        return ()
    return _say(runtime, "line_position", view.language, position=str(view.position))


def _view(runtime: Runtime, call_sid: str) -> View:
    """A cheap read; without the database the caller hears a sentence and keeps waiting."""
    try:
        return _read(runtime, call_sid, runtime.clock())
    except Exception:  # whatever the database raises; words and keys work without it
        log.exception("wait_without_database", call_sid=call_sid)
        return View()


def _read(runtime: Runtime, call_sid: str, now: datetime) -> View:
    with runtime.reading() as session:
        row = session.execute(
            select(Call, LineEntry.waiting_since, LineEntry.state)
            .outerjoin(
                LineEntry,
                (LineEntry.call_id == Call.id)
                & LineEntry.state.in_((LineState.WAITING, LineState.RESERVED)),
            )
            .where(Call.call_sid == call_sid)
        ).one_or_none()
        if row is None:
            return View()
        call, since, state = row
        position = waiting_line.position(session, call_sid, now)
        waits = state is LineState.WAITING
        too_long = waits and (now - since).total_seconds() >= runtime.city.longest_wait_seconds
        alone = waits and not waiting_line.is_staffed(session)
        if alone and from_911.goes_back(session, call, runtime.city.trunks):
            alone = False  # 911 answers for them sooner than the staffed number outside
        must_leave = too_long or alone or call.phase is CallPhase.ROOM
        return View(call.language, position, must_leave, call.id)


def _heard(runtime: Runtime, call_sid: str, n: int, window: Window, said: CallerInput) -> bytes:
    """What a waiting caller pressed or said."""
    view = _view(runtime, call_sid)
    language = view.language
    then = meaning(window, said, _level(runtime, said, language))
    document = Document(runtime.city.languages)
    match then:
        case Dial911(cause):
            caller = Caller(call_sid, view.call_id or Caller.of(call_sid).call_id)
            escalate(runtime, caller, cause, f"line:{n}:{window.value}")
            document.say(*_say(runtime, "connecting_911", language)).leave()
        case Ask(question):
            listen = _question(runtime, question, language)
            document.listen(listen, _at(runtime, call_sid, n, question))
        case MoveUp():
            persistently(partial(_move_up, runtime, call_sid, then))
            document.say(*_say(runtime, "line_welcome", language))
            document.redirect(runtime.addresses.wait(call_sid, n + 1))
        case Reassure():
            document.say(*_say(runtime, "line_welcome", language))
            document.redirect(runtime.addresses.wait(call_sid, n + 1))
        case WaitOn(repeat=True):
            document.redirect(runtime.addresses.wait(call_sid, n + 1))
        case WaitOn():
            document.listen(_quiet(runtime, language), _at(runtime, call_sid, n, Window.QUIET))
    return document.written()


def _level(runtime: Runtime, said: CallerInput, language: Language | None) -> EmergencyLevel:
    """The most urgent reading of the words, in every language when theirs is not known."""
    if not said.speech:
        return EmergencyLevel.NONE
    languages = [language] if language else list(runtime.city.languages)
    readings = [runtime.readers.emergency(said.speech, one) for one in languages]
    return max(readings, key=lambda reading: reading.rank).level


def _question(runtime: Runtime, window: Window, language: Language | None) -> Listen:
    confirm = window is Window.CONFIRM
    key = "escalation_confirm" if confirm else "danger_question"
    return Listen(
        _say(runtime, key, language),
        keys=True,
        speech=True,
        language=language or next(iter(runtime.city.languages)),
        timeout_seconds=SPOKEN_WINDOW_SECONDS if confirm else DANGER_SECONDS,
    )


def _quiet(runtime: Runtime, language: Language | None) -> Listen:
    return Listen(
        (Pause(QUIET_SECONDS),),
        keys=True,
        speech=False,
        language=language or next(iter(runtime.city.languages)),
        timeout_seconds=KEY_SECONDS,
    )


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
        record.note(session, call.id, "moved_up", now, priority=then.priority.value)
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
        return to_human_line(runtime, call_sid, "nobody_in_line")
    if where is CallPhase.LINE:
        document = Document(runtime.city.languages)
        return join_line(document, runtime, Caller.of(call_sid)).written()
    return caller_enters(runtime, call_sid)


def _where_to(runtime: Runtime, call_sid: str) -> CallPhase:
    view = _read(runtime, call_sid, runtime.clock())
    with runtime.reading() as session:
        call = session.scalar(select(Call).where(Call.call_sid == call_sid))
        if call is None or transfer_rows.open_of(session, call.id) is not None:
            return CallPhase.ROOM
        entry = waiting_line.active_entry(session, call.id)
        if entry is not None and entry.state is LineState.RESERVED:
            return CallPhase.LINE
    return CallPhase.HUMAN_LINE if view.must_leave else CallPhase.ROOM


def to_human_line(runtime: Runtime, call_sid: str, sentence: str) -> bytes:
    """Ring the staffed number outside; the record says so where it can."""
    language = _view(runtime, call_sid).language
    try:
        _moved_to_human_line(runtime, call_sid)
    except Exception:  # whatever the database raises; the caller is rung through all the same
        log.exception("human_line_unrecorded", call_sid=call_sid)
    document = Document(runtime.city.languages).say(*_say(runtime, sentence, language))
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
    language = _view(runtime, call_sid).language
    document = Document(runtime.city.languages).say(*_say(runtime, sentence, language))
    return join_line(document, runtime, Caller.of(call_sid)).written()


def _say(runtime: Runtime, key: str, language: Language | None, **names: str) -> tuple[Say, ...]:
    """A sentence in the caller's language, or in every one when theirs is not known."""
    chosen = [language] if language else list(runtime.city.languages)
    return tuple(Say(runtime.city.sentences.say(key, one, **names), one) for one in chosen)


def _at(runtime: Runtime, call_sid: str, n: int, window: Window) -> str:
    return runtime.addresses.voice(f"/voice/heard/{call_sid}/{n}/{window.value}")
