"""One turn of the interpreter on a generated menu of 300 nodes and two languages, in microseconds.

Beside it the plain dictionary walk: what a menu costs that only looks up the next node's text, with
no misses, no 911, no journal and no language. The machine's speed cancels out of the ratio.
"""

import statistics
from collections.abc import Callable, Iterator
from time import perf_counter_ns

from ivr.rules.menu import CallerInput, Graph, MenuState, answer, begin, compile_graph
from ivr.rules.menu_links import links
from tests.bench.figures import Figure
from tests.rules.menus_made import NOW, PLAIN, document, facts, language_node, node_of, text

NODES = 300
CALLS = 400
TURNS_A_CALL = 12
GOAL_MICROSECONDS = 50.0
_ENDINGS = {"line", "emergency", "human_line", "goodbye"}
_ASKING = tuple(kind for kind in PLAIN if kind not in _ENDINGS)
_TYPED = (
    CallerInput(digits="1"),
    CallerInput(speech="word2"),
    CallerInput(digits="2"),
    CallerInput(speech="there is a pothole"),
    CallerInput(silent=True),
    CallerInput(digits="3"),
    CallerInput(speech="yes"),
    CallerInput(digits="*"),
    CallerInput(event="recorded"),
    CallerInput(digits="12345678"),
)


def measure() -> Iterator[Figure]:
    """Measure turns of whole calls, then the dictionary walk over the same nodes."""
    graph = generated_menu()
    turns = _microseconds(_turns(graph))
    plain = _microseconds(_dictionary_steps(graph))
    median = statistics.median(turns)
    yield Figure("menu turn of 300 nodes, median", median, "us", GOAL_MICROSECONDS, at_least=False)
    yield Figure("menu turn of 300 nodes, p99", _p99(turns), "us")
    yield Figure("plain dictionary walk, median", statistics.median(plain), "us")
    yield Figure("menu turn, times a dictionary walk", median / statistics.median(plain), "x")


def generated_menu() -> Graph:
    """A menu of 300 nodes of every kind in turn, each leading on to three others."""
    names = [f"n{number}" for number in range(NODES - 2)]
    nodes = {"hello": language_node("n0", "n2"), "end": {"kind": "line", "text": text("The line.")}}
    for number, name in enumerate(names):
        ways = (names[(number * step + 1) % len(names)] for step in (1, 7, 31))
        nodes[name] = node_of(_ASKING[number % len(_ASKING)], *ways)
    return compile_graph(document(nodes, "hello"))


def _turns(graph: Graph) -> Iterator[Callable[[], object]]:
    """The turns of many calls; each is timed alone, with the state that the last one left."""
    known = facts()
    for call in range(CALLS):
        state = begin(graph)
        for number in range(TURNS_A_CALL):
            heard = _TYPED[(call + number * 3) % len(_TYPED)]
            if number == 0:
                heard = CallerInput(digits="1")
            turn = _Turn(graph, state, heard, known)
            yield turn
            state = turn.after
            if state.ended:
                break


class _Turn:
    """One turn to be timed; `after` is the state that it left."""

    def __init__(self, graph: Graph, state: MenuState, heard: CallerInput, known: object) -> None:
        self._given = (graph, state, heard, NOW, known)
        self.after = state

    def __call__(self) -> object:
        turn = answer(*self._given)
        self.after = turn.state
        return turn


def _dictionary_steps(graph: Graph) -> Iterator[Callable[[], object]]:
    """The yardstick: the next node by its key, and its text."""
    ways = {name: dict(links(node)) for name, node in graph.nodes.items()}
    texts = {name: getattr(node, "text", None) for name, node in graph.nodes.items()}
    for name in list(ways) * 12:
        yield lambda name=name: texts[ways[name].get("key 1") or ways[name].get("next", "end")]


def _microseconds(turns: Iterator[Callable[[], object]]) -> list[float]:
    times = []
    for turn in turns:
        began = perf_counter_ns()
        turn()
        times.append((perf_counter_ns() - began) / 1000)
    return times


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]
