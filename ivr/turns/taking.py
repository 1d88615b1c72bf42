"""One numbered step of a call: load, decide, save, speak.

A step that was answered before gets the same bytes and has no effect; a step out of its life is
sent to the awaited one. Errors of the database leave this module as they are: the door turns them
into the safe menu.
"""

from dataclasses import dataclass

from ivr.errors import UnknownCallError
from ivr.rules import menu
from ivr.rules.actions import (
    Action,
    CallMeBack,
    Escalate,
    Goodbye,
    GoOn,
    RingHumanLine,
    Say,
)
from ivr.rules.menu import CallerInput, MenuState, Pending
from ivr.runtime import Runtime
from ivr.safe_menu import may_mean_911
from ivr.turns.asking import known_caller, readers_for
from ivr.turns.caller import Caller
from ivr.turns.leaving import Leaving, LeftMessage
from ivr.turns.recording import change_of, rows_of
from ivr.turns.returning import welcomed_back
from ivr.turns.speaking import NextStep, enter_room, join_line, written
from ivr.turns.writing import Unit, commit, escalate, once_more, turn_connection
from ivr.twiml import Document
from models.states import CallPhase, EscalationCause, Language
from models.turn_store import Connection, Turn, TurnKey


@dataclass(frozen=True, slots=True)
class Come:
    """What came with a step beside the caller's input: the leg's newest token, a message left."""

    call_token: str | None = None
    message: LeftMessage | None = None


NOTHING_MORE = Come()


def take(runtime: Runtime, key: TurnKey, heard: CallerInput, come: Come = NOTHING_MORE) -> bytes:
    """Answer one step of a call.

    Raises:
        UnknownCallError: we never saw this call begin.
        whatever the database raises: it is away, or the row is held by another request.
    """

    def once(again: bool) -> bytes:  # noqa: FBT001 - `once_more` says which time it is
        with turn_connection(runtime) as connection:
            turn = runtime.turns.load(connection, key)
            if turn is None:
                raise UnknownCallError(f"no call {key.call_sid}")
            if turn.answer is not None:
                return _same_again(runtime, key, heard, turn, turn.answer, again=again)
            if turn.phase is not CallPhase.MENU:
                return _elsewhere(runtime, key, turn, heard)
            if turn.step != key.step:
                return to_step(runtime, key.call_sid, turn.step)
            return _answered(runtime, connection, key, turn, heard, come, again=again)

    return once_more(runtime, once)


def to_step(runtime: Runtime, call_sid: str, step: int) -> bytes:
    """A document that goes to a numbered step."""
    return (
        Document(runtime.city.languages).redirect(runtime.addresses.turn(call_sid, step)).written()
    )


def _answered(
    runtime: Runtime,
    connection: Connection,
    key: TurnKey,
    turn: Turn,
    heard: CallerInput,
    come: Come,
    *,
    again: bool,
) -> bytes:
    """Decide in memory and commit."""
    if turn.state is None or turn.menu_publication_id is None:
        raise UnknownCallError(f"call {key.call_sid} never entered the menu")
    graph = runtime.menus.pinned(turn.menu_publication_id)
    before, now = MenuState.from_json(turn.state), runtime.clock()
    known = known_caller(runtime, turn.call_id, turn.caller_number)
    then = menu.answer(graph, before, heard, now, readers_for(runtime, known))
    then = welcomed_back(runtime, known, key.step, then)
    caller = Caller(key.call_sid, turn.call_id)
    unit = Unit(
        caller=caller,
        key=key,
        change=change_of(before, then, now, come.call_token, graph),
        journal=rows_of(then, runtime.new_id),
        answer=spoken(runtime, caller, then, key.step + 1),
        ending=then.actions[-1],
        language=then.state.language,
        leaving=Leaving(then.effects, known.number, come.message),
    )
    answer = commit(runtime, connection, unit, again=again)
    return to_step(runtime, key.call_sid, key.step) if answer is None else answer


def spoken(runtime: Runtime, caller: Caller, then: menu.Turn, step: int) -> bytes:
    """The turn's document. A question about danger is named in the address of its answer.

    So its silence still means what it must when the database is lost before the answer comes.
    """
    next_at = runtime.addresses.turn(caller.call_sid, step)
    if then.state.pending is not Pending.NONE:
        asked = then.state.pending.value
        next_at = runtime.addresses.voice(f"/voice/t/{caller.call_sid}/{step}/{asked}")
    here, actions = NextStep(step, next_at), then.actions
    if isinstance(actions[-1], Goodbye) and any(isinstance(e, CallMeBack) for e in then.effects):
        # Before the goodbye they say where they can be reached, and are told when.
        here = NextStep(step, runtime.addresses.wish(caller.call_sid, "nothing"))
        actions = (*actions[:-1], *actions[-1].sentence, GoOn())
    return written(runtime, caller, actions, here, then.state.language)


def _same_again(
    runtime: Runtime,
    key: TurnKey,
    heard: CallerInput,
    turn: Turn,
    answer: bytes,
    *,
    again: bool,
) -> bytes:
    """The stored bytes. After a cut connection the turn may be ours, with its dial still to come.

    The escalation's id is the step's, so that it stays one whoever else sets it going.
    """
    if again and turn.phase is CallPhase.ROOM:
        cause = EscalationCause.KEY if may_mean_911(heard.digits or "") else EscalationCause.WORDS
        escalate(runtime, Caller(key.call_sid, turn.call_id), cause, str(key.step))
    return answer


def _elsewhere(runtime: Runtime, key: TurnKey, turn: Turn, heard: CallerInput) -> bytes:
    """A step that comes when the call has left the menu: back to where the call is.

    Nothing is written. 9 still dials while the call lives; after its end a request has no effect
    here, and a leg that is alive all the same reaches a person.
    """
    caller = Caller(key.call_sid, turn.call_id)
    document = Document(runtime.city.languages)
    if turn.phase is CallPhase.ENDED:
        return _human_line(runtime, caller, turn.language)
    if may_mean_911(heard.digits or ""):
        escalate(runtime, caller, EscalationCause.KEY, str(key.step))
        sentence = _say(runtime, "connecting_911", turn.language)
        return written(runtime, caller, [Escalate(EscalationCause.KEY, sentence)])
    if turn.phase is CallPhase.LINE:
        return join_line(document, runtime, caller).written()
    if turn.phase is CallPhase.ROOM:
        return enter_room(document, runtime, caller).written()
    return _human_line(runtime, caller, turn.language)


def _human_line(runtime: Runtime, caller: Caller, language: Language | None) -> bytes:
    ending: Action = RingHumanLine(_say(runtime, "human_line_ringing", language))
    return written(runtime, caller, [ending])


def _say(runtime: Runtime, key: str, language: Language | None) -> tuple[Say, ...]:
    """A sentence in the caller's language, in all of them while it is not known."""
    languages = [language] if language else list(runtime.city.languages)
    return tuple(Say(runtime.city.sentences.say(key, one), one) for one in languages)
