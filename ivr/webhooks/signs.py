"""Signs of danger in what a waiting caller says: read, and kept for the case that they are cut off."""

import structlog

from ivr import lost_callers
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from models.states import EmergencyLevel, Language

log = structlog.get_logger(__name__)


def read(runtime: Runtime, said: CallerInput, language: Language | None) -> EmergencyLevel:
    """The most urgent reading of the words, in every language when theirs is not known."""
    if not said.speech:
        return EmergencyLevel.NONE
    languages = [language] if language else list(runtime.city.languages)
    readings = [runtime.readers.emergency(said.speech, one) for one in languages]
    return max(readings, key=lambda reading: reading.rank).level


def keep(runtime: Runtime, call_sid: str, level: EmergencyLevel) -> None:
    """Keep that danger was read. The question about it comes whatever becomes of this."""
    if level is EmergencyLevel.NONE:
        return
    try:
        lost_callers.keep_sign(runtime, call_sid, level)
    except Exception:  # whatever the database raises
        log.exception("sign_of_danger_not_kept", call_sid=call_sid)
