"""The facts around a caller as a proof sees them: each that is read is read in every way.

A turn is run once; every fact that it asked for is then changed in turn, and the turn is run again,
until each combination that this turn can tell apart was seen. Facts that no turn asks for cost
nothing. Within one turn a fact stays as it is; between two turns it may change, because hours end,
switches are thrown and lines grow while people talk.

Stands in for the city's readers: words that a proof says mean what the proof says they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from ivr.rules.actions import Action, Listen, Spoken
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.hours import Opening
from ivr.rules.menu import answer
from ivr.rules.menu_branches import length_case
from ivr.rules.menu_nodes import BranchNode, Graph, Text
from ivr.rules.menu_state import CallerInput, MenuState, Readers, RequestStatus, Turn
from ivr.rules.spoken_place import PlaceFound, SpokenPlace
from models.states import EmergencyLevel, Language

HOLIDAY = "Independence Day"
REQUEST_FOUND = "31142"
REQUEST_NOT_FOUND = "99199"
_A_WAIT_SECONDS = 240.0
_TAIL = "0 1 4 2"


@dataclass(frozen=True, slots=True)
class Wording:
    """What words mean in a proof: everything else means nothing."""

    danger: Mapping[str, EmergencyLevel] = field(default_factory=dict)
    intents: Mapping[str, Heard] = field(default_factory=dict)
    places: Mapping[str, PlaceFound] = field(default_factory=dict)


Choice = tuple[str, Any]
"""A value of a fact and its name in an example; the name "" is the usual value."""


class Facts:
    """Readers whose facts a proof chooses, one combination after another."""

    def __init__(self, graph: Graph, wording: Wording, now: datetime) -> None:
        self._wording = wording
        self._tomorrow = now + timedelta(hours=14)
        self._holidays = any(
            isinstance(node, BranchNode) and node.by == "holiday" for node in graph.nodes.values()
        )
        self._lengths = _lengths(graph)
        came = ((f"sends {words}", place) for words, place in wording.places.items())
        self._texted: tuple[Choice, ...] = (("", None), *came)
        self._script: list[int] = []
        self._asked: list[tuple[str, int, int]] = []
        self._known: dict[str, Choice] = {}

    # One combination after another.

    def begin(self, script: list[int]) -> None:
        """Take the choices of `script` in the order in which facts are asked for, then the usual."""
        self._script = script
        self._asked = []
        self._known = {}

    def following(self) -> list[int] | None:
        """The script after the one just run; None when every combination was seen."""
        taken = self._asked
        if not taken:
            return None
        while taken and taken[-1][1] + 1 >= taken[-1][2]:
            taken = taken[:-1]
        if not taken:
            return None
        return [choice for _, choice, _ in taken[:-1]] + [taken[-1][1] + 1]

    def named(self) -> tuple[str, ...]:
        """The unusual facts of the turn just run, for its example."""
        if not self._known:
            return ()
        return tuple(name for name, _ in self._known.values() if name)

    def _pick(self, fact: str, choices: tuple[Choice, ...]) -> Any:
        known = self._known.get(fact)
        if known is None:
            at = len(self._asked)
            number = self._script[at] if at < len(self._script) else 0
            self._asked.append((fact, number, len(choices)))
            known = self._known[fact] = choices[number]
        return known[1]

    # The readers of words.

    def emergency(self, words: str, _language: Language) -> EmergencyReading:
        """Danger as the proof words it."""
        level = self._wording.danger.get(words)
        if level is None:
            return EmergencyReading()
        return EmergencyReading(level, "as worded", (words,))

    def intent(self, words: str, _language: Language) -> Heard:
        """An intent as the proof words it."""
        return self._wording.intents.get(words) or Heard()

    def place(self, words: str, _language: Language) -> PlaceFound | None:
        """A place as the proof words it."""
        return self._wording.places.get(words)

    def amended(self, _earlier: SpokenPlace, _words: str, _language: Language) -> PlaceFound | None:
        """A part that is changed leads where a whole place said anew does: it is not told apart."""
        return None

    # The facts.

    def opening(self, line: str, _now: datetime) -> Opening:
        """Open and closed, on a holiday and not where a branch tells them apart."""
        choices: tuple[Choice, ...] = (
            ("", Opening(is_open=True)),
            (f"{line} closed", Opening(is_open=False, next_open=self._tomorrow)),
        )
        if self._holidays:
            closed = Opening(is_open=False, next_open=self._tomorrow, holiday=HOLIDAY)
            choices += (
                (f"{line} closed for a holiday", closed),
                (f"{line} open on a holiday", Opening(is_open=True, holiday=HOLIDAY)),
            )
        return cast(Opening, self._pick(f"hours {line}", choices))

    def switch(self, name: str) -> bool:
        """Off and on."""
        return bool(self._pick(f"switch {name}", (("", False), (f"{name} on", True))))

    def line_length(self) -> int:
        """Nobody in line, then each length that a branch tells apart."""
        return cast(int, self._pick("length", self._lengths))

    def wait_seconds(self) -> float | None:
        """A wait, and none that is known."""
        return cast(
            float | None, self._pick("wait", (("", _A_WAIT_SECONDS), ("wait unknown", None)))
        )

    def seen_before(self) -> bool:
        """A first call, and a number that called before."""
        return bool(self._pick("caller", (("", False), ("called before", True))))

    def can_link(self) -> bool:
        """A telephone that takes a location link, and one that does not."""
        return bool(self._pick("link", (("", True), ("no location link", False))))

    def texted_place(self) -> PlaceFound | None:
        """No place yet, then one of each kind that the menu tells apart."""
        return cast(PlaceFound | None, self._pick("texted", self._texted))

    @property
    def can_text(self) -> bool:
        """A telephone that takes messages, and one that does not."""
        return bool(self._pick("texting", (("", True), ("no text messages", False))))

    @property
    def own_number(self) -> str:
        """A number that is shown, and one that is withheld."""
        return cast(str, self._pick("number", (("", _TAIL), ("number withheld", ""))))

    def request_status(self, number: str) -> RequestStatus | None:
        """One request is known."""
        if number != REQUEST_FOUND:
            return None
        return RequestStatus(
            number,
            {Language.EN: "pothole", Language.ES: "bache"},
            {Language.EN: "open", Language.ES: "abierto"},
        )

    def announcements(self, _now: datetime) -> tuple[Text, ...]:
        """Announcements are examined by themselves."""
        return ()

    def intent_name(self, slug: str, _language: Language) -> str:
        """An intent's slug in words."""
        return slug.replace("_", " ")


