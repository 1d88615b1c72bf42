"""Menus for the editor's tests: a small real one, and the catalogue around it."""

from typing import Any


def both(en: str, es: str) -> dict[str, str]:
    """A text in both languages."""
    return {"en": en, "es": es}


def prompt(en: str, es: str) -> dict[str, Any]:
    """A question with its two re-prompts."""
    return {
        "text": both(en, es),
        "reprompts": [
            both(f"Once more. {en}", f"Otra vez. {es}"),
            both(f"{en} For a person, press 0.", f"{es} Para una persona, oprima 0."),
        ],
        "timeout_seconds": 7,
    }


def option(key: str, follower: str, en: str, es: str, **more: Any) -> dict[str, Any]:
    """A key of a question."""
    return {"key": key, "words": {"en": [en], "es": [es]}, "next": follower, **more}


def sentences() -> dict[str, Any]:
    """The sentences that every menu needs."""
    return {
        "escalation_confirm": both(
            "Connecting you to 911. If nobody is in danger, say no or press star.",
            "Le conecto con el 9-1-1. Si nadie está en peligro, diga no u oprima asterisco.",
        ),
        "danger_question": both(
            "Is anyone in danger right now? Say yes or press 1. Say no or press 2.",
            "¿Hay alguien en peligro en este momento? Diga sí u oprima 1. Diga no u oprima 2.",
        ),
        "connecting_911": both(
            "I am connecting you to 911 now. Please stay on the line.",
            "Le estoy conectando con el 9-1-1. Por favor, no cuelgue.",
        ),
        "to_a_person": both("I am taking you to a person.", "Le paso con una persona."),
    }


def greeting(follower: str) -> dict[str, Any]:
    """The choice of a language."""
    return {
        "kind": "language",
        "greeting": [
            {"language": "en", "text": "Tucson 3-1-1. Emergency, press 9."},
            {"language": "es", "text": "Emergencia, oprima 9."},
        ],
        "options": [
            {
                "language": "en",
                "key": "1",
                "words": ["english"],
                "text": "For English, press 1.",
            },
            {
                "language": "es",
                "key": "2",
                "words": ["español"],
                "text": "Para español, oprima 2.",
            },
        ],
        "reprompts": [
            both("For English, press 1 or say English.", "Para español, oprima 2 o diga español."),
            both(
                "Press 1 for English. For a person, press 0.",
                "Oprima 2 para español. Para una persona, oprima 0.",
            ),
        ],
        "next": follower,
        "opening": follower,
        "timeout_seconds": 7,
    }


def line(en: str, es: str, **more: Any) -> dict[str, Any]:
    """Into the waiting line."""
    return {
        "kind": "line",
        "priority": "ordinary",
        "skill": "general",
        "text": both(en, es),
        **more,
    }


def small_menu() -> dict[str, Any]:
    """Greeting, a question, two answers and a person; nothing to mend."""
    return {
        "key": "menu",
        "start": "greeting",
        "sentences": sentences(),
        "nodes": {
            "greeting": greeting("open_now"),
            "open_now": {
                "kind": "branch",
                "by": "hours",
                "cases": {"open": "need", "closed": "closed"},
                "otherwise": "closed",
            },
            "need": {
                "kind": "choose",
                "prompt": prompt(
                    "For trash pickup, press 1. For anything else, press 2.",
                    "Para la recolección de basura, oprima 1. Para otra cosa, oprima 2.",
                ),
                "options": [
                    option("1", "trash", "trash", "basura"),
                    option("2", "person", "other", "otra cosa"),
                ],
            },
            "trash": {
                "kind": "information",
                "text": both(
                    "Trash carts go out by 6 in the morning on your pickup day.",
                    "Los botes de basura se sacan antes de las 6 de la mañana el día de su recolección.",
                ),
                "source": "Environmental Services",
                "verified_on": None,
                "prompt": prompt(
                    "To hear it again, press 1. To talk to someone, press 2.",
                    "Para oírlo otra vez, oprima 1. Para hablar con alguien, oprima 2.",
                ),
                "options": [
                    {"key": "1", "words": both_words("again", "otra vez"), "does": "repeat"},
                    option("2", "person", "someone", "alguien"),
                ],
            },
            "person": line("I am taking you to a person.", "Le paso con una persona."),
            "closed": {
                "kind": "goodbye",
                "text": both(
                    "The line is closed now. It opens {opens_at}.",
                    "La línea está cerrada. Abre {opens_at}.",
                ),
            },
        },
    }


def both_words(en: str, es: str) -> dict[str, list[str]]:
    """What a caller may say, in both languages."""
    return {"en": [en], "es": [es]}


def large_menu(questions: int = 40) -> dict[str, Any]:
    """Many questions in a row, each with answers of its own."""
    menu = small_menu()
    nodes = menu["nodes"]
    for number in range(questions):
        following = f"question_{number + 1}" if number + 1 < questions else "person"
        nodes[f"question_{number}"] = {
            "kind": "choose",
            "prompt": prompt(
                f"For subject {number}, press 1. For the next, press 2.",
                f"Para el tema {number}, oprima 1. Para el siguiente, oprima 2.",
            ),
            "options": [
                option("1", f"answer_{number}", "this", "este"),
                option("2", following, "next", "siguiente"),
            ],
        }
        nodes[f"answer_{number}"] = line(
            f"A person helps you with subject {number}.",
            f"Una persona le ayuda con el tema {number}.",
        )
    nodes["need"]["options"][1]["next"] = "question_0"
    return menu


def catalogue() -> dict[str, Any]:
    """What nodes can refer to."""
    return {
        "intents": [
            {"slug": "pothole", "title": "Pothole"},
            {"slug": "water_leak", "title": "Water leak"},
            {"slug": "other", "title": "Something else"},
        ],
        "jurisdictions": ["tucson", "south_tucson", "pima_county"],
        "directory": [{"key": "animal_care", "name": "Pima Animal Care Center"}],
        "lines": ["main"],
        "skills": ["general", "spanish"],
        "switches": [{"key": "storm", "is_on": False}, {"key": "heat", "is_on": True}],
        "recordings": [{"id": "a" * 64, "name": "welcome.wav", "seconds": 4.2}],
    }
