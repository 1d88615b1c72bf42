"""The proof's exploration: every state that a caller can be in, by the real interpreter.

Breadth-first from the first ring, so that the first way found to anything is a shortest one. The
argument, so that it can be judged:

1. *Turns end.* The interpreter counts turns and sends whoever has taken `TURN_LIMIT` to a person;
   each turn enters at most `STEP_LIMIT` nodes. So every call ends, whatever the graph; what a
   graph can get wrong is *where* it ends, whether the menu itself offers a way out, and whether
   the caller is told. That is what is explored.
2. *Counters stand apart.* Misses at a prompt, misses in the call and turns are compared with a
   limit and with nothing else, so they are not multiplied into the states. At every prompt they
   are examined at their edges: silence and rubbish played on until they end, the last miss of a
   call, the last turn.
3. *The past is what can still matter.* Two callers at one prompt in one language who differ only
   in what no node ahead reads are one state (`menu_proof_liveness`).
4. *Star is closed over.* Where star leads depends on the prompt before, which is not part of a
   state. So for every state, every prompt that was ever followed by this one counts as the prompt
   before, and what lies there is explored too. That is more than can happen, never less.
5. *Facts are all of them*, each time one is read (`menu_proof_facts`).

So each state of the real menu has a state here that goes every way it goes. Judges nothing.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ivr.rules.actions import Action, Ending, JoinLine
from ivr.rules.menu import begin
from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_nodes import BranchNode, Graph, LocationLinkNode
from ivr.rules.menu_proof_facts import Facts, Seen, one_way, usual_way, ways
from ivr.rules.menu_proof_inputs import (
    SILENCE,
    Does,
    Step,
    Vocabulary,
    choices,
    exits,
    heard_in,
    once,
    press,
    twins,
)
from ivr.rules.menu_proof_liveness import alive, key_of
from ivr.rules.menu_state import CallerInput, Link, MenuState, Pending, Turn
from models.states import Language

MOST_TURNS = 300_000
"""Turns that are examined at most; a menu that needs more is refused as too large to prove."""
_TOLD_EVERY = 500
END = -1
"""The number of the state after an ending."""


@dataclass(slots=True)
class Way:
    """One way from a state by one step: where it leads, and what of the turn is judged later.

    `facts` are the unusual facts that it took, `path` the nodes entered, `action` what the turn
    ended with. `at`, `language`, `chosen`, `pending` and `quiet` (a wait without words) are the
    state's after it. `why` says why the interpreter took the caller into the line. Not frozen,
    because there are very many; nobody changes one.
    """

    source: int
    step: Step
    facts: tuple[str, ...]
    target: int
    path: tuple[str, ...]
    action: Action
    at: str
    language: Language
    chosen: bool
    pending: Pending
    quiet: bool
    why: str


@dataclass(slots=True)
class Explored:
    """All states, in the order of their distance, and all ways between them.

    `first[n]` is the way by which state n was found first, None for the first of all. `entered`
    holds the first way into each node. `too_large` says that the exploration was given up.
    """

    states: list[MenuState] = field(default_factory=list)
    first: list[Way | None] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    entered: dict[str, Way] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)
    turns: int = 0
    too_large: bool = False

    def example(self, way: Way) -> tuple[str, ...]:
        """The steps from the first ring that end with a way."""
        chain = []
        at: Way | None = way
        while at is not None:
            chain.append(at)
            at = self.first[at.source] if at.source != END else None
        return tuple(name for one in reversed(chain) for name in self.names(one))

    @staticmethod
    def names(way: Way) -> tuple[str, ...]:
        """The name of a way's step; the first ring has one only where facts belong to it."""
        facts = f" ({', '.join(way.facts)})" if way.facts else ""
        if way.source == END:
            return (f"call{facts}",) if facts else ()
        return (way.step.name + facts,)

    def example_of(self, state: int) -> tuple[str, ...]:
        """The steps from the first ring to a state."""
        way = self.first[state]
        return () if way is None else self.example(way)


