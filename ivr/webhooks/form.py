"""What Twilio posts, as plain clean values: nothing behind this door sees a form.

A field may be missing, huge, of another kind or hold characters that no database takes; each
reader gives a value that fits its column, or the empty one. Never raises on what a form holds.
"""

import re
from math import isfinite
from urllib.parse import unquote_plus

import phonenumbers
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from ivr.errors import UnknownCallError
from ivr.rules.menu import CallerInput
from ivr.rules.menu_state import Event
from ivr.turns.caller import Ringing
from ivr.turns.leaving import LeftMessage
from models.states import NumberPresentation

WORDS_LENGTH = 1_000
TOKEN_LENGTH = 4_096
COLUMN_LENGTH = 64
DIGITS_LENGTH = 32
MOST_STEPS = 9_999
SHORTEST_MESSAGE_SECONDS = 2
"""What is shorter is a key pressed at the tone, or a breath."""
RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
_SECONDS = re.compile(r"[0-9]{1,5}")
HEX = re.compile(r"[0-9a-f]{32}")
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_KEYS = re.compile(r"[^0-9*#]")
_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE as keys: Twilio's numbers for no number."""

Form = MultiDict[str, str]


def hex_id(text: str) -> str:
    """An id of ours in an address.

    Raises:
        UnknownCallError: it is none.
    """
    if not HEX.fullmatch(text):
        raise UnknownCallError("not an id of ours")
    return text


def parsed(body: bytes) -> ImmutableMultiDict[str, str]:
    """A urlencoded body as its fields, blank ones and repeats included.

    Twenty fields come with every turn and most hold nothing to decode: this costs a tenth of the
    general parser, a tenth of the whole turn. What is no UTF-8 becomes a replacement character.
    """
    parts = (part.partition("=") for part in body.decode(errors="replace").split("&") if part)
    return ImmutableMultiDict([(_decoded(name), _decoded(value)) for name, _, value in parts])


def _decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_plus(text, errors="replace")


def field(form: Form, name: str, length: int = COLUMN_LENGTH) -> str:
    """One field without control characters, cut to `length`; "" when it is missing."""
    return _UNWANTED.sub(" ", form.get(name, "")[: 2 * length]).strip()[:length]


def call_sid(form: Form) -> str | None:
    """The CallSid, or None when it is not one."""
    sid = form.get("CallSid", "")
    return sid if CALL_SID.fullmatch(sid) else None


def require_place(sid: str, step: int) -> None:
    """Refuse what a path of ours never holds; no database would take it.

    Raises:
        UnknownCallError: not a CallSid, or a step no call can reach.
    """
    if not CALL_SID.fullmatch(sid) or step > MOST_STEPS:
        raise UnknownCallError("no such place in a call")


def left_message(form: Form) -> LeftMessage | None:
    """The recording that has just ended, None when there is none or it is too short to be one."""
    sid, seconds = form.get("RecordingSid"), form.get("RecordingDuration")
    if not sid or not seconds:
        return None
    if not RECORDING_SID.fullmatch(sid) or not _SECONDS.fullmatch(seconds):
        return None
    return LeftMessage(sid, int(seconds)) if int(seconds) >= SHORTEST_MESSAGE_SECONDS else None


def caller_input(form: Form) -> CallerInput:
    """What the caller did: keys, words, or nothing (`silent`); a message that ended is an event."""
    digits = _KEYS.sub("", form.get("Digits", "")[:DIGITS_LENGTH])
    speech = field(form, "SpeechResult", WORDS_LENGTH)
    return CallerInput(
        digits=digits or None,
        speech=speech or None,
        confidence=_confidence(form.get("Confidence", "")) if speech else None,
        silent=not (digits or speech),
        event=Event.RECORDED if left_message(form) else "",
    )


def talked(form: Form) -> bool:
    """Two people talked: Twilio's word for it, and where it is missing, that the dial completed."""
    bridged = form.get("DialBridged", "")
    return bridged == "true" or (bridged != "false" and form.get("DialCallStatus") == "completed")


def ringing(form: Form, sid: str) -> Ringing:
    """A call that rings."""
    number, presentation = number_of(form.get("From", ""))
    dialled, _ = number_of(form.get("To", ""))
    return Ringing(
        call_sid=sid,
        caller_number=number,
        presentation=presentation,
        dialled_number=dialled or field(form, "To"),
        stir_verstat=field(form, "StirVerstat") or None,
        call_token=call_token(form),
        trunk_header=field(form, "SipHeader_X-Trunk-Secret"),
    )


def call_token(form: Form) -> str | None:
    """The newest CallToken of the leg, with which 911 may be shown the caller's own number."""
    return field(form, "CallToken", TOKEN_LENGTH) or None


def number_of(text: str) -> tuple[str | None, NumberPresentation]:
    """E.164 and how it was given; None where no telephone number is shown."""
    text = text.strip()[:COLUMN_LENGTH]
    if text.startswith("client:"):
        return None, NumberPresentation.CLIENT
    if text.startswith(("sip:", "sips:")):
        return None, NumberPresentation.SIP
    if text.removeprefix("+") in _WITHHELD:
        return None, NumberPresentation.WITHHELD
    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None, NumberPresentation.WITHHELD
    if not phonenumbers.is_possible_number(parsed):
        return None, NumberPresentation.WITHHELD
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164, NumberPresentation.GIVEN


def _confidence(text: str) -> float | None:
    try:
        value = float(text[:COLUMN_LENGTH])
    except ValueError:
        return None
    return value if isfinite(value) and 0.0 <= value <= 1.0 else None
