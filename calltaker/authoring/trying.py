"""Playing a draft in the page: the line's own interpreter, with the facts that the author pretends.

Nothing is stored. The state goes to the page and comes back sealed with the door's key, so that no
page can make one up. Knows no row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from calltaker.authoring.errors import UnusableError
from ivr.rules import menu, playing
from ivr.rules.actions import Action, Ending, GoOn, Handover, Listen, PlayRecording, Say, Spoken
from ivr.rules.hours import Opening
from ivr.rules.menu import CallerInput, Graph, MenuState, Readers, Turn
from ivr.rules.menu_state import RequestStatus
from models.states import Language

NEXT_MORNING = timedelta(hours=14)
"""When a line that is pretended to be closed opens next."""
_READ = frozenset(
    [
        "emergency_read",
        "intent_read",
        "asked_between",
        "between_answered",
        "place_read",
        "answer_heard",
        "request_asked",
    ]
)
_LONGEST = 1000
_AGAIN = "Begin the call again."


@dataclass(frozen=True, slots=True)
class Pretended:
    """The facts that the author sets; None is as it is now."""

    now: datetime
    is_open: bool | None = None
    holiday: str | None = None
    switches: Mapping[str, bool] | None = None
    line_length: int = 0
    seen_before: bool = False
    withheld: bool = False


def take(
    graph: Graph, state: str | None, heard: CallerInput, pretended: Pretended, about: "Around"
) -> dict[str, Any]:
    """Take the played caller one turn further; without a state the call begins.

    Raises:
        UnusableError: the state is not one that this door gave out.
    """
    before = menu.begin(graph) if state is None else about.opened(state)
    given = CallerInput(silent=True) if state is None else heard
    turn = menu.answer(graph, before, given, pretended.now, _readers(about.readers, pretended))
    last = turn.actions[-1]
    over = isinstance(last, Ending)
    return {
        "state": about.sealed(turn.state),
        "spoken": [one for action in turn.actions for one in _spoken(action)],
        "listens": isinstance(last, Listen),
        "over": over,
        "ended": " ".join(_notes_of(last)) if over else "",
        "path": list(turn.path),
        "notes": list(_notes(turn)),
    }


class Around:
    """What a played call stands on: the city's readers, and the key that seals its state."""

    def __init__(self, readers: Readers, secret: str) -> None:
        self.readers = readers
        self._seal = URLSafeSerializer(secret, salt="menu-try")

    def sealed(self, state: MenuState) -> str:
        """The state as the page keeps it."""
        return str(self._seal.dumps(state.to_json()))

    def opened(self, state: str) -> MenuState:
        """The state that the page gave back.

        Raises:
            UnusableError: it is not one of ours, or of an older form.
        """
        try:
            return MenuState.from_json(self._seal.loads(state))
        except (BadData, ValueError, KeyError, TypeError):
            raise UnusableError("The played call is not known any more.", _AGAIN) from None


def heard_of(given: object) -> CallerInput:
    """The caller's input as the page sends it.

    Raises:
        UnusableError: not an input.
    """
    sent: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    words = {name: sent.get(name) for name in ("digits", "speech", "event")}
    for name, value in words.items():
        if value is not None and (not isinstance(value, str) or len(value) > _LONGEST):
            raise UnusableError(f"The {name} of the input cannot be used.", _AGAIN)
    digits, speech = words["digits"] or None, words["speech"] or None
    event = words["event"] or ""
    return CallerInput(digits, speech, None, not (digits or speech or event), event)


def pretended_of(given: object, now: datetime) -> Pretended:
    """The facts as the page sends them; what is left out is as it is.

    Raises:
        UnusableError: a fact of the wrong kind.
    """
    sent: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    switches = sent.get("switches")
    return Pretended(
        now=_moment(sent.get("now"), now),
        is_open=_claim(sent, "is_open"),
        holiday=_holiday(sent.get("holiday")),
        switches={str(key): value is True for key, value in switches.items()}
        if isinstance(switches, Mapping)
        else None,
        line_length=_count(sent.get("line_length")),
        seen_before=_claim(sent, "seen_before") is True,
        withheld=_claim(sent, "withheld") is True,
    )