class Explorer:
    """Explores one graph."""

    def __init__(
        self,
        graph: Graph,
        city: CityFacts,
        now: datetime,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.graph = graph
        self.now = now
        self.words = Vocabulary(graph, city)
        self.facts = Facts(graph, self.words.wording, now)
        self.found = Explored()
        self._living = alive(graph)
        self._named_wishes = _named_wishes(graph)
        self._numbers: dict[tuple[object, ...], int] = {}
        self._waiting: deque[int] = deque()
        self._met: set[str | tuple[str, str]] = set()
        self._before: dict[str, set[str]] = defaultdict(set)
        self._gone_back: set[tuple[object, ...]] = set()
        self._progress = progress

    def explore(self) -> Explored:
        """Explore until nothing new is found, or until it is too much."""
        ring = Step("", CallerInput(silent=True), SILENCE.does)
        self._take(END, begin(self.graph), ring)
        while self._waiting and not self.found.too_large:
            self._examine(self._waiting.popleft())
            if not self._waiting:
                self._close_over_star()
        return self.found

    def _tell(self) -> None:
        """Tell of progress, and stop what would take forever."""
        if self._progress is not None:
            known = len(self.found.states)
            self._progress(min(0.99, (known - len(self._waiting)) / max(1, known)))
        self.found.too_large = self.found.turns > MOST_TURNS

    def _examine(self, number: int) -> None:
        state = self.found.states[number]
        if state.pending is not Pending.NONE:
            for step in _about_danger():
                self._take(number, state, step)
            return
        node = self.graph.nodes[state.node]
        for step in choices(node, state.language, self.words):
            self._take(number, state, step)
        if state.given_time:
            return
        if state.node not in self._met:
            self._met.add(state.node)
            for step in once(node):
                self._take(number, state, step)
            for step in twins(node):
                self._take(number, state, step, usual=True)
        met = (state.node, state.language if state.language_chosen else "")
        if met not in self._met:
            self._met.add(met)
            self.found.fresh.append(number)
            for step in exits(node):
                self._take(number, state, step)

    def _take(self, number: int, state: MenuState, step: Step, *, usual: bool = False) -> None:
        """Take a step in every way, or in the usual one where it must only equal another step."""
        look = usual_way if usual else ways
        found = look(self.graph, self.facts, state, step.heard, self.now)
        for seen in found:
            self._add(number, step, seen)
        before, self.found.turns = self.found.turns, self.found.turns + len(found)
        if before // _TOLD_EVERY != self.found.turns // _TOLD_EVERY:
            self._tell()

    def _add(self, source: int, step: Step, seen: Seen) -> None:
        """Keep a way, and the state that it leads to if that is new."""
        turn, found = seen.turn, self.found
        after, action, path = turn.state, turn.actions[-1], turn.state.path
        target = END if isinstance(action, Ending) else self._number(after)
        way = Way(
            source,
            step,
            seen.facts,
            target,
            turn.path,
            action,
            after.node,
            after.language,
            after.language_chosen,
            after.pending,
            after.given_time,
            _why(turn) if isinstance(action, JoinLine) else "",
        )
        if target == len(found.first):
            found.first.append(way)
        found.ways.append(way)
        for node_id in turn.path:
            if node_id not in found.entered:
                found.entered[node_id] = way
        if target != END and len(path) > 1:
            self._before[path[-1]].add(path[-2])

    def _number(self, state: MenuState) -> int:
        """The number of a state; a new one if nothing like it was seen."""
        key = key_of(state, self._living, self._named_wishes)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.found.states)
            waits = isinstance(self.graph.nodes.get(state.node), LocationLinkNode)
            link = state.link if waits else Link.NONE
            kept = replace(state, misses=0, misses_in_call=0, turns=1, link=link)
            self.found.states.append(kept)
            self._waiting.append(number)
        return number

    def _close_over_star(self) -> None:
        """Go back from every state to every prompt that can have been the one before."""
        star = press("*", Does.BACK)
        for number, state in enumerate(list(self.found.states)):
            if state.pending is not Pending.NONE or self.found.too_large:
                continue
            for before in sorted(self._before.get(state.node, ())):
                key = key_of(state, self._living, self._named_wishes, back_to=before)
                if key not in self._numbers and key not in self._gone_back:
                    self._gone_back.add(key)
                    self._take(number, replace(state, path=(before, state.node)), star)


def _why(turn: Turn) -> str:
    """Why a caller was put into the line."""
    notes = (note for note in turn.journal if note.kind == "line_chosen")
    return next((str(note.data.get("why", "")) for note in notes), "")


def _about_danger() -> Iterator[Step]:
    """What can be answered to a question about danger."""
    yield from (SILENCE, *(press(key) for key in "12*90"))


def _named_wishes(graph: Graph) -> frozenset[str]:
    branches = (node for node in graph.nodes.values() if isinstance(node, BranchNode))
    return frozenset(case for node in branches if node.by == "intent" for case in node.cases)


def replay(graph: Graph, city: CityFacts, now: datetime, example: tuple[str, ...]) -> list[Turn]:
    """Play an example through the interpreter; the turns, that of the first ring among them.

    Raises:
        ValueError: a step of it cannot be played: it is no example of this menu.
    """
    facts = Facts(graph, Vocabulary(graph, city).wording, now)
    steps = list(example)
    ring = steps.pop(0) if steps and steps[0].startswith("call") else "call"
    turns: list[Turn] = []
    state, heard = begin(graph), CallerInput(silent=True)
    for named in (ring, *steps):
        name, wanted = _parted(named)
        heard = CallerInput(silent=True) if name == "call" else heard_in(name)
        seen = one_way(graph, facts, state, heard, now, wanted)
        if seen is None:
            raise ValueError(f"{named!r} does not happen")
        turns.append(seen.turn)
        state = seen.turn.state
    return turns


def _parted(named: str) -> tuple[str, tuple[str, ...]]:
    """A step's name and its facts."""
    name, opened, facts = named.partition(" (")
    return name, tuple(facts.removesuffix(")").split(", ")) if opened else ()
