"""The desk's JSON in each of its states, as the staff door's contract has it. Values only."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from protocols import loading
from protocols.loading import load_red_flags

RED_FLAGS_FILE = Path(loading.__file__).with_name("red_flags.yaml")
CALL_ID = "c" * 32
OFFER_ID = "0" * 31 + "f"

DISPOSITIONS = [
    {"key": "report_taken", "title": "Report taken"},
    {"key": "settled_by_phone", "title": "Settled by phone"},
    {"key": "information", "title": "Information given"},
    {"key": "referred", "title": "Referred to another agency"},
    {"key": "transferred_to_911", "title": "Transferred to 911"},
    {"key": "duplicate", "title": "Already reported"},
    {"key": "caller_gone", "title": "Caller gone"},
    {"key": "cancelled", "title": "Cancelled by the caller"},
]

STANDING = [
    {"id": "unknown", "text": {"en": "Does not know", "es": "No sabe"}},
    {"id": "refused", "text": {"en": "Will not say", "es": "No quiere decir"}},
]

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "danger_now",
        "kind": "choice",
        "safety": True,
        "unit": None,
        "text": {
            "en": "Right now, is anyone hurt or in danger, or is there a fire, a weapon or a crime?",
            "es": "En este momento, ¿hay alguien herido o en peligro, o hay un incendio, un arma o un delito?",
        },
        "note": {"en": "Not sure counts as yes. Never send the caller to look.", "es": "..."},
        "options": [
            {"id": "yes", "text": {"en": "Yes", "es": "Sí"}},
            {"id": "no", "text": {"en": "No", "es": "No"}},
            *STANDING,
        ],
    },
    {
        "id": "dog_attacking",
        "kind": "choice",
        "safety": True,
        "unit": None,
        "text": {
            "en": "Is the dog attacking or charging at a person or an animal right now?",
            "es": "¿El perro está atacando o se le está echando encima a una persona o a un animal?",
        },
        "note": {"en": "Barking behind a closed fence is no.", "es": "..."},
        "options": [
            {"id": "attacking", "text": {"en": "It is attacking", "es": "Está atacando"}},
            {
                "id": "charging",
                "text": {"en": "It is charging", "es": "Se les está echando encima"},
            },
            {"id": "no", "text": {"en": "Neither", "es": "Ninguna de las dos"}},
            *STANDING,
        ],
    },
    {
        "id": "dog_looks",
        "kind": "text",
        "safety": False,
        "unit": None,
        "text": {"en": "What does the dog look like?", "es": "¿Cómo es el perro?"},
        "note": {"en": "Size, color, collar. From a safe place only.", "es": "..."},
        "options": STANDING,
    },
]

ROUTINE = {
    "id": "dog_advice",
    "level": "routine",
    "emergency": False,
    "title": {"en": "Loose dog, no threat", "es": "Perro suelto, sin amenaza"},
    "destination": {"kind": "department", "key": "animal_care"},
    "script": {
        "en": "I am sending your report to Pima Animal Care. I cannot promise a time.",
        "es": "Voy a mandar su reporte a Pima Animal Care. No le puedo prometer la hora.",
    },
    "advice": {
        "en": "Keep children and pets away from the dog.",
        "es": "Aleje a los niños y a las mascotas del perro.",
    },
    "common_code": "ANIMAL",
    "request_code": "loose_dog",
    "criteria": [{"rule": "otherwise", "read": {"danger_now": "no"}}],
    "final": False,
}

EMERGENCY = {
    "id": "dog_emergency",
    "level": "emergency",
    "emergency": True,
    "title": {"en": "Dog attacking", "es": "Perro atacando"},
}

CHOICES: list[dict[str, Any]] = [
    {**EMERGENCY, "stands": False, "lower": False, "why_not": None},
    {
        "id": "dog_threat",
        "level": "urgent",
        "title": {"en": "Dog threatening people", "es": "Perro que amenaza a la gente"},
        "emergency": False,
        "stands": False,
        "lower": False,
        "why_not": None,
    },
    {
        "id": "dog_advice",
        "level": "routine",
        "title": ROUTINE["title"],
        "emergency": False,
        "stands": True,
        "lower": False,
        "why_not": None,
    },
    {
        "id": "dog_information",
        "level": "information",
        "title": {"en": "Information about leash laws", "es": "Información sobre la correa"},
        "emergency": False,
        "stands": False,
        "lower": True,
        "why_not": "Only a senior or a supervisor may choose a less urgent outcome; ask one.",
    },
]

PROTOCOLS = [
    {
        "protocol": name,
        "title": {"en": english, "es": spanish},
        "suggested": name == "loose_dog",
    }
    for name, english, spanish in (
        ("loose_dog", "Loose dog", "Perro suelto"),
        ("animal_bite", "Animal bite", "Mordida de animal"),
        ("gas_smell", "Gas smell", "Olor a gas"),
        ("pothole", "Pothole", "Bache"),
    )
]

RED_FLAGS = [
    {
        "id": flag.id,
        "title": {"en": flag.title.en, "es": flag.title.es},
        "note": {"en": flag.note.en, "es": flag.note.es},
        "script": {"en": flag.script.en, "es": flag.script.es},
    }
    for flag in load_red_flags(RED_FLAGS_FILE.read_text(encoding="utf-8"), RED_FLAGS_FILE.name)
]

BY_KIND: dict[str, dict[str, Any]] = {
    "many": {
        "id": "seen",
        "kind": "many",
        "safety": True,
        "unit": None,
        "text": {
            "en": "Which of these do you see where you are?",
            "es": "¿Cuáles de estas cosas ve usted desde donde está?",
        },
        "note": {"en": "Read each one. Nothing of it is a legal answer.", "es": "..."},
        "options": [
            {"id": "smoke", "text": {"en": "Smoke", "es": "Humo"}},
            {"id": "wires", "text": {"en": "Wires on the ground", "es": "Cables en el suelo"}},
            {
                "id": "water",
                "text": {"en": "Water near electricity", "es": "Agua cerca de la luz"},
            },
            *STANDING,
        ],
    },
    "number": {
        "id": "width",
        "kind": "number",
        "safety": False,
        "unit": {"en": "feet", "es": "pies"},
        "text": {
            "en": "How wide is the hole, more or less?",
            "es": "¿Qué tan ancho es el hoyo, más o menos?",
        },
        "note": None,
        "options": STANDING,
    },
    "place": {
        "id": "where",
        "kind": "place",
        "safety": False,
        "unit": None,
        "text": {"en": "Where exactly is it?", "es": "¿En dónde está exactamente?"},
        "note": {"en": "Read the place back; ask for a landmark or a cross street.", "es": "..."},
        "options": STANDING,
    },
    "time": {
        "id": "when",
        "kind": "time",
        "safety": False,
        "unit": None,
        "text": {
            "en": "When did you last see the dog?",
            "es": "¿Cuándo vio al perro por última vez?",
        },
        "note": None,
        "options": STANDING,
    },
    "person": {
        "id": "owner",
        "kind": "person",
        "safety": False,
        "unit": None,
        "text": {"en": "Do you know whose dog it is?", "es": "¿Sabe usted de quién es el perro?"},
        "note": {"en": "Behavior and clothes, never origin or status.", "es": "..."},
        "options": STANDING,
    },
}

REQUEST = {
    "number": "311-26-004217",
    "spoken": "three one one, twenty six, four two one seven",
    "category": "Loose dog",
    "department": "Pima Animal Care",
    "text_message": "sent",
}

PLACE = {
    "text": "E Speedway Blvd & N Campbell Ave",
    "latitude": 32.2363,
    "longitude": -110.9437,
    "uncertainty_metres": 60.0,
    "confirmed": True,
    "jurisdiction": "tucson",
    "jurisdiction_certain": True,
}

MAP: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"kind": "outline"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [-111.06, 32.10],
                        [-110.76, 32.10],
                        [-110.76, 32.32],
                        [-111.06, 32.32],
                        [-111.06, 32.10],
                    ]
                ],
            },
        },
        *(
            {
                "type": "Feature",
                "properties": {"kind": "arterial"},
                "geometry": {"type": "LineString", "coordinates": line},
            }
            for step in range(12)
            for line in (
                [[-111.06, 32.12 + step * 0.0165], [-110.76, 32.12 + step * 0.0165]],
                [[-111.04 + step * 0.0241, 32.10], [-111.04 + step * 0.0241, 32.32]],
            )
        ),
    ],
}


def ago(seconds: float) -> str:
    """An instant that many seconds before now, as the door writes it."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


