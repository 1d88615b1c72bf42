"""Menus made for tests: one with every kind of node, and generated ones of any shape."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.hours import Opening
from ivr.rules.menu import (
    CallerInput,
    Graph,
    MenuState,
    Readers,
    Turn,
    answer,
    begin,
    compile_graph,
)
from ivr.rules.menu_state import RequestStatus
from models.states import EmergencyLevel, Language

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SILENCE = CallerInput(silent=True)
RECORDING = "ab" * 32
NUMBER = "12345678"
INTENTS = ("pothole", "streetlight", "human")


def text(english: str, spanish: str = "") -> dict[str, str]:
    return {"en": english, "es": spanish or f"ES {english}"}


def prompt(english: str, **fields: Any) -> dict[str, Any]:
    again = [text(f"{english} Once more."), text(f"{english} A last time.")]
    return {"text": text(english), "reprompts": again} | fields


def option(key: str, word: str = "", **fields: Any) -> dict[str, Any]:
    words = {"en": [word or f"word{key}"], "es": [f"palabra{word or key}"]}
    return {"key": key, "words": words} | fields


SENTENCES = {
    "escalation_confirm": text("Connecting you to 911. If not, say no."),
    "danger_question": text("Is anyone in danger?"),
    "connecting_911": text("Connecting you to 911 now."),
    "to_a_person": text("To a person."),
    "text_sent": text("I am texting it to you."),
    "text_not_sent": text("I cannot text your number."),
}


def language_node(follow: str, opening: str) -> dict[str, Any]:
    return {
        "kind": "language",
        "greeting": [{"language": "en", "text": "Hello."}, {"language": "es", "text": "Hola."}],
        "options": [
            {"language": "en", "key": "1", "words": ["english"], "text": "English, 1."},
            {"language": "es", "key": "2", "words": ["español"], "text": "Español, 2."},
        ],
        "reprompts": [text("Language?"), text("Which language?")],
        "next": follow,
        "opening": opening,
    }


def node_of(kind: str, a: str, b: str, c: str) -> dict[str, Any]:
    """A legal node of a kind that leads to three nodes."""
    fields: dict[str, dict[str, Any]] = {
        "say": {"text": text("Said."), "next": a},
        "choose": {"prompt": prompt("Choose."), "options": [option("1", next=a), option("2", next=b)]},
        "ask_intent": {
            "prompt": prompt("What?"),
            "options": [option("1", next=a, intent="pothole")],
            "next": b,
            "unclear": c,
        },
        "ask_location": {
            "prompt": prompt("Where?"),
            "options": [option("1", next=a)],
            "change": text("Where then?"),
            "next": b,
        },
        "location_link": {
            "text": text("I am sending a link."),
            "prompt": prompt("Open it."),
            "options": [option("1", next=a)],
            "next": b,
            "give_up": c,
            "declined": a,
        },
        "ask": {"name": "colour", "prompt": prompt("Which?"), "options": [option("1", next=a)], "next": b},
        "confirm": {"prompt": prompt("Is it {place}?"), "right": a, "change": b, "give_up": c},
        "confirm_intent": {
            "kind": "confirm",
            "of": "intent",
            "prompt": prompt("Is it {intent}?"),
            "right": a,
            "change": b,
            "give_up": c,
        },
        "confirm_answer": {
            "kind": "confirm",
            "of": "answer:colour",
            "prompt": prompt("Is it {answer}?"),
            "right": a,
            "change": b,
            "give_up": c,
        },
        "information": {
            "text": text("So it is."),
            "prompt": prompt("Repeat, text, or on?"),
            "options": [
                option("1", "repeat1", does="repeat"),
                option("2", does="text_me"),
                option("3", next=a),
            ],
            "source": "the city's page",
            "verified_on": None,
            "text_message": text("So it is, in writing."),
        },
        "status": {
            "prompt": prompt("Which number? 9 or 0 alone keep their meaning."),
            "found": text("Request {request_number}, {service}, is {status}."),
            "not_found": text("There is no {request_number}."),
            "next": a,
            "give_up": b,
        },
        "voicemail": {
            "text": text("After the tone."),
            "longest_seconds": 60,
            "thanks": text("Thank you."),
            "next": a,
        },
        "voicemail_last": {
            "kind": "voicemail",
            "text": text("After the tone. We open {opens_at}."),
            "thanks": text("Thank you."),
        },
        "call_back": {
            "prompt": prompt("Call you back at {number}?"),
            "options": [option("1", "one", does="call_back"), option("2", next=a)],
            "done": b,
            "declined": c,
        },
        "transfer": {"to": "parks", "text": text("To the parks."), "failed": a},
        "line": {"text": text("The line. About {wait}."), "priority": "ordinary", "skill": "general"},
        "emergency": {"text": text("911.")},
        "human_line": {"text": text("Outside.")},
        "goodbye": {"text": text("Goodbye. We open {opens_at}.")},
    }  # fmt: skip
    branches = {
        "language": {"en": a},
        "intent": {"pothole": a},
        "jurisdiction": {"tucson": a},
        "hours": {"open": a, "closed": b},
        "holiday": {"yes": a, "no": b},
        "caller": {"seen": a, "new": b},
        "line_length": {"0": a, "1-4": b, "5+": c},
        "switch": {"on": a, "off": b},
    }
    for by, cases in branches.items():
        more = {"switch": "storm"} if by == "switch" else {}
        fields[f"by_{by}"] = {"kind": "branch", "by": by, "cases": cases, "otherwise": c} | more
    return {"kind": kind} | fields[kind]


PLAIN = (
    "say", "choose", "ask_intent", "ask_location", "location_link", "ask", "confirm", "confirm_intent",
    "confirm_answer", "information", "status", "voicemail", "voicemail_last", "call_back",
    "transfer", "line", "emergency", "human_line", "goodbye", "by_language", "by_intent",
    "by_jurisdiction", "by_hours", "by_holiday", "by_caller", "by_line_length", "by_switch",
)  # fmt: skip
"""Every kind of node as `node_of` makes it, but for the greeting and sub-menus."""
SUB_KINDS = ("use", "greeting")
KINDS = PLAIN + SUB_KINDS


def document(nodes: dict[str, Any], start: str = "", **more: Any) -> dict[str, Any]:
    first = start or next(iter(nodes))
    return {"key": "menu", "start": first, "sentences": SENTENCES, "nodes": nodes} | more


def generated(kinds: Sequence[str], followers: Sequence[int], inner: Sequence[str] = ()) -> Graph:
    """A legal menu of any shape: followers anywhere, circles included; uses share one sub-menu."""
    nodes = _nodes(kinds, followers)
    sub = _nodes([kind for kind in inner if kind in PLAIN] or ["say"], followers)
    sub["back"] = {"kind": "return"}
    if sub["n0"]["kind"] == "say":
        sub["n0"]["next"] = "back"
    menus = {"shared": {"start": "n0", "nodes": sub}}
    return compile_graph(document(nodes, menus=menus))


def _nodes(kinds: Sequence[str], followers: Sequence[int]) -> dict[str, Any]:
    names = [f"n{i}" for i in range(len(kinds))]
    nodes = {}
    for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        a, b, c = (names[followers[(at + n) % len(followers)] % len(names)] for n in range(3))
        if kind == "use":
            nodes[name] = {"kind": "menu", "menu": "shared", "next": a}
        elif kind == "greeting":
            nodes[name] = language_node(a, b)
        else:
            nodes[name] = node_of(kind, a, b, c)
    return nodes


# Facts.


def emergency(said: str, _language: Language) -> EmergencyReading:
    for word, level in (("fire", EmergencyLevel.EMERGENCY), ("bite", EmergencyLevel.POSSIBLE)):
        if word in said:
            return EmergencyReading(level, word, (word,))
    return EmergencyReading()


def intent(said: str, language: Language) -> Heard:
    found = next((slug for slug in INTENTS if slug in said), "")
    return Heard(found, 0.9 if found else 0.0, language=language.value)


def nowhere(_said: str, _language: Language) -> None:
    return None


def request(number: str) -> RequestStatus | None:
    if number != NUMBER:
        return None
    return RequestStatus(
        number,
        {Language.EN: "pothole", Language.ES: "bache"},
        {Language.EN: "open", Language.ES: "abierto"},
    )


def facts(**changes: Any) -> Readers:
    """Readers that understand a few words; every fact can be changed."""
    known: dict[str, Any] = {
        "can_text": True,
        "own_number": "4 2 1 7",
        "request_status": request,
        "wait_seconds": lambda: 130.0,
    }
    return Readers(emergency, intent, changes.pop("place", nowhere), **(known | changes))


def closed(_line: str, _now: datetime) -> Opening:
    """Closed until tomorrow at eight, on a holiday."""
    return Opening(False, datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Thanksgiving Day")


# Calls.


def heard(typed: str) -> CallerInput:
    """ "" is silence, keys are keys, [event] an event, anything else is speech."""
    if not typed:
        return SILENCE
    if typed.startswith("["):
        return CallerInput(event=typed.strip("[]"))
    if set(typed) <= set("0123456789*#"):
        return CallerInput(digits=typed)
    return CallerInput(speech=typed)


def call(menu: Graph | dict[str, Any], *typed: str, readers: Readers | None = None) -> Turn:
    """A call from the start on, in English; the turn after its last input."""
    graph = menu if isinstance(menu, Graph) else compile_graph(menu)
    known = readers or facts()
    state = MenuState(begin(graph).node, language_chosen=True)
    turn = answer(graph, state, SILENCE, NOW, known)
    for one in typed:
        turn = answer(graph, turn.state, heard(one), NOW, known)
    return turn


def last(turn: Turn) -> Any:
    return turn.actions[-1]


def spoken(turn: Turn) -> str:
    action = last(turn)
    said = getattr(action, "prompt", None) or getattr(action, "sentence", ())
    return " ".join(part.text for part in said)


def kinds_of(turn: Turn) -> list[str]:
    return [note.kind for note in turn.journal]
