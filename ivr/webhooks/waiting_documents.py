"""What a waiting caller hears: the announcement of a round, the questions, the music between.

Reads how a caller stands and writes documents; has no effect. Without the database the caller hears
the window for an emergency in every language, and goes on waiting.
"""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import select

from ivr import from_911, line_figures, waiting_line
from ivr.rules.actions import Listen, Pause, Play, Say
from ivr.rules.announcements import (
    KEY_SECONDS,
    MUSIC_SECONDS,
    SPOKEN_WINDOW_SECONDS,
    Standing,
    Telling,
    announcement,
)
from ivr.rules.dialling import is_domestic
from ivr.rules.line_danger import NO_CHOICE, Choice, Window
from ivr.rules.waiting import ABOVE_ALL
from ivr.runtime import Runtime
from ivr.turns.asking import known_caller, spoken_tail
from ivr.twiml import Document
from models.call import Call
from models.line import LineEntry
from models.states import CallPhase, Language, LineState, NumberPresentation, PriorityClass

log = structlog.get_logger(__name__)

DANGER_SECONDS = 5.0
NO_OTHER_WAY = ABOVE_ALL | {PriorityClass.FROM_911}
"""Classes that are asked neither to go nor to call back."""


@dataclass(frozen=True, slots=True)
class View:
    """What the wait knows of a caller. `must_leave`: somebody, or something else, waits elsewhere.

    `waited_long`: the line's longest wait is over. `number_tail`: the last digits of their number.
    """

    language: Language | None = None
    standing: Standing = field(default_factory=Standing)
    must_leave: bool = False
    waited_long: bool = False
    number_tail: str = ""
    call_id: str | None = None
    """The call of this leg; it does not follow from the CallSid of a caller whom we rang back."""


def view(runtime: Runtime, call_sid: str) -> View:
    """A cheap read; whatever is wrong with the database, the caller hears a sentence and waits on."""
    try:
        return read(runtime, call_sid, runtime.clock())
    except Exception:  # whatever the database raises; words and keys work without it
        log.exception("wait_without_database", call_sid=call_sid)
        return View()


def read(runtime: Runtime, call_sid: str, now: datetime) -> View:
    """How a caller stands.

    Raises:
        whatever the database raises.
    """
    with runtime.reading() as session:
        row = session.execute(
            select(Call, LineEntry)
            .outerjoin(
                LineEntry,
                (LineEntry.call_id == Call.id)
                & LineEntry.state.in_((LineState.WAITING, LineState.RESERVED)),
            )
            .where(Call.call_sid == call_sid)
        ).one_or_none()
        if row is None:
            return View()
        call, entry = row
        waits = entry is not None and entry.state is LineState.WAITING
        place = line_figures.place_of(session, call_sid, now) if waits else None
        too_long = waits and _waited(entry, now) >= runtime.city.longest_wait_seconds
        alone = waits and not waiting_line.is_staffed(session)
        if alone and from_911.goes_back(session, call, runtime.city.trunks):
            alone = False  # 911 answers for them sooner than the staffed number outside
    choices, tail = _other_ways(runtime, call, entry) if waits else (NO_CHOICE, "")
    standing = Standing(place.position, place.wait, choices) if place else Standing()
    elsewhere = call.phase in {CallPhase.ROOM, CallPhase.MENU}
    must_leave = too_long or alone or elsewhere
    return View(call.language, standing, must_leave, too_long and not alone, tail, call.id)


def _waited(entry: LineEntry, now: datetime) -> float:
    """In this place: who comes back to the front has not waited here yet."""
    return (now - entry.joined_at).total_seconds()


def _other_ways(runtime: Runtime, call: Call, entry: LineEntry) -> tuple[frozenset[Choice], str]:
    if entry.priority in NO_OTHER_WAY:
        return NO_CHOICE, ""
    number = known_caller(runtime, call.id, call.caller_number).number
    given = call.number_presentation is NumberPresentation.GIVEN
    if number is None or not given or not is_domestic(number):
        return frozenset({Choice.MESSAGE}), ""
    return frozenset(Choice), spoken_tail(number)


def told(runtime: Runtime, seen: View, n: int) -> Listen:
    """The announcement of the nth round, and the moment in which words are heard."""
    tellings = announcement(seen.standing, n)
    sentences = [one for telling in tellings for one in _telling(runtime, seen, telling)]
    return _listen(runtime, seen.language, tuple(sentences), SPOKEN_WINDOW_SECONDS)


def _telling(runtime: Runtime, seen: View, telling: Telling) -> tuple[Say, ...]:
    standing, wait = seen.standing, seen.standing.wait
    names = {"position": str(standing.position)}
    if wait is not None:
        names |= {"low": str(wait.low), "high": str(wait.high)}
    return say(runtime, telling.value, seen.language, **names)


def question(runtime: Runtime, window: Window, seen: View) -> Listen:
    """What is asked in a window of its own."""
    match window:
        case Window.CONFIRM:
            sentence = say(runtime, "escalation_confirm", seen.language)
            return _listen(runtime, seen.language, sentence, SPOKEN_WINDOW_SECONDS)
        case Window.CALL_BACK:
            names = {"number": seen.number_tail}
            sentence = say(runtime, "line_call_back_confirm", seen.language, **names)
            return _listen(runtime, seen.language, sentence, DANGER_SECONDS)
        case Window.DANGER | Window.SAID | Window.MUSIC | Window.QUIET:
            sentence = say(runtime, "danger_question", seen.language)
            return _listen(runtime, seen.language, sentence, DANGER_SECONDS)


def music(runtime: Runtime, language: Language | None) -> Listen:
    """One half of the music between two announcements; keys act in it. Silence where there is none."""
    city = runtime.city
    url = runtime.sounds.address(city.music) if city.music else None
    return Listen(
        (Play(url),) * city.music_plays if url else (Pause(MUSIC_SECONDS),),
        keys=True,
        speech=False,
        language=language or next(iter(city.languages)),
        timeout_seconds=KEY_SECONDS,
    )


def say(runtime: Runtime, key: str, language: Language | None, **names: str) -> tuple[Say, ...]:
    """A sentence in the caller's language, or in every one when theirs is not known."""
    chosen = [language] if language else list(runtime.city.languages)
    return tuple(Say(runtime.city.sentences.say(key, one, **names), one) for one in chosen)


def document(runtime: Runtime) -> Document:
    """An empty document of this city."""
    return Document(runtime.city.languages)


def _listen(
    runtime: Runtime, language: Language | None, sentences: tuple[Say, ...], seconds: float
) -> Listen:
    return Listen(
        sentences,
        keys=True,
        speech=True,
        language=language or next(iter(runtime.city.languages)),
        timeout_seconds=seconds,
    )