NEARBY: list[dict[str, Any]] = [
    {
        "number": number,
        "title": title,
        "state": state,
        "made_at": ago(3 * 86_400),
        "metres": metres,
        "latitude": PLACE["latitude"] + metres / 111_195,
        "longitude": PLACE["longitude"],
    }
    for number, title, state, metres in (
        ("00000171", "Loose dog", "open", 40),
        ("00000285", "Pothole", "forwarded", 210),
    )
]


def doing(state: str, **more: Any) -> dict[str, Any]:
    """What somebody is doing, for 41 s."""
    is_after_call = state == "wrap_up"
    return {
        "state": state,
        "since": ago(41),
        "reason": None,
        "reason_title": None,
        "ends_at": ago(-19) if is_after_call else None,
        "more_minutes": 3 if is_after_call else 0,
        "page": None,
        **more,
    }


def on_break() -> dict[str, Any]:
    """Nobody rings for somebody at lunch."""
    return {**idle(), "presence": doing("break", reason="lunch", reason_title="Lunch")}


def elsewhere() -> dict[str, Any]:
    """Another window of this person has the telephone."""
    return {**idle(), "presence": doing("available", page="e" * 32)}


def held(seconds_left: float = 42) -> dict[str, Any]:
    """The caller waits with a reason."""
    desk = in_call()
    desk["call"] |= {
        "on_hold": True,
        "hold_since": ago(60 - seconds_left),
        "hold_reason": "looking_up",
        "hold_ends_at": ago(-seconds_left),
    }
    return desk


