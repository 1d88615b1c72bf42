"""A caller who was cut off and calls again: after the greeting, straight to the place that was kept.

The greeting with 911 comes first, and whatever its answer asked for (911, danger, a person, a goodbye)
goes before. Whatever is wrong with the database here, the menu goes on as for everybody.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from ivr import dropped_calls, waiting_line
from ivr.rules.actions import JoinLine, Listen, Say
from ivr.rules.menu import JournalNote, Pending, Turn
from ivr.rules.skills import GENERAL
from ivr.runtime import Runtime
from ivr.turns.asking import Known, asked
from models.states import Language, PriorityClass

GREETED = 1
"""The step at which the answer to the greeting comes."""
WHY = "their place was kept"


def welcomed_back(runtime: Runtime, known: Known, step: int, then: Turn) -> Turn:
    """The turn, or the way into the line for whom a place is kept there."""
    if step != GREETED or known.number is None or not _goes_on(then):
        return then
    call_id = known.call_id
    language = asked(runtime, lambda session: _language_of_kept(runtime, session, call_id), None)
    if language is None:
        return then
    chosen = then.state.language if then.state.language_chosen else language
    sentence = Say(runtime.city.sentences.say("line_place_kept", chosen), chosen)
    state = replace(then.state, ended="line", language=chosen, language_chosen=True)
    note = JournalNote("line_chosen", {"priority": PriorityClass.RETURNING.value, "why": WHY})
    return replace(
        then,
        state=state,
        actions=(JoinLine(PriorityClass.ORDINARY, GENERAL, (sentence,)),),
        journal=(*then.journal, note),
    )


def _goes_on(then: Turn) -> bool:
    """The menu would only ask on, and nothing that was said is a sign of danger."""
    state = then.state
    quiet = state.pending is Pending.NONE and state.emergency.rank == 0
    return quiet and isinstance(then.actions[-1], Listen)


def _language_of_kept(runtime: Runtime, session: Session, call_id: str) -> Language | None:
    """The language of the place that is kept, None where none is, or nobody is there to answer."""
    kept = dropped_calls.kept_for(session, call_id, runtime.clock())
    if kept is None or not waiting_line.is_staffed(session):
        return None
    return kept.entry.language
