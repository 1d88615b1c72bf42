"""What TwiML allows: verbs, attributes, values and nesting, with Twilio's number for each refusal.

A table, kept apart from the parser so that it can be read. Sources: Twilio's TwiML reference and
its error dictionary; where that gives no number of its own, 12200 (schema) stands.
Stricter than Twilio in one thing: what Twilio only warns of is refused, so that it is seen.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SCHEMA = 12200
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){1,2}")
KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values of an attribute, and the number of the refusal of any other."""

    fits: Callable[[str], bool]
    code: int = SCHEMA


@dataclass(frozen=True, slots=True)
class VerbRule:
    """What an element may carry: attributes, elements within, and text (with its longest length)."""

    attributes: Mapping[str, Allowed]
    children: frozenset[str] = frozenset()
    longest_text: int = 0
    needs_text: bool = False
    text_code: int = SCHEMA
    child_code: int = SCHEMA
    required: frozenset[str] = field(default_factory=frozenset)


def whole(lowest: int, highest: int) -> Callable[[str], bool]:
    """Whole numbers of a range."""
    return lambda value: bool(re.fullmatch(r"\d{1,7}", value)) and lowest <= int(value) <= highest


def one_of(*values: str) -> Callable[[str], bool]:
    """Some words, capital letters or not."""
    return lambda value: value.lower() in values


def words_of(*values: str) -> Callable[[str], bool]:
    """Several of some words, with blanks between."""
    return lambda value: bool(value.split()) and set(value.split()) <= set(values)


def is_any(value: str) -> bool:
    """Any text but none."""
    return bool(value.strip())


def is_address(value: str) -> bool:
    """An absolute http URL or one relative to the document; no blanks."""
    return (
        bool(value)
        and not re.search(r"\s", value)
        and (":" not in value.split("/")[0] or value.startswith("http"))
    )


def is_address_or_empty(value: str) -> bool:
    """An address, or empty for none."""
    return not value or is_address(value)


def _hints(value: str) -> bool:
    phrases = value.split(",")
    return len(phrases) <= 500 and all(len(phrase.strip()) <= 100 for phrase in phrases)


def _seconds_or_auto(value: str) -> bool:
    return value == "auto" or whole(1, 600)(value)


TRUTH = one_of("true", "false")
FLAG = Allowed(TRUTH)
TEXT = Allowed(is_any)
WHERE = Allowed(is_address)
METHOD = one_of("get", "post")
HOW = Allowed(METHOD)
LANGUAGE = Allowed(lambda value: bool(LOCALE.fullmatch(value)))
CALL_EVENTS = Allowed(words_of("initiated", "ringing", "answered", "completed"))
ROOM_EVENTS = Allowed(
    words_of("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
)
RECORD = Allowed(
    one_of(
        "true", "false", "do-not-record", "record-from-answer", "record-from-ringing", "record-from-start",
        "record-from-answer-dual", "record-from-ringing-dual",
    )
)  # fmt: skip
RECORDING = {
    "recordingStatusCallback": WHERE,
    "recordingStatusCallbackMethod": HOW,
    "recordingStatusCallbackEvent": Allowed(words_of("in-progress", "completed", "absent")),
    "trim": Allowed(one_of("trim-silence", "do-not-trim")),
    "recordingTrack": Allowed(one_of("inbound", "outbound", "both")),
}
PROGRESS = {
    "statusCallback": WHERE,
    "statusCallbackEvent": CALL_EVENTS,
    "statusCallbackMethod": HOW,
}
SSML = frozenset(
    {"break", "emphasis", "p", "s", "say-as", "prosody", "phoneme", "lang", "sub", "w"}
)
MACHINE = dict.fromkeys(("machineDetection", "amdStatusCallback", "amdStatusCallbackMethod"), TEXT)

TOP_VERBS = frozenset(
    {
        "Say",
        "Play",
        "Pause",
        "Gather",
        "Enqueue",
        "Leave",
        "Dial",
        "Record",
        "Redirect",
        "Reject",
        "Hangup",
    }
)
WAITING_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})
QUEUE_VERBS = WAITING_VERBS | {"Hangup", "Leave", "Gather"}