DESK_TELEPHONE = {"number": "(520) 555-0168", "is_approved": True}


def with_desk_telephone(desk: dict[str, Any]) -> dict[str, Any]:
    """Somebody whose desk telephone is approved."""
    return {**desk, "desk_telephone": DESK_TELEPHONE}


def switching(state: str, device: str = "softphone") -> dict[str, Any]:
    """In a call, on the way to the desk telephone, or there."""
    desk = with_desk_telephone(in_call())
    way = {
        "switch_id": "5" * 32,
        "device": "desk_telephone",
        "state": state,
        "is_open": state in ("asked", "coming"),
        "asked_at": ago(4),
    }
    desk["call"]["telephone"] = {"device": device, "switch": way}
    return desk


HOLD_REASONS = [
    {"key": key, "title": title, "said": {"en": en, "es": es}}
    for key, title, en, es in (
        (
            "looking_up",
            "Looking something up",
            "The person helping you is looking something up and will be back within a minute.",
            "La persona que le atiende está buscando un dato y regresa en menos de un minuto.",
        ),
        (
            "calling_department",
            "Calling the department",
            "The person helping you is calling the department about this.",
            "La persona que le atiende está llamando al departamento por su asunto.",
        ),
    )
]


def idle(presence: str = "offline", line: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Nobody rings."""
    return {
        "now": ago(0),
        "as_of_event": 1,
        "csrf_token": "mock-token",
        "staff": {
            "id": "a" * 32,
            "name": "Guadalupe Hernández-Whitehorse",
            "role": "call_taker",
            "identity": f"staff-{'a' * 32}",
            "languages": ["en", "es"],
        },
        "presence": doing(presence),
        "desk_telephone": None,
        "breaks": [
            {"key": key, "title": key.capitalize()} for key in ("lunch", "rest", "training")
        ],
        "line": line or [],
        "offers": [],
        "call": None,
        "wrap_up": None,
        "last_contact": None,
        "tasks": [],
        "dispositions": DISPOSITIONS,
    }


def waiting(
    n: int, priority: str, seconds: float, intent: str | None, language: str = "en"
) -> dict[str, Any]:
    """One place in the line."""
    return {
        "entry_id": f"{n:032x}",
        "call_id": f"{n + 500:032x}",
        "caller": "withheld" if n % 4 == 3 else f"(520) 555-01{n + 40:02d}",
        "language": language,
        "priority": priority,
        "waiting_since": ago(seconds),
        "state": "waiting",
        "intent": intent,
        "emergency": {"emergency": "emergency", "possible": "possible"}.get(priority, "none"),
    }


def busy_line() -> list[dict[str, Any]]:
    """A line with some of everything."""
    return [
        waiting(1, "emergency", 12, "gas_smell", "es"),
        waiting(2, "possible", 40, None),
        waiting(3, "returning", 8, "loose_dog"),
        waiting(4, "ordinary", 65, "pothole", "es"),
        waiting(5, "ordinary", 151, "missed_garbage_collection"),
    ]


def offer(
    *, language: str = "es", emergency: str = "none", above_all: bool = False
) -> dict[str, Any]:
    """A call offered to this desk."""
    return {
        "offer_id": OFFER_ID,
        "call_id": CALL_ID,
        "caller": "(520) 555-0142",
        "language": language,
        "words": "hay un perro suelto en la esquina y anda detrás de la gente que va a la escuela"
        if language == "es"
        else "there is a loose dog on the corner chasing people",
        "intent": "loose_dog",
        "intent_title": "Loose dog",
        "place": PLACE["text"],
        "jurisdiction": "tucson",
        "emergency": emergency,
        "emergency_reason": None if emergency == "none" else "chasing people",
        "priority": "emergency" if above_all else "ordinary",
        "waiting_since": ago(38),
        "above_all": above_all,
        "earlier_contacts": 3,
    }


def ringing(**about: Any) -> dict[str, Any]:
    """A call rings."""
    return {**idle("available", busy_line()), "offers": [offer(**about)]}


def protocol(asked: int = 0, final: bool = False) -> dict[str, Any]:
    """A protocol session standing at its question number `asked`."""
    past = QUESTIONS[:asked]
    return {
        "session_id": "5" * 32,
        "protocol": "loose_dog",
        "version": 3,
        "title": {"en": "Loose dog", "es": "Perro suelto"},
        "approval": "pending",
        "question": None if final else deepcopy(QUESTIONS[asked]),
        "answered": [
            {
                "question": one["id"],
                "text": one["text"],
                "value": "no" if one["kind"] == "choice" else "brown, no collar",
                "option_text": {"en": "No", "es": "No"} if one["kind"] == "choice" else None,
                "told": "no" if one["kind"] == "choice" else "brown, no collar",
                "asked": deepcopy(one),
            }
            for one in past
        ],
        "coming": []
        if final
        else [{"id": one["id"], "text": one["text"]} for one in QUESTIONS[asked + 1 :]],
        "determinant": {**deepcopy(ROUTINE), "final": final},
        "standing_by": "rules",
        "computed": None,
        "danger_words": [],
        "changes": [],
        "choices": deepcopy(CHOICES),
        "read_aloud": {},
        "jumps": [{"protocol": "animal_bite", "title": {"en": "Animal bite", "es": "Mordida"}}],
        "ended": None,
    }


def call(language: str = "es", asked: int = 1, final: bool = False) -> dict[str, Any]:
    """A call under way."""
    return {
        "call_id": CALL_ID,
        "phase": "room",
        "caller": "(520) 555-0142",
        "caller_verified": "A",
        "language": language,
        "words": offer(language=language)["words"],
        "intent": "loose_dog",
        "intent_title": "Loose dog",
        "confidence": 0.92,
        "alternatives": [
            {"intent": "animal_welfare", "title": "Animal mistreated", "confidence": 0.05},
            {"intent": "noise", "title": "Noise", "confidence": 0.02},
        ],
        "emergency": "possible",
        "emergency_reason": "chasing people",
        "place": deepcopy(PLACE),
        "waited_seconds": 38.4,
        "joined_at": ago(134),
        "in_room": True,
        "alone": False,
        "on_hold": False,
        "hold_since": None,
        "telephone": {"device": "softphone", "switch": None},
        "hold_reason": None,
        "hold_ends_at": None,
        "hold_warning_seconds": 15,
        "hold_reasons": deepcopy(HOLD_REASONS),
        "legs": [{"kind": "caller", "state": "in_room", "label": "Caller"}],
        "protocol": protocol(asked, final),
        "protocols": deepcopy(PROTOCOLS),
        "red_flags": deepcopy(RED_FLAGS),
        "notes": {"text": "", "saved_at": None},
        "tags": [],
        "follow_ups": [],
        "service_request": deepcopy(REQUEST) if final else None,
        "escalation": None,
        "number_by_hand": "(520) 555-0191",
        "may_leave": False,
        "leave_reason": "Nobody else is with the caller. Hang up when you are done.",
        "location_link": {"why_not": None, "state": None, "at": None},
        "referrals": [],
        "directory": deepcopy(DIRECTORY),
    }


def in_call(**about: Any) -> dict[str, Any]:
    """The desk in a call."""
    return {**idle("on_call", busy_line()), "call": call(**about)}


DIRECTORY = [
    {
        "key": key,
        "kind": kind,
        "name": {"en": en, "es": es},
        "number": f"(520) 555-01{last}",
    }
    for key, kind, en, es, last in (
        ("crisis_line", "crisis", "Crisis line", "Línea de crisis", 28),
        ("lifeline_988", "988", "988 Lifeline", "Línea 9-8-8", 29),
        ("interpreter", "interpreter", "Interpreter line", "Línea de intérpretes", 30),
        ("water", "department", "Tucson Water", "Tucson Water", 21),
    )
]


def referred(state: str = "ringing", **about: Any) -> dict[str, Any]:
    """In a call with the crisis line called in, in one of its states."""
    desk = in_call()
    reached = {"dialling": 0, "ringing": 1, "answered": 2, "accepted": 3}.get(state, 1)
    times = [ago(seconds) if n <= reached else None for n, seconds in enumerate((27, 25, 14, 3))]
    is_open = state in {"dialling", "ringing", "answered", "accepted"}
    one = {
        "referral_id": "a" * 32,
        "destination": "crisis_line",
        "name": DIRECTORY[0]["name"],
        "kind": "crisis",
        "state": state,
        "is_open": is_open,
        "takes_over": True,
        "has_the_caller": state == "accepted",
        "consult": False,
        **dict(
            zip(("requested_at", "ringing_at", "answered_at", "accepted_at"), times, strict=True)
        ),
        "ended_at": None if is_open else ago(1),
        "number": "(520) 555-0128",
        "what_to_do": None if is_open else "Nobody answered. The caller hears you. Try again.",
        "to_them": {
            "en": "This is Tucson 3-1-1 with a caller for you. The caller speaks Spanish. "
            "Call-back number (520) 555-0142. Can you take them?",
            "es": "Habla la línea Tucson 3-1-1 con una persona para ustedes. ¿La pueden atender?",
        },
        "to_caller": {
            "en": "I am calling Crisis line. I stay with you until they are here.",
            "es": "Estoy llamando a Línea de crisis. Me quedo con usted hasta que contesten.",
        },
    }
    desk["call"] |= {"referrals": [one | about], "may_leave": state == "accepted"}
    return desk


def no_protocol_yet() -> dict[str, Any]:
    """A call whose protocol must be chosen."""
    desk = in_call(language="en")
    desk["call"] |= {
        "protocol": None,
        "intent": None,
        "intent_title": None,
        "confidence": None,
        "place": None,
    }
    return desk


def escalation(state: str, escalation_id: str = "e" * 32) -> dict[str, Any]:
    """A warm transfer in one of its states."""
    reached = {"ringing": 1, "answered": 2, "accepted": 3, "busy": 1}.get(state, 0)
    times = [ago(seconds) if n <= reached else None for n, seconds in enumerate((27, 25, 14, 3))]
    return {
        "escalation_id": escalation_id,
        "state": state,
        "cause": "red_button",
        "requested_at": times[0],
        "ringing_at": times[1],
        "answered_at": times[2],
        "accepted_at": times[3],
        "attempt": 1,
        "destination": "City of Tucson 911",
        "next_destination": "City of Tucson 911, second line",
        "number_by_hand": "(520) 555-0191",
        "may_leave": state == "accepted",
        "leave_reason": None if state == "accepted" else "911 has not accepted the caller yet.",
        "script": {
            "en": "This is Tucson 3-1-1 with a caller on the line. Place: E Speedway Blvd & N Campbell Ave. "
            "They said: hay un perro suelto. The caller speaks Spanish. Call-back number (520) 555-0142. "
            "Do you have the caller?",
            "es": "Habla la línea Tucson 3-1-1 con una persona.",
        },
    }


def emergency(state: str, escalation_id: str = "e" * 32) -> dict[str, Any]:
    """The desk with 911 called."""
    desk = in_call()
    made = escalation(state, escalation_id)
    desk["call"] |= {
        "escalation": made,
        "may_leave": made["may_leave"],
        "leave_reason": made["leave_reason"],
    }
    return desk


def wrap_up() -> dict[str, Any]:
    """The call has ended; its outcome is asked for."""
    desk = idle("wrap_up", busy_line())
    desk["wrap_up"] = {
        "call_id": CALL_ID,
        "caller": "(520) 555-0142",
        "place": deepcopy(PLACE),
        "ended_at": ago(6),
        "outcome": "helped",
        "dispositions": DISPOSITIONS,
        "notes": {"text": "Brown dog, no collar.", "saved_at": ago(20)},
        "tags": [],
        "follow_ups": [],
        "left_open": None,
        "protocol_lost": None,
        "cut_off": None,
        "service_request": deepcopy(REQUEST),
        "escalation": None,
    }
    return desk


def gone() -> dict[str, Any]:
    """The caller has gone before a safety question was answered."""
    desk = wrap_up()
    desk["wrap_up"] |= {
        "service_request": None,
        "left_open": {
            "determinant": {**deepcopy(ROUTINE), **EMERGENCY, "final": True},
            "unanswered": [one["text"] for one in QUESTIONS[1:]],
        },
        "cut_off": {
            "title": EMERGENCY["title"],
            "number_by_hand": "(520) 555-0190",
            "script": {"en": "A caller was cut off.", "es": "Se cortó una llamada."},
        },
    }
    return desk


def lost() -> dict[str, Any]:
    """The version that a call runs on can no longer be read."""
    desk = in_call(language="es", asked=0)
    desk["call"] |= {
        "protocol": None,
        "protocol_lost": {
            "protocol": "loose_dog",
            "version": 3,
            "problem": "The questions of this protocol can no longer be read.",
            "what_to_do": "Choose another protocol (F3). F7 names a danger and F9 dials 911, as always.",
        },
    }
    return desk


def asking(kind: str, language: str = "es") -> dict[str, Any]:
    """A question of one of the kinds that are more than a choice."""
    desk = in_call(language=language, asked=1)
    desk["call"]["protocol"]["question"] = deepcopy(BY_KIND[kind])
    return desk


def overridden() -> dict[str, Any]:
    """An outcome that a person chose against the rules."""
    desk = in_call(language="en", asked=2)
    chosen, computed = ({key: CHOICES[n][key] for key in ("id", "title", "level")} for n in (1, 2))
    desk["call"]["protocol"] |= {
        "determinant": {**deepcopy(ROUTINE), **chosen},
        "standing_by": "override",
        "computed": computed,
        "changes": [
            {
                "at_seconds": 12.4,
                "by": "rules",
                "determinant": computed,
                "computed": computed,
                "reason": None,
                "role": None,
            },
            {
                "at_seconds": 41.0,
                "by": "override",
                "determinant": chosen,
                "computed": computed,
                "reason": "School lets out in ten minutes and the dog is at the gate",
                "role": "call_taker",
            },
        ],
    }
    return desk


def left_early() -> dict[str, Any]:
    """The questions were stopped before the end."""
    desk = in_call(language="en", asked=2, final=True)
    desk["call"]["protocol"]["ended"] = "early_exit"
    return desk
