"""`/voice/texts`: a text message to the line's number; one that cancels a call-back does so.

Nothing in it is kept or logged. Whoever asks for something else is told, at most once an hour and
number, whom to call: the line reads no texts.
"""

import re

import structlog
from flask import Blueprint, Response, request

from ivr import call_back_dial, record
from ivr.rules.calling_back import CARRIERS_WORDS, first_word, is_cancelling
from ivr.runtime import Runtime
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from models.states import Language, NumberPresentation

log = structlog.get_logger(__name__)

MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
BODY_LENGTH = 1_600
"""What Twilio passes on at most."""


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""

    @voice.post("/texts")
    def texts() -> Response:
        return Response(_answer(runtime), content_type=CONTENT_TYPE)


def _answer(runtime: Runtime) -> bytes:
    document = Document(runtime.city.languages)
    sid = request.form.get("MessageSid", "")
    number, presentation = form.number_of(request.form.get("From", ""))
    body = form.field(request.form, "Body", BODY_LENGTH)
    if not MESSAGE_SID.fullmatch(sid) or number is None:
        return document.written()
    if presentation is not NumberPresentation.GIVEN:
        return document.written()
    if not is_cancelling(body):
        return _told(document, runtime, number)
    language = call_back_dial.cancel(runtime, number)
    if language is None or first_word(body) in CARRIERS_WORDS:
        return (
            document.written()
        )  # the carrier itself confirms these words, and lets no reply through
    return document.text(runtime.city.sentences.say("call_back_text_cancelled", language)).written()


def _told(document: Document, runtime: Runtime, number: str) -> bytes:
    now = runtime.clock()
    key = f"text-told:{runtime.keyring.blind_index(number)[:40]}:{now:%j%H}"
    with runtime.sessions() as session:
        first = record.is_first(session, key, now)
        session.commit()
    if first:
        say = runtime.city.sentences.say
        document.text(" / ".join(say("text_unread", one) for one in Language))
    return document.written()
