"""Menus that pass the gate, small and large, and generated ones that may not: for its tests.

Every text is worded as the rules ask, so that what a test plants is the only fault.
"""

import random
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.rules.hours import Hours, LineHours
from ivr.rules.hours_document import compile_hours
from ivr.rules.menu_gate import CityFacts, Examination, Outside, Purpose, examine
from models.states import EmergencyLevel, Language

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
GOALS = ["street", "park", "water", "trash", "dog", "light", "bus"]
METAS = ["la calle", "el parque", "el agua", "la basura", "el perro", "la luz", "el camión"]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven"]
NUMEROS = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete"]
SENTENCES = {
    "escalation_confirm": {
        "en": "Connecting you to 911. If nobody is in danger, say no or press star.",
        "es": "Le conecto con el 9-1-1. Si nadie está en peligro, diga no u oprima estrella.",
    },
    "danger_question": {
        "en": "Is anyone in danger right now? If so, say yes or press 1. If not, press 2.",
        "es": "¿Hay alguien en peligro? Si es así, diga sí u oprima 1. Si no, oprima 2.",
    },
    "connecting_911": {
        "en": "I am connecting you to 911 now. Please stay on the line.",
        "es": "Le estoy conectando con el 9-1-1. Por favor, no cuelgue.",
    },
    "to_a_person": {"en": "I am taking you to a person.", "es": "Le paso con una persona."},
    "text_sent": {"en": "I have sent it to you.", "es": "Ya se lo mandé."},
    "text_not_sent": {"en": "I cannot text this number.", "es": "No puedo mandarle un mensaje."},
}
HOURS = {
    "time_zone": "America/Phoenix",
    "lines": {
        "main": {
            "weekdays": {
                day: [["08:00", "17:00"]]
                for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
            }
            | {"saturday": [], "sunday": []},
        }
    },
}


def text(english: str, spanish: str) -> dict[str, str]:
    return {"en": english, "es": spanish}


