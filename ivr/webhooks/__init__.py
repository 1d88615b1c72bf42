"""Everything that Twilio asks for, below /voice.

Each module adds its addresses to one blueprint; `blueprint` guards them all with the signature
and with a last answer for whatever goes wrong.
"""

from flask import Blueprint

from ivr.runtime import Runtime
from ivr.webhooks import (
    call_back,
    desk_telephone,
    fallback,
    human_line,
    incoming,
    line,
    line_message,
    recordings,
    rooms,
    texts,
    transfer,
    turn,
    voicemail,
    wish,
)
from ivr.webhooks.blueprint import guarded

__all__ = ["voice_blueprint"]

PARTS = (
    *(incoming, turn, fallback, human_line, line, line_message, rooms, desk_telephone),
    *(transfer, voicemail, recordings, call_back, wish, texts),
)


def voice_blueprint(runtime: Runtime) -> Blueprint:
    """The voice door: every address below /voice, guarded."""
    return guarded(runtime, [part.add_to for part in PARTS])
