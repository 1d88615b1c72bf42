"""A small menu with every road that leaves the menu and comes back: one key each."""

from ivr.rules.menu import Graph, compile_graph
from ivr.runtime import DirectoryEntry
from models.states import Language

RECORDED = "ab" * 32


def both(text: str) -> dict[str, str]:
    return {"en": text, "es": f"{text} (es)"}


def prompt(text: str) -> dict:
    return {"text": both(text), "reprompts": [both(f"{text} Again."), both(f"{text} Once more.")]}


def option(key: str, **about: object) -> dict:
    return {"key": key, "words": {"en": [f"word {key}"], "es": [f"palabra {key}"]}, **about}


NODES = {
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
        "reprompts": [both("Which language?"), both("English or Spanish?")],
        "next": "roads",
        "opening": "roads",
    },
    "roads": {
        "kind": "choose",
        "prompt": prompt("Choose a road."),
        "options": [
            option("1", next="message"),
            option("2", next="call_me"),
            option("3", next="cooling"),
            option("4", next="parks"),
            option("5", next="status"),
            option("6", next="known"),
            option("7", next="sung"),
        ],
    },
    "message": {
        "kind": "voicemail",
        "text": both("Your message is recorded. Speak after the tone."),
        "longest_seconds": 90,
        "thanks": both("Thank you for your message."),
    },
    "call_me": {
        "kind": "call_back",
        "prompt": prompt("We can call the number that ends in {number}."),
        "options": [option("1", does="call_back"), option("2", next="roads")],
        "done": "promised",
        "declined": "roads",
    },
    "promised": {"kind": "goodbye", "text": both("We will call you.")},
    "cooling": {
        "kind": "information",
        "source": "a page",
        "verified_on": None,
        "text": both("Cooling centers are open."),
        "text_message": both("Cooling centers: ask 3-1-1."),
        "prompt": prompt("For a text, press 1."),
        "options": [option("1", does="text_me"), option("2", does="repeat")],
    },
    "parks": {
        "kind": "transfer",
        "to": "parks",
        "text": both("I am ringing the parks."),
        "failed": "nobody",
    },
    "nobody": {
        "kind": "choose",
        "prompt": prompt("Nobody answered."),
        "options": [option("1", next="roads"), option("2", next="roads")],
    },
    "status": {
        "kind": "status",
        "prompt": prompt("Enter the number of your report, then press pound."),
        "found": both("Number {request_number}, {service}, is {status}."),
        "not_found": both("There is no such report."),
        "next": "roads",
        "give_up": "to_line",
    },
    "known": {
        "kind": "branch",
        "by": "caller",
        "cases": {"seen": "welcome_back"},
        "otherwise": "welcome",
    },
    "welcome_back": {"kind": "say", "text": both("Welcome back."), "next": "roads"},
    "welcome": {"kind": "say", "text": both("Welcome."), "next": "roads"},
    "sung": {
        "kind": "say",
        "text": {
            "en": {"text": "A recorded notice.", "recording": RECORDED},
            "es": {"text": "Un aviso grabado.", "recording": RECORDED},
        },
        "next": "roads",
    },
    "to_line": {
        "kind": "line",
        "priority": "ordinary",
        "skill": "general",
        "text": both("To a person."),
    },
}

DOCUMENT = {
    "key": "menu",
    "start": "greeting",
    "sentences": {
        "escalation_confirm": both("Connecting you to 911. If nobody is in danger, say no."),
        "danger_question": both("Is anyone in danger right now?"),
        "connecting_911": both("I am connecting you to 911 now."),
        "to_a_person": both("I am taking you to a person."),
        "text_sent": both("I am sending it."),
        "text_not_sent": both("I cannot send it."),
    },
    "nodes": NODES,
}


def wide_menu() -> Graph:
    return compile_graph(DOCUMENT)


def entry(key: str, last: str, fall_back: str = "human_line", line: str = "") -> DirectoryEntry:
    name = {Language.EN: key, Language.ES: key}
    return DirectoryEntry(key, name, f"+15205550{last}", 20, line, fall_back)


class WideMenus:
    """The wide menu as the only published one, and perhaps a trial."""

    def __init__(self, trial: tuple[str, Graph] | None = None) -> None:
        self._graph = wide_menu()
        self._trial = trial

    def live(self) -> tuple[str, Graph]:
        return "1" * 32, self._graph

    def pinned(self, publication_id: str) -> Graph:
        if self._trial and publication_id == self._trial[0]:
            return self._trial[1]
        return self._graph

    def trial(self) -> tuple[str, Graph] | None:
        return self._trial