class Seen(NamedTuple):
    """One way that a turn can go, and the unusual facts with which it goes it."""

    turn: Turn
    facts: tuple[str, ...]


def ways(
    graph: Graph, facts: Facts, state: MenuState, heard: CallerInput, now: datetime
) -> list[Seen]:
    """Every way that one input at one state can go, by the real interpreter."""
    readers = cast(Readers, facts)
    found: list[Seen] = []
    script: list[int] | None = []
    while script is not None:
        facts.begin(script)
        turn = answer(graph, state, heard, now, readers)
        found.append(Seen(turn, facts.named()))
        script = facts.following()
    return found


def usual_way(
    graph: Graph, facts: Facts, state: MenuState, heard: CallerInput, now: datetime
) -> list[Seen]:
    """The one way that goes with the usual facts: open, no switch, nobody in line."""
    facts.begin([])
    return [Seen(answer(graph, state, heard, now, cast(Readers, facts)), ())]


def one_way(
    graph: Graph,
    facts: Facts,
    state: MenuState,
    heard: CallerInput,
    now: datetime,
    wanted: tuple[str, ...],
) -> Seen | None:
    """The way that goes with just the facts of an example; None when there is none."""
    if not wanted:
        return usual_way(graph, facts, state, heard, now)[0]
    return next((s for s in ways(graph, facts, state, heard, now) if s.facts == wanted), None)


def _lengths(graph: Graph) -> tuple[Choice, ...]:
    """Lengths of the line that some branch of the graph tells apart, 0 first."""
    branches = [
        node
        for node in graph.nodes.values()
        if isinstance(node, BranchNode) and node.by == "line_length"
    ]
    edges = {0}
    for case in (case for node in branches for case in node.cases):
        numbers = [int(n) for n in case.removesuffix("+").split("-") if n.isdigit()]
        edges |= {n for number in numbers for n in (number, number + 1)}
    told: dict[tuple[str, ...], int] = {}
    for length in sorted(edges):
        told.setdefault(tuple(length_case(node.cases, length) for node in branches), length)
    return tuple((f"{length} in line" if length else "", length) for length in told.values())


def spoken_of(action: Action) -> tuple[Spoken, ...]:
    """All that the last action of a turn speaks."""
    if isinstance(action, Listen):
        return action.prompt
    return tuple(getattr(action, "sentence", ()))