def asking(english: str, spanish: str, keys: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """A prompt with its two re-prompts; `keys` are the sentences that name the options."""
    first, second = keys
    person, persona = "For a person, press 0.", "Para una persona, oprima 0."
    return {
        "text": text(f"{english} {first}".strip(), f"{spanish} {second}".strip()),
        "reprompts": [
            text(f"Once more: {english} {first}".strip(), f"Otra vez: {spanish} {second}".strip()),
            text(f"{person} {first}".strip(), f"{persona} {second}".strip()),
        ],
    }


def goals(count: int, *last: tuple[str, str]) -> tuple[str, str]:
    """The sentences for `count` options, the last ones with goals of their own."""
    english, spanish = [], []
    for at in range(count):
        back = at - (count - len(last))
        en, es = last[back] if back >= 0 else (f"the {GOALS[at]}", METAS[at])
        english.append(f"For {en}, press {at + 1}.")
        spanish.append(f"Para {es}, oprima {at + 1}.")
    return " ".join(english), " ".join(spanish)


def option(number: int, follow: str = "", **fields: Any) -> dict[str, Any]:
    words = {"en": [NUMBERS[number - 1]], "es": [NUMEROS[number - 1]]}
    return {"key": str(number), "words": words} | ({"next": follow} if follow else {}) | fields


def choose(*followers: str, last: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    options = [option(n, follow) for n, follow in enumerate(followers, start=1)]
    prompt = asking("What is it about?", "¿De qué se trata?", goals(len(options), *last))
    return {"kind": "choose", "prompt": prompt, "options": options}


def information(*followers: str, about: str = "It is open.") -> dict[str, Any]:
    """An answer: 1 again, 2 text it, then the followers."""
    options = [option(1, does="repeat"), option(2, does="text_me")]
    options += [option(n, follow) for n, follow in enumerate(followers, start=3)]
    names = (("hearing it again", "oírlo otra vez"), ("a text message", "un mensaje de texto"))
    rest = tuple((f"the {GOALS[n]}", METAS[n]) for n in range(len(followers)))
    return {
        "kind": "information",
        "text": text(about, "Está abierto."),
        "prompt": asking("", "", goals(len(options), *names, *rest)),
        "options": options,
        "source": "the city's page",
        "verified_on": "2026-10-01",
        "text_message": text("It is open.", "Está abierto."),
    }


def say(follow: str) -> dict[str, Any]:
    return {"kind": "say", "text": text("All right.", "Muy bien."), "next": follow}


def branch(by: str, cases: dict[str, str], otherwise: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "branch", "by": by, "cases": cases, "otherwise": otherwise} | fields


def opening_nodes(need: str, first: str = "") -> dict[str, Any]:
    """The greeting and the longer sentence."""
    return {
        "greeting": {
            "kind": "language",
            "greeting": [
                {"language": "en", "text": "Tucson 3-1-1. Emergency, press 9."},
                {"language": "es", "text": "Emergencia, oprima 9."},
            ],
            "options": [
                {"language": "en", "key": "1", "words": ["english"], "text": "For English, press 1."},
                {"language": "es", "key": "2", "words": ["español"], "text": "Para español, oprima 2."},
            ],
            "reprompts": [
                text("For English, press 1.", "Para español, oprima 2."),
                text(
                    "For English, press 1. For a person, press 0.",
                    "Para español, oprima 2. Para una persona, oprima 0.",
                ),
            ],
            "next": "longer",
            "opening": need,
        },
        "longer": {
            "kind": "say",
            "text": text(
                "If anyone is in danger, press 9 or say emergency. For a person, press 0.",
                "Si alguien está en peligro, oprima 9 o diga emergencia. "
                "Para una persona, oprima 0.",
            ),
            "next": first or need,
        },
    }  # fmt: skip


def ask_intent(follow: str, unclear: str, *followers: str) -> dict[str, Any]:
    keys = goals(len(followers))
    return {
        "kind": "ask_intent",
        "prompt": asking("Tell me what you need.", "Dígame qué necesita.", keys),
        "options": [
            option(n, to, intent=INTENTS[n - 1]) for n, to in enumerate(followers, start=1)
        ],
        "next": follow,
        "unclear": unclear,
    }


def ask_location(follow: str, unsure: str) -> dict[str, Any]:
    keys = ("If you are not sure, press 1.", "Si no está seguro, oprima 1.")
    return {
        "kind": "ask_location",
        "prompt": asking("Where is it?", "¿Dónde es?", keys),
        "options": [option(1, unsure) | {"words": {"en": ["not sure"], "es": ["no se"]}}],
        "change": text("Let us change it. Where is it?", "Vamos a cambiarlo. ¿Dónde es?"),
        "next": follow,
    }


def confirm(right: str, change: str, give_up: str, of: str = "place") -> dict[str, Any]:
    name = of.partition(":")[0]
    keys = (
        f"I heard {{{name}}}. If that is right, press 1. To change it, press 2.",
        f"Entendí {{{name}}}. Si es correcto, oprima 1. Para cambiarlo, oprima 2.",
    )
    return {
        "kind": "confirm",
        "of": of,
        "prompt": asking("", "", keys),
        "right": right,
        "change": change,
        "give_up": give_up,
    }


def line() -> dict[str, Any]:
    return {"kind": "line", "text": text("A person will help you.", "Una persona le ayuda.")}


def goodbye() -> dict[str, Any]:
    return {"kind": "goodbye", "text": text("Goodbye.", "Hasta luego.")}


def voicemail(follow: str = "") -> dict[str, Any]:
    return {
        "kind": "voicemail",
        "text": text(
            "Leave a message; it is recorded. For a person, press 0.",
            "Deje un mensaje; se graba. Para una persona, oprima 0.",
        ),
        "longest_seconds": 60,
        "thanks": text("Thank you. Goodbye.", "Gracias. Hasta luego."),
    } | ({"next": follow} if follow else {})


def call_back(done: str, declined: str) -> dict[str, Any]:
    keys = goals(2, ("a call back", "que le llamemos"), ("no call", "no recibirla"))
    return {
        "kind": "call_back",
        "prompt": asking("", "", keys),
        "options": [option(1, does="call_back"), option(2, declined)],
        "done": done,
        "declined": declined,
    }


def status(follow: str, give_up: str) -> dict[str, Any]:
    keys = (
        "For an emergency, press 9 alone. For a person, press 0 alone.",
        "Para una emergencia, oprima 9 solo. Para una persona, oprima 0 solo.",
    )
    return {
        "kind": "status",
        "prompt": asking("Type your request number.", "Marque el número de su reporte.", keys),
        "found": text("It is {status}.", "Está {status}."),
        "not_found": text(
            "There is no request {request_number}.", "No hay un reporte {request_number}."
        ),
        "next": follow,
        "give_up": give_up,
    }


def transfer(to: str, failed: str) -> dict[str, Any]:
    said = text("I am ringing the office.", "Estoy llamando a la oficina.")
    return {"kind": "transfer", "to": to, "text": said, "failed": failed}


def free_question(follow: str, skip: str) -> dict[str, Any]:
    keys = ("To skip this, press 1.", "Para saltarlo, oprima 1.")
    return {
        "kind": "ask",
        "name": "colour",
        "prompt": asking("What color is it?", "¿De qué color es?", keys),
        "options": [option(1, skip)],
        "next": follow,
    }


INTENTS = ("pothole", "streetlight", "graffiti", "dog", "water_leak", "bus", "court", "parks")


def document(nodes: dict[str, Any], start: str = "greeting") -> dict[str, Any]:
    review = {"by": "Ana Reader", "on": "2026-10-01"}
    return {
        "key": "menu",
        "start": start,
        "sentences": SENTENCES,
        "nodes": nodes,
        "reviewed": {"en": dict(review), "es": dict(review)},
    }


def city(**facts: Any) -> CityFacts:
    """A city with hours, one switch, two offices and the intents of these menus."""
    given: dict[str, Any] = {
        "hours": compile_hours(HOURS),
        "intents": {
            slug: {
                Language.EN: (f"something about my {slug.replace('_', ' ')}",),
                Language.ES: (f"algo sobre {slug.replace('_', ' ')} por favor señor",),
            }
            for slug in INTENTS
        },
        "jurisdictions": frozenset({"tucson", "marana"}),
        "switches": frozenset({"storm"}),
        "skills": frozenset({"general"}),
        "directory": {
            "parks": Outside("parks", verified_on=date(2026, 10, 1)),
            "court": Outside("court", line="main", verified_on=date(2026, 10, 1)),
        },
        "recordings": {"ab" * 32: 3.0},
        "danger": lambda words, language: (
            EmergencyLevel.EMERGENCY if "fire" in words.split() else EmergencyLevel.NONE
        ),
    }
    return CityFacts(**{**given, **facts})


def small() -> dict[str, Any]:
    """A menu with every kind of node that passes without an error or a warning."""
    return document(
        opening_nodes("need", "storm")
        | {
            "storm": branch("switch", {"on": "notice"}, "need", switch="storm"),
            "notice": say("need"),
            "need": ask_intent("by_intent", "person", "where", "parks", "more"),
            "by_intent": branch("intent", {"graffiti": "parks", "dog": "colour"}, "where"),
            "parks": information("person", "need"),
            "more": choose("status", "ring_parks", "person", "end"),
            "status": status("more", "person"),
            "ring_parks": transfer("parks", "person"),
            "colour": free_question("read_colour", "where"),
            "read_colour": confirm("where", "colour", "person", "answer:colour"),
            "where": ask_location("read_back", "person"),
            "read_back": confirm("area", "where", "person"),
            "area": branch("jurisdiction", {"marana": "marana"}, "person"),
            "marana": say("person"),
            "person": branch("hours", {"open": "queue"}, "closed"),
            "queue": branch("line_length", {"0-4": "line"}, "offer"),
            "offer": call_back("promised", "line"),
            "promised": choose("need", "end"),
            "closed": choose("message", "need", "end"),
            "message": voicemail(),
            "line": line(),
            "end": goodbye(),
        }
    )


def large(nodes: int = 300) -> dict[str, Any]:
    """A menu of `nodes` nodes as a large city would have it; it passes without an error."""
    made: dict[str, Any] = opening_nodes("need") | {
        "need": ask_intent("by_intent", "person", "topics", "where", "status", "person"),
        "by_intent": branch("intent", {}, "where"),
        "topics": choose(*(f"topic{n}" for n in range(7))),
        "status": status("topics", "person"),
        "where": ask_location("read_back", "person"),
        "read_back": confirm("person", "where", "person"),
        "person": branch("hours", {"open": "line"}, "closed"),
        "closed": choose("message", "need", "end"),
        "message": voicemail(),
        "line": line(),
        "end": goodbye(),
    }
    for n in range(7):
        made[f"topic{n}"] = choose(*(f"way{n}_{m}" for m in range(7)))
        for m in range(7):
            made[f"way{n}_{m}"] = branch(
                "switch", {"on": f"notice{n}_{m}"}, f"answer{n}_{m}", switch="storm"
            )
            made[f"notice{n}_{m}"] = say(f"answer{n}_{m}")
            made[f"answer{n}_{m}"] = information("person", "need", "end")
    spoken = 0
    while len(made) < nodes:
        slug = f"wish{spoken}"
        made["by_intent"]["cases"][slug] = f"spoken{spoken}"
        made[f"spoken{spoken}"] = information(
            "person", "need", "end", about=f"It is open {spoken}."
        )
        spoken += 1
    return document(made)


def large_city(menu: dict[str, Any]) -> CityFacts:
    """The city of a large menu: it knows the menu's wishes."""
    slugs = [*menu["nodes"]["by_intent"]["cases"], "pothole"]
    return city(
        intents={
            slug: {lang: (f"it is all about {slug} {lang} today",) for lang in Language}
            for slug in slugs
        }
    )


# Generated.


def generated(seed: int, size: int = 14) -> dict[str, Any]:
    """A legal, well-worded menu wired at random; what nothing leads to is left out."""
    chance = random.Random(seed)
    names = [f"n{at}" for at in range(size)]
    ends = {"line": line(), "end": goodbye(), "message": voicemail()}
    nodes = dict(ends)
    for at, name in enumerate(names):
        nodes[name] = _at_random(chance, at, names)
    whole = opening_nodes(names[0]) | {"n0": nodes["n0"]} | nodes
    return document(_reachable(whole))


def _at_random(chance: random.Random, at: int, names: list[str]) -> dict[str, Any]:
    def to() -> str:
        """Mostly onward or to a person; sometimes anywhere at all."""
        if chance.random() < 0.12:
            return chance.choice(names)
        return chance.choice([*names[at + 1 : at + 5], "line", "line", "message"])

    def left() -> str:
        return chance.choice(["line", "line", "end", "message", to()])

    made = {
        "say": lambda: say(to()),
        "choose": lambda: choose(*(to() for _ in range(chance.randint(1, 3))), left()),
        "ask_intent": lambda: ask_intent(to(), to(), to(), left()),
        "ask_location": lambda: ask_location(to(), left()),
        "read_back": lambda: confirm(to(), to(), left()),
        "ask": lambda: free_question(to(), left()),
        "read_answer": lambda: confirm(to(), to(), left(), "answer:colour"),
        "information": lambda: information(to(), left()),
        "status": lambda: status(to(), left()),
        "call_back": lambda: call_back(left(), left()),
        "transfer": lambda: transfer(chance.choice(["parks", "court"]), left()),
        "intent": lambda: branch("intent", {"pothole": to(), "dog": to()}, to()),
        "hours": lambda: branch("hours", {"open": to()}, left()),
        "holiday": lambda: branch("holiday", {"yes": left()}, to()),
        "switch": lambda: branch("switch", {"on": to()}, to(), switch="storm"),
        "caller": lambda: branch("caller", {"seen": to()}, to()),
        "length": lambda: branch("line_length", {"0": to(), "1-4": to()}, left()),
        "area": lambda: branch("jurisdiction", {"tucson": to()}, to()),
    }
    return made[chance.choice(list(made))]()


def _reachable(nodes: dict[str, Any]) -> dict[str, Any]:
    kept, waiting = {}, ["greeting"]
    while waiting:
        name = waiting.pop()
        if name in kept:
            continue
        node = kept[name] = nodes[name]
        follow = [node.get(field) for field in FOLLOWERS if isinstance(node.get(field), str)]
        follow += [option["next"] for option in node.get("options", []) if option.get("next")]
        follow += node.get("cases", {}).values()
        waiting += [name for name in follow if name in nodes]
    return {name: node for name, node in nodes.items() if name in kept}


FOLLOWERS = (
    "next", "opening", "unclear", "right", "change", "give_up", "done", "declined", "failed",
    "otherwise",
)  # fmt: skip


def examined(menu: object, facts: CityFacts | None = None, **more: Any) -> Examination:
    given: dict[str, Any] = {"now": NOW, "purpose": Purpose.DEMONSTRATION} | more
    return examine(menu, facts or city(), **given)


def never_open() -> Hours:
    return Hours(ZoneInfo("America/Phoenix"), {"main": LineHours()})
