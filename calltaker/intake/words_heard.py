"""What a caller's own words in a protocol say: a danger, and what they may be calling about.

The line's own readers read them, in both languages: a call-taker may write either. They suggest and
open the panel; they never decide.
"""

from typing import Any

from calltaker.intake.protocol_sessions import Run
from ivr.rules.menu_state import Readers
from models.states import EmergencyLevel, Language
from protocols.conditions import WITHHELD
from protocols.script import QuestionKind


def dangers(readers: Readers, run: Run) -> list[dict[str, Any]]:
    """List the answers in free words that sound like a danger, with how sure that is."""
    found = []
    for question, text in _said(run):
        readings = [readers.emergency(text, language) for language in Language]
        surest = max(readings, key=lambda reading: reading.rank)
        if surest.level is not EmergencyLevel.NONE:
            found.append({"question": question, "text": text, "level": surest.level.value})
    return found


def intent(readers: Readers, run: Run) -> str | None:
    """Say what the newest answer in free words is about, None where no kind of request is close."""
    said = _said(run)
    if not said:
        return None
    heard = [readers.intent(said[-1][1], language) for language in Language]
    return max(heard, key=lambda one: one.confidence).intent or None


def _said(run: Run) -> list[tuple[str, str]]:
    """The questions answered in free words, on the path or off it, with the words."""
    return [
        (name, value)
        for name, value in run.session.answers.items()
        if run.protocol.question_by_id[name].kind is QuestionKind.TEXT
        and isinstance(value, str)
        and value not in WITHHELD
    ]
