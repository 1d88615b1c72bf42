"""The caller's card as the staff door's contract has it, and desks that show it. Values only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser.desk import desk_states as states

TAGS = [
    {"tag": tag, "title": title}
    for tag, title in (
        ("school_nearby", "School nearby"),
        ("bus_stop", "Bus stop"),
        ("monsoon", "Monsoon"),
        ("interpreter_needed", "Interpreter needed"),
        ("staff_safety", "Safety of city staff"),
    )
]


def contact(n: int, title: str | None, days: float, **about: Any) -> dict[str, Any]:
    """An earlier contact, so many days ago."""
    values = {
        "call_id": f"{n + 900:032x}",
        "at": states.ago(days * 86_400),
        "intent_title": title,
        "outcome": "helped",
        "disposition": "Report taken",
        "request": None,
        "emergency": False,
    }
    return values | about


CONTACTS = [
    contact(1, "Pothole", 2, request="00000171"),
    contact(2, "Loose dog", 16, emergency=True, disposition="Transferred to 911"),
    contact(3, None, 130, disposition=None, outcome="abandoned"),
]
CARD: dict[str, Any] = {"earlier": {"count": 3, "contacts": CONTACTS}, "tags": TAGS}
NOTHING: dict[str, Any] = {"earlier": {"count": 0, "contacts": []}, "tags": TAGS}
TOO_MUCH: dict[str, Any] = {
    "earlier": {
        "count": 214,
        "contacts": [
            contact(n, "Missed garbage, recycling or brush and bulky collection", 3 * n + 1)
            for n in range(10)
        ],
    },
    "tags": TAGS,
}

CONTACT: dict[str, Any] = {
    "call_id": CONTACTS[0]["call_id"],
    "at": CONTACTS[0]["at"],
    "language": "es",
    "intent_title": "Pothole",
    "words": "hay un bache muy grande frente a la escuela y ya se poncharon dos carros",
    "words_kept": True,
    "place": "1200 East Speedway Boulevard",
    "emergency": False,
    "outcome": "helped",
    "disposition": "Report taken",
    "service_request": {
        "number": "00000171",
        "spoken": "zero zero zero zero, zero one seven one",
        "category": "pothole",
        "department": "transportation",
        "state": "forwarded",
        "text_message": "sent",
    },
    "tags": [{"tag_id": "1" * 32, "title": "School nearby", "is_proposal": False}],
    "follow_ups": [],
    "notes": "Right lane, just before the light.\nAsked for a call once it is filled.",
}

PUT_ON = [
    {"tag_id": "1" * 32, "title": "School nearby", "is_proposal": False},
    {"tag_id": "2" * 32, "title": "Pack of dogs", "is_proposal": True},
]
FOLLOW_UPS = [
    {
        "task_id": "3" * 32,
        "what": "Ask whether animal care came to the corner",
        "due_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "is_due": False,
        "for_whom": None,
        "is_done": False,
    },
    {
        "task_id": "4" * 32,
        "what": "Tell the school",
        "due_at": states.ago(30),
        "is_due": True,
        "for_whom": "Guadalupe Hernández-Whitehorse",
        "is_done": True,
    },
]


def in_call(**about: Any) -> dict[str, Any]:
    """A call with tags and follow-ups."""
    desk = states.in_call(**about)
    desk["call"] |= {"tags": PUT_ON, "follow_ups": FOLLOW_UPS}
    return desk


def not_known() -> dict[str, Any]:
    """A call of which nothing is known: no number, no words, no place."""
    desk = states.no_protocol_yet()
    desk["call"] |= {
        "caller": "withheld",
        "caller_verified": None,
        "words": None,
        "alternatives": [],
        "emergency": "none",
        "emergency_reason": None,
    }
    return desk


def much() -> dict[str, Any]:
    """A call of which there is more than anybody can read, with the longest names."""
    desk = in_call()
    place = "Intersección de East Irvington Road con South Sixth Avenue, frente al Centro de Transporte Laos, lado sureste"
    desk["call"] |= {
        "caller": "+52 631 555 0142",
        "better_number": "(520) 555-0177",
        "words": "pues fíjese que " + "anda un perro suelto muy bravo por aquí y " * 6,
        "intent_title": "Missed garbage, recycling or brush and bulky collection",
        "place": {**states.PLACE, "text": place, "confirmed": False, "jurisdiction_certain": False},
        "tags": [
            {"tag_id": f"{n:032x}", "title": title, "is_proposal": False}
            for n, title in enumerate(
                ("Safety of city staff", "Interpreter needed", "School nearby")
            )
        ],
    }
    return desk


def task(task_id: str, kind: str, **about: Any) -> dict[str, Any]:
    """Something left for the desk."""
    values = {
        "kind": kind,
        "task_id": task_id * 32,
        "call_id": "c" * 32,
        "caller": "(520) 555-0142",
        "language": "es",
        "since": states.ago(4_000),
        "seconds": 12 if kind == "voicemail" else None,
        "is_there": kind == "voicemail",
        "intent_title": "Pothole",
        "words": "hay un bache muy grande",
        "place": "Speedway and Campbell",
        "read": "none",
        "emergency": False,
        "number_by_hand": None,
        "for_me": False,
    }
    return values | about


FOLLOW_UP = task(
    "d", "follow_up", words="Ask whether the crew came", since=states.ago(7_000), for_me=True
)


def left() -> dict[str, Any]:
    """Nobody rings; the line is full and much was left; the last contact can be put right."""
    tasks = [
        task("a", "call_back", emergency=True, number_by_hand="(520) 555-0190"),
        task("b", "voicemail"),
        FOLLOW_UP,
        task("e", "call_back", language="en", words=None, place=None),
    ]
    desk = states.idle("available", states.busy_line())
    return desk | {"tasks": tasks, "last_contact": LAST}


LAST = {
    "call_id": states.CALL_ID,
    "caller": "(520) 555-0142",
    "intent_title": "Loose dog",
    "disposition": "information",
    "title": "Information given",
    "until": states.ago(-400),
}


def wrap_up() -> dict[str, Any]:
    """The call has ended with tags and a follow-up."""
    desk = states.wrap_up()
    desk["wrap_up"] |= {"tags": PUT_ON, "follow_ups": FOLLOW_UPS[:1]}
    return desk
