"""Ways out: from every prompt the menu itself must lead to an end, and in a bearable time.

Key 0, silence and the limits of the interpreter get everybody out of everything; a menu that needs
them is a trap all the same. So only what the menu offers counts here: its options, its questions.
L21 (dead ends, circles, nodes that nobody reaches) and L02 (three choices, 60 seconds).
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivr.rules.actions import PlayRecording, Say, Spoken
from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding, LongestPath, Severity
from ivr.rules.menu_nodes import (
    AskIntentNode,
    ChooseNode,
    Ending,
    Graph,
    Handover,
    HumanLineNode,
    InformationNode,
    LineNode,
)
from ivr.rules.menu_proof import END, Explored, Way
from ivr.rules.menu_proof_facts import spoken_of
from ivr.rules.menu_proof_inputs import Does
from ivr.rules.menu_state import Pending
from ivr.rules.prompt_length import seconds_of
from models.states import Language

MOST_CHOICES_DEEP = 3
MOST_SECONDS = 60.0
_OFFERED = frozenset({Does.OPTION, Does.TWIN, Does.ANSWER, Does.EVENT})
_SOUGHT = InformationNode | LineNode | HumanLineNode | Handover
"""What callers ring for: an answer, a person, a message that is taken."""
_CHOOSING = ChooseNode | AskIntentNode | InformationNode


def offered(found: Explored) -> list[Way]:
    """The ways that the menu itself offers, and the first ring."""
    return [
        way
        for way in found.ways
        if way.source == END or (way.step.does in _OFFERED and way.target != way.source)
    ]


# Dead ends.


def dead_ends(graph: Graph, found: Explored) -> Iterator[Finding]:
    """L21: prompts from which nothing that the menu offers ever leads to an end."""
    onward: dict[int, set[int]] = defaultdict(set)
    before: dict[int, set[int]] = defaultdict(set)
    out = {n for n, state in enumerate(found.states) if state.pending is not Pending.NONE}
    out |= {
        n for n, state in enumerate(found.states) if isinstance(graph.nodes[state.node], Handover)
    }
    for way in offered(found):
        if way.target != END:
            onward[way.source].add(way.target)
            before[way.target].add(way.source)
        elif _is_an_end(graph, way):
            out.add(way.source)
    waiting = list(out)
    while waiting:
        fresh = before[waiting.pop()] - out
        out |= fresh
        waiting += fresh
    trapped = [n for n in range(len(found.states)) if n not in out]
    told: set[frozenset[str]] = set()
    for circle in _bottoms(trapped, onward):
        nodes = frozenset(found.states[n].node for n in circle)
        if nodes not in told:
            told.add(nodes)
            yield _trap(found, circle)


def _is_an_end(graph: Graph, way: Way) -> bool:
    """Say whether a way ends at a node that the menu means as an end."""
    if not way.path:
        return way.step.does is Does.EVENT
    return isinstance(graph.nodes[way.path[-1]], Ending)


def _trap(found: Explored, circle: list[int]) -> Finding:
    first = min(circle)
    where = found.states[first].node
    nodes = list(dict.fromkeys(found.states[n].node for n in sorted(circle)))
    what = (
        "is a dead end: nothing that it offers leads on to a person, an answer or a goodbye"
        if len(nodes) == 1
        else f"is in a circle that nothing leads out of: {', '.join(nodes[:8])}"
    )
    mend = "add an option to talk to someone, to go on, or to say goodbye"
    return Finding("L21", Severity.ERROR, where, None, what, mend, found.example_of(first))


def _bottoms(numbers: list[int], onward: Mapping[int, set[int]]) -> Iterator[list[int]]:
    """Groups of states that reach one another and nothing else, in the order of distance.

    Kosaraju's two walks: back along the ways from whatever the first walk left last.
    """
    inside = set(numbers)
    order = _finished(numbers, onward, inside)
    group_of: dict[int, int] = {}
    groups: list[list[int]] = []
    back: dict[int, list[int]] = defaultdict(list)
    for n in numbers:
        for to in onward.get(n, ()):
            back[to].append(n)
    for n in reversed(order):
        if n in group_of:
            continue
        group, waiting = [], [n]
        group_of[n] = len(groups)
        while waiting:
            at = waiting.pop()
            group.append(at)
            for one in back[at]:
                if one not in group_of:
                    group_of[one] = len(groups)
                    waiting.append(one)
        groups.append(group)
    for group in sorted(groups, key=min):
        if all(group_of.get(to) == group_of[n] for n in group for to in onward.get(n, ())):
            yield group


def _finished(numbers: list[int], onward: Mapping[int, set[int]], inside: set[int]) -> list[int]:
    """States in the order in which a walk in depth leaves them."""
    order: list[int] = []
    seen: set[int] = set()
    for start in numbers:
        if start in seen:
            continue
        seen.add(start)
        walk: list[tuple[int, Iterator[int]]] = [(start, iter(onward.get(start, ())))]
        while walk:
            at, following = walk[-1]
            to = next((n for n in following if n in inside and n not in seen), None)
            if to is None:
                order.append(at)
                walk.pop()
            else:
                seen.add(to)
                walk.append((to, iter(onward.get(to, ()))))
    return order


def unreached(graph: Graph, found: Explored, same: Mapping[str, str]) -> Iterator[Finding]:
    """L21: nodes that no caller ever enters. `same` names what each node is a copy of."""
    entered = {same.get(node_id, node_id) for node_id in found.entered}
    told: set[str] = set()
    for node_id in graph.nodes:
        origin = same.get(node_id, node_id)
        if origin not in entered and origin not in told:
            told.add(origin)
            yield Finding(
                "L21",
                Severity.ERROR,
                node_id,
                None,
                "is never reached by any caller",
                "lead to it from somewhere, or take it out",
            )


# Time and depth.


@dataclass(frozen=True, slots=True)
class Reached:
    """A node as it is reached soonest: after how many seconds and choices, by which way."""

    seconds: float
    choices: int
    way: Way
    language: Language


def spoken_seconds(spoken: Iterable[Spoken], city: CityFacts) -> float:
    """How long a turn speaks."""
    seconds, recordings = 0.0, city.recordings or {}
    for part in spoken:
        match part:
            case Say():
                seconds += seconds_of(part.text)
            case PlayRecording():
                seconds += recordings.get(part.recording) or seconds_of(part.text)
    return seconds


class Times:
    """How soon every node is reached by callers who answer each prompt at its end."""

    def __init__(self, graph: Graph, found: Explored, city: CityFacts) -> None:
        self._graph = graph
        self._found = found
        self._ways: dict[int, list[tuple[Way, float]]] = defaultdict(list)
        for way in offered(found):
            heard = spoken_seconds(spoken_of(way.action), city) - self._answer(way)
            self._ways[way.source].append((way, heard))
        self.by: dict[int, Way] = {}
        self.soonest = self._walk(seconds=True)
        self.fewest = self._walk(seconds=False)

    def _walk(self, *, seconds: bool) -> dict[tuple[str, Language], Reached]:
        """Dijkstra over the states, by seconds or by choices; the other is carried along."""
        reached: dict[tuple[str, Language], Reached] = {}
        done: set[int] = set()
        waiting: list[tuple[float, float, int]] = [(0.0, 0.0, END)]
        best = {END: 0.0}
        while waiting:
            cost, other, at = heapq.heappop(waiting)
            if at in done:
                continue
            done.add(at)
            chooses = self._chooses(at)
            for way, heard in self._ways[at]:
                one, two = (heard, float(chooses)) if seconds else (float(chooses), heard)
                self._reach(reached, way, (cost + one, other + two), seconds=seconds)
                if way.target != END and cost + one < best.get(way.target, float("inf")):
                    best[way.target] = cost + one
                    if seconds:
                        self.by[way.target] = way
                    heapq.heappush(waiting, (cost + one, other + two, way.target))
        return reached

    def _answer(self, way: Way) -> float:
        """Seconds of an answer itself: it is what the caller came for, not a way to it."""
        node = self._graph.nodes.get(way.at)
        entered = isinstance(node, InformationNode) and way.at in way.path
        return seconds_of(node.text[way.language].text) if entered else 0.0  # type: ignore[union-attr]

    def _chooses(self, number: int) -> bool:
        if number == END:
            return False
        return isinstance(self._graph.nodes[self._found.states[number].node], _CHOOSING)

    def _reach(
        self,
        reached: dict[tuple[str, Language], Reached],
        way: Way,
        cost: tuple[float, float],
        *,
        seconds: bool,
    ) -> None:
        language = way.language
        took, choices = cost if seconds else (cost[1], cost[0])
        for node_id in way.path:
            known = reached.get((node_id, language))
            if known is None or cost[0] < (known.seconds if seconds else known.choices):
                reached[node_id, language] = Reached(took, int(choices), way, language)

    def findings(self) -> Iterator[Finding]:
        """L02: every answer and every person within 60 s and three choices."""
        for node_id, node in self._graph.nodes.items():
            if not isinstance(node, _SOUGHT):
                continue
            for language in self._graph.languages:
                yield from self._too_far(node_id, node, language)

    def _too_far(self, node_id: str, node: object, language: Language) -> Iterator[Finding]:
        soon, few = self.soonest.get((node_id, language)), self.fewest.get((node_id, language))
        if soon is None or few is None:
            return
        took = soon.seconds - _own_seconds(node, language)
        if took > MOST_SECONDS:
            yield Finding(
                "L02",
                Severity.ERROR,
                node_id,
                language.value,
                f"is reached after {took:.0f} s of listening; at most {MOST_SECONDS:g}",
                "shorten what is heard before it, or lead to it from an earlier menu",
                self.example(soon),
            )
        if few.choices > MOST_CHOICES_DEEP:
            yield Finding(
                "L02",
                Severity.ERROR,
                node_id,
                language.value,
                f"is {few.choices} choices deep; at most {MOST_CHOICES_DEEP}",
                "lead to it from an earlier menu",
                self._found.example(few.way),
            )

    def example(self, reached: Reached) -> tuple[str, ...]:
        """The steps of the soonest way."""
        return tuple(name for way in self._chain(reached) for name in self._found.names(way))

    def _chain(self, reached: Reached) -> list[Way]:
        chain = [reached.way]
        while chain[-1].source != END:
            chain.append(self.by[chain[-1].source])
        return chain[::-1]

    def longest(self) -> LongestPath:
        """The slowest of the soonest ways to an answer or an end."""
        ends = [
            (reached.seconds - _own_seconds(self._graph.nodes[node_id], language), reached)
            for (node_id, language), reached in self.soonest.items()
            if isinstance(self._graph.nodes[node_id], _SOUGHT)
        ]
        if not ends:
            return LongestPath()
        seconds, slowest = max(ends, key=lambda end: end[0])
        nodes = tuple(node_id for way in self._chain(slowest) for node_id in way.path)
        return LongestPath(nodes, seconds, slowest.choices)

    def to_person(self) -> float | None:
        """Seconds until the nearest person, in the slower language; None without a way there."""
        nearest: dict[Language, float] = {}
        for (node_id, language), reached in self.soonest.items():
            if isinstance(self._graph.nodes[node_id], LineNode | HumanLineNode):
                nearest[language] = min(nearest.get(language, reached.seconds), reached.seconds)
        return max(nearest.values()) if len(nearest) == len(self._graph.languages) else None


def _own_seconds(node: object, language: Language) -> float:
    """What is said at an answer after it: the caller has arrived by then."""
    if not isinstance(node, InformationNode):
        return 0.0
    return seconds_of(node.prompt.text[language].text)
