"""The first turn: a call rings, and becomes a row with its greeting.

911 skips the menu, whether it calls back or hands a caller over: whoever rings from an answering
point's number or on 911's trunk goes to the line at once, before ordinary calls.
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace

from ivr.rules import menu
from ivr.rules.actions import JoinLine, Say
from ivr.rules.menu import CallerInput, JournalNote
from ivr.runtime import Runtime
from ivr.turns.asking import Known, readers_for
from ivr.turns.caller import Caller, Ringing
from ivr.turns.leaving import Leaving
from ivr.turns.recording import change_of, rows_of
from ivr.turns.taking import spoken, to_step
from ivr.turns.writing import Unit, commit, once_more, turn_connection
from models.contact_fields import ContactField
from models.states import Origin, PriorityClass
from models.turn_store import Fact, NewCall, TurnKey

FIRST_STEP = 0


def open_call(runtime: Runtime, ringing: Ringing) -> bytes:
    """Write the call and greet; a repeated first webhook gets the first one's bytes.

    Raises:
        UnknownCallError: no menu was ever published.
        whatever the database raises.
    """
    unit = _first(runtime, ringing)

    def once(again: bool) -> bytes | None:  # noqa: FBT001 - `once_more` says which time it is
        with turn_connection(runtime) as connection:
            return commit(runtime, connection, unit, again=again)

    answer = once_more(runtime, once)
    return to_step(runtime, ringing.call_sid, FIRST_STEP + 1) if answer is None else answer


def _first(runtime: Runtime, ringing: Ringing) -> Unit:
    publication, graph = _menu(runtime, ringing)
    caller = Caller.of(ringing.call_sid)
    now, before = runtime.clock(), menu.begin(graph)
    readers = readers_for(runtime, Known(caller.call_id, ringing.caller_number))
    then = menu.answer(graph, before, CallerInput(silent=True), now, readers)
    origin = _origin(runtime, ringing)
    if origin is Origin.TRANSFER_IN:
        then = _past_the_menu(runtime, before)
    change = change_of(before, then, now, ringing.call_token, graph)
    return Unit(
        caller=caller,
        key=TurnKey(ringing.call_sid, FIRST_STEP),
        change=replace(change, facts=(*_ringing_facts(origin), *change.facts)),
        journal=rows_of(_noted(then, ringing, origin, publication), runtime.new_id),
        answer=spoken(runtime, caller, then, FIRST_STEP + 1),
        ending=then.actions[-1],
        language=then.state.language,
        leaving=Leaving(then.effects, ringing.caller_number),
        new=_row(caller, ringing, origin, publication),
    )


def _menu(runtime: Runtime, ringing: Ringing) -> tuple[str, menu.Graph]:
    """The live menu; for a call to the trial number the draft that is being tried, if one is."""
    trial_number = runtime.city.trial_number
    tried = (
        runtime.menus.trial() if trial_number and ringing.dialled_number == trial_number else None
    )
    return tried or runtime.menus.live()


def _row(caller: Caller, ringing: Ringing, origin: Origin, publication: str) -> NewCall:
    return NewCall(
        call_id=caller.call_id,
        origin=origin,
        caller_number=ringing.caller_number,
        number_presentation=ringing.presentation,
        dialled_number=ringing.dialled_number,
        stir_verstat=ringing.stir_verstat,
        menu_publication_id=publication,
    )


def _origin(runtime: Runtime, ringing: Ringing) -> Origin:
    """Where the contact comes from; 3-1-1 itself reaches us as the line's number."""
    if ringing.caller_number and ringing.caller_number in _answering_points(runtime):
        return Origin.TRANSFER_IN
    if _came_by_trunk(runtime, ringing):
        return Origin.TRANSFER_IN
    if ringing.dialled_number == runtime.city.line_number:
        return Origin.LINE_311
    return Origin.TEN_DIGIT


def _came_by_trunk(runtime: Runtime, ringing: Ringing) -> bool:
    """911 hands a caller over: known by the number that only 911 rings, or its trunk's secret.

    Never by the number shown, which is mostly the caller's own.
    """
    secret = runtime.city.trunk_header
    has_secret = bool(secret) and hmac.compare_digest(
        secret.encode(), ringing.trunk_header.encode()
    )
    return has_secret or ringing.dialled_number in runtime.city.trunks


def _answering_points(runtime: Runtime) -> set[str]:
    return {point.number for points in runtime.city.destinations.values() for point in points}


def _past_the_menu(runtime: Runtime, before: menu.MenuState) -> menu.Turn:
    """911 is calling: no menu, a person before ordinary callers."""
    sentence = Say(runtime.city.sentences.say("line_welcome", before.language), before.language)
    return menu.Turn(
        replace(before, ended="line"),
        (JoinLine(PriorityClass.FROM_911, "general", (sentence,)),),
        (JournalNote("line_chosen", {"why": "911 is calling"}),),
    )


def _noted(then: menu.Turn, ringing: Ringing, origin: Origin, publication: str) -> menu.Turn:
    """Begin the journal with the ring itself; the number stands only in its sealed column."""
    rang = JournalNote(
        "call_rang",
        {
            "origin": origin.value,
            "presentation": ringing.presentation.value,
            "stir_verstat": ringing.stir_verstat,
            "menu_publication_id": publication,
        },
    )
    return replace(then, journal=(rang, *then.journal))


def _ringing_facts(origin: Origin) -> Sequence[Fact]:
    return (Fact(ContactField.RINGING, None), Fact(ContactField.ORIGIN, origin.value))