RULES: Mapping[str, VerbRule] = {
    "Response": VerbRule({}, TOP_VERBS),
    "Say": VerbRule(
        {"voice": Allowed(is_any, 13511), "language": LANGUAGE, "loop": Allowed(whole(0, 1000), 13510)},
        SSML, 4096, needs_text=True, text_code=13520,
    ),
    "Play": VerbRule(
        {"loop": Allowed(whole(0, 1000), 13410), "digits": Allowed(lambda v: bool(re.fullmatch(r"[0-9*#wW]+", v)))},
        longest_text=4000,
    ),
    "Pause": VerbRule({"length": Allowed(whole(1, 600))}),
    "Leave": VerbRule({}),
    "Hangup": VerbRule({}),
    "Reject": VerbRule({"reason": Allowed(one_of("rejected", "busy"))}),
    "Redirect": VerbRule({"method": Allowed(METHOD, 13710)}, longest_text=4000, needs_text=True),
    "Gather": VerbRule(
        {
            "input": Allowed(words_of("dtmf", "speech")), "action": WHERE, "method": Allowed(METHOD, 13312),
            "timeout": Allowed(_seconds_or_auto, 13313), "speechTimeout": Allowed(_seconds_or_auto, 13327),
            "numDigits": Allowed(whole(1, 1000), 13314), "language": LANGUAGE, "hints": Allowed(_hints),
            "finishOnKey": Allowed(lambda value: not value or (len(value) == 1 and value in KEYS), 13310),
            "actionOnEmptyResult": Allowed(TRUTH, 13338), "profanityFilter": FLAG, "enhanced": FLAG,
            "speechModel": TEXT, "partialResultCallback": WHERE, "partialResultCallbackMethod": HOW,
            "bargeIn": FLAG, "dtmfDetection": FLAG, "debug": FLAG,
        },
        frozenset({"Say", "Play", "Pause"}), child_code=13320,
    ),
    "Enqueue": VerbRule(
        {"action": WHERE, "method": HOW, "waitUrl": Allowed(is_address_or_empty), "waitUrlMethod": HOW, "maxQueueSize": Allowed(whole(1, 5000))},
        longest_text=64, needs_text=True,
    ),
    "Record": VerbRule(
        {
            "action": WHERE, "method": Allowed(METHOD, 13610), "timeout": Allowed(whole(1, 600), 13611),
            "maxLength": Allowed(whole(1, 14_400), 13612), "playBeep": Allowed(TRUTH, 13616),
            "finishOnKey": Allowed(lambda value: set(value) <= KEYS, 13613),
            "transcribe": Allowed(TRUTH, 13614), "transcribeCallback": Allowed(is_address, 13257), **RECORDING,
        },
    ),
    "Dial": VerbRule(
        {
            "action": WHERE, "method": Allowed(METHOD, 13210), "timeout": Allowed(whole(5, 600), 13212),
            "hangupOnStar": Allowed(TRUTH, 13213), "callerId": Allowed(is_any, 13214), "record": RECORD,
            "timeLimit": Allowed(whole(1, 86_400), 13216), "answerOnBridge": FLAG, "ringTone": TEXT,
            "referUrl": WHERE, "sequential": FLAG, "callReason": TEXT, **RECORDING,
        },
        frozenset({"Number", "Client", "Conference", "Queue"}), longest_text=64, child_code=13215,
    ),
    "Number": VerbRule(
        {
            "url": WHERE, "method": Allowed(METHOD, 13221), "byoc": TEXT,
            "sendDigits": Allowed(lambda value: bool(re.fullmatch(r"[0-9*#wW]+", value)), 13222), **PROGRESS, **MACHINE,
        },
        longest_text=64, needs_text=True, text_code=13223,
    ),
    "Client": VerbRule({"url": WHERE, "method": HOW, **PROGRESS}, frozenset({"Identity", "Parameter"}), 121),
    "Identity": VerbRule({}, longest_text=121, needs_text=True),
    "Parameter": VerbRule({"name": TEXT, "value": Allowed(lambda _value: True)}, required=frozenset({"name"})),
    "Queue": VerbRule(
        {"url": WHERE, "method": HOW, "reservationSid": TEXT, "postWorkActivitySid": TEXT}, longest_text=64, needs_text=True
    ),
    "Conference": VerbRule(
        {
            "muted": Allowed(TRUTH, 13230), "endConferenceOnExit": Allowed(TRUTH, 13231),
            "startConferenceOnEnter": Allowed(TRUTH, 13232), "waitUrl": Allowed(is_address_or_empty, 13233),
            "waitMethod": Allowed(METHOD, 13234), "beep": Allowed(one_of("true", "false", "onenter", "onexit"), 13235),
            "participantLabel": Allowed(lambda value: 0 < len(value) <= 128), "maxParticipants": Allowed(whole(2, 250)),
            "coach": TEXT, "record": RECORD, "region": TEXT, "jitterBufferSize": Allowed(one_of("large", "medium", "small", "off")),
            "statusCallback": WHERE, "statusCallbackMethod": HOW, "statusCallbackEvent": ROOM_EVENTS,
            "eventCallbackUrl": WHERE, **RECORDING,
        },
        longest_text=128, needs_text=True, text_code=13237,
    ),
}  # fmt: skip
