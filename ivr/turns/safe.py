"""Answers when the database, the menu or our own code has failed: nothing here can fail with them.

The input that met the fault is not lost: 9, 911 and words of danger in it are answered at once.
"""

from collections.abc import Sequence

from ivr.rules.actions import Escalate, Say
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.safe_menu import SafeMenu, Stage
from ivr.turns.caller import Caller
from ivr.turns.speaking import NextStep, ring_human_line, written
from ivr.turns.writing import escalate
from ivr.twiml import Document
from models.states import Language

HUMAN_LINE_TRIES = 5
"""Rings of the staffed number outside before the line must let the caller go."""


def answer(runtime: Runtime, call_sid: str, step: int, stage: Stage, heard: CallerInput) -> bytes:
    """Answer from the safe menu; `step` is the one that met the fault.

    An escalation has the id that the step's own would have had, so that both are one.
    """
    caller, then = Caller.of(call_sid), _menu(runtime).answer(stage, heard)
    if isinstance(then.action, Escalate):
        escalate(runtime, caller, then.action.cause, str(step))
    next_at = runtime.addresses.voice(f"/voice/safe/{call_sid}/{step}/{then.stage.value}")
    return written(runtime, caller, [then.action], NextStep(step, next_at))


def speaks_of_danger(runtime: Runtime, heard: CallerInput) -> bool:
    """Say whether an input must not be asked for again: it may be the only one there is."""
    return _menu(runtime).hears_danger(heard)


def human_line(runtime: Runtime, call_sid: str) -> bytes:
    """Say that there is trouble and ring the staffed line."""
    document = Document(runtime.city.languages)
    document.say(*everywhere(runtime, "technical_trouble_human_line"))
    return ring_human_line(document, runtime, call_sid).written()


def farewell(runtime: Runtime) -> bytes:
    """A sentence and goodbye, for a leg that no resident is on."""
    document = Document(runtime.city.languages)
    return document.say(*everywhere(runtime, "goodbye")).hang_up().written()


def patience(runtime: Runtime, here: str) -> bytes:
    """A sentence, then the same address again: for documents that play while somebody waits.

    Only verbs that a queue's and a room's waiting document may hold.
    """
    document = Document(runtime.city.languages)
    return document.say(*everywhere(runtime, "one_moment")).redirect(here).written()


def everywhere(
    runtime: Runtime, key: str, languages: Sequence[Language] | None = None
) -> tuple[Say, ...]:
    """A sentence in every language, or in those given."""
    chosen = languages or tuple(runtime.city.languages)
    return tuple(Say(runtime.city.sentences.say(key, one), one) for one in chosen)


def _menu(runtime: Runtime) -> SafeMenu:
    city = runtime.city
    return SafeMenu(city.sentences.say, tuple(city.languages), runtime.readers.emergency)