def _readers(readers: Readers, pretended: Pretended) -> Readers:
    set_switches = pretended.switches or {}
    number = "" if pretended.withheld else "0 1 4 2"
    return replace(
        readers,
        opening=lambda line, now: _opening(readers, pretended, line, now),
        switch=lambda key: set_switches.get(key, readers.switch(key)),
        line_length=lambda: pretended.line_length,
        seen_before=lambda: pretended.seen_before,
        can_text=not pretended.withheld,
        own_number=number,
        can_link=lambda: not pretended.withheld,
        request_status=_example_request,
    )


def _opening(readers: Readers, pretended: Pretended, line: str, now: datetime) -> Opening:
    opening = readers.opening(line, now)
    holiday = opening.holiday if pretended.holiday is None else pretended.holiday
    is_open = opening.is_open if pretended.is_open is None else pretended.is_open
    if is_open:
        return Opening(is_open=True, holiday=holiday)
    next_open = opening.next_open or now + NEXT_MORNING
    return Opening(is_open=False, next_open=next_open, holiday=holiday)


def _example_request(number: str) -> RequestStatus | None:
    """Any number is an example's but one that ends in 0: so both answers can be heard."""
    if number.endswith("0"):
        return None
    service = {Language.EN: "Pothole", Language.ES: "Bache"}
    status = {Language.EN: "being worked on", Language.ES: "en proceso"}
    return RequestStatus(number, service, status)


def _spoken(action: Action) -> Iterator[dict[str, Any]]:
    for said in _parts(action):
        match said:
            case Say(text=text, language=language):
                yield {"language": language.value, "text": text, "recording": None}
            case PlayRecording(recording=recording, text=text, language=language):
                yield {"language": language.value, "text": text, "recording": recording}
            case _:
                continue


def _parts(action: Action) -> tuple[Spoken, ...]:
    match action:
        case Listen(prompt=prompt):
            return prompt
        case Say() | PlayRecording():
            return (action,)
        case _:
            return getattr(action, "sentence", ())


def _notes(turn: Turn) -> Iterator[dict[str, str]]:
    """What a page shows beside the words: where the call goes, what is done, what was understood."""
    last = turn.actions[-1]
    if isinstance(last, Handover):
        yield {"kind": "handover", "text": " ".join(_notes_of(last))}
    for effect in turn.effects:
        yield {"kind": "effect", "text": _plain(playing.line_of(effect))}
    for note in turn.journal:
        if note.kind in _READ:
            facts = ", ".join(f"{name} {value}" for name, value in note.data.items() if value)
            yield {"kind": "read", "text": f"{note.kind.replace('_', ' ')}: {facts}"}


def _notes_of(action: Action) -> Iterator[str]:
    if isinstance(action, Listen | GoOn):
        return
    lines = playing.lines_of(action)
    yield from (_plain(line) for line in lines if line.startswith("["))


def _plain(line: str) -> str:
    return line.strip("[] ")


def _claim(sent: Mapping[str, Any], name: str) -> bool | None:
    value = sent.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise UnusableError(f"The fact {name} is neither true nor false.", _AGAIN)


def _holiday(given: object) -> str | None:
    if given is None or isinstance(given, str):
        return None if given is None else given[:80]
    return "a holiday" if given is True else ""


def _count(given: object) -> int:
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 1000:
        raise UnusableError("The length of the line is no number from 0 to 1000.", _AGAIN)
    return given


def _moment(given: object, now: datetime) -> datetime:
    if given is None or given == "":
        return now
    try:
        moment = datetime.fromisoformat(str(given))
        if moment.tzinfo is None or abs((moment - now).days) > 3660:
            raise ValueError(given)
    except (ValueError, OverflowError):
        raise UnusableError(
            "The moment to pretend cannot be used.", "Write it like 2026-07-01T06:00:00-07:00."
        ) from None
    return moment
