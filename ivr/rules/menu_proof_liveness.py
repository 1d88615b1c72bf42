"""What of a caller's past can still matter at a node: the key of the proof's abstraction.

A wish, a place or an answer that no node ahead will ever read again cannot change anything, so
two callers who differ only in it are one. "Ahead" includes going back by star. Errs to the side of
remembering: a wish that is kept in vain costs time, one that is dropped would cost a proof.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.rules.menu_links import links, options_of
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    BranchNode,
    ConfirmNode,
    Graph,
    Listening,
    Node,
    Passing,
    VoicemailNode,
)
from ivr.rules.menu_state import MenuState


@dataclass(frozen=True, slots=True)
class Alive:
    """What can still matter at a node."""

    intent: bool = False
    place: bool = False
    answers: bool = False
    readbacks: bool = False


def alive(graph: Graph) -> Mapping[str, Alive]:
    """What can still matter at each node of a graph."""
    ways = {node_id: tuple(links(node)) for node_id, node in graph.nodes.items()}
    back = _back(graph, ways)
    every: dict[str, set[str]] = defaultdict(set)
    wishing: dict[str, set[str]] = defaultdict(set)
    for node_id, node in graph.nodes.items():
        for way, to in ways[node_id]:
            every[to].add(node_id)
            if not _sets_wish(node, way):
                wishing[to].add(node_id)
        for before in back.get(node_id, ()):
            every[before].add(node_id)
            wishing[before].add(node_id)
    return _combined(graph, every, wishing)


def _combined(
    graph: Graph, every: Mapping[str, set[str]], wishing: Mapping[str, set[str]]
) -> Mapping[str, Alive]:
    nodes = graph.nodes
    intent = _reaching({n for n, node in nodes.items() if _reads_wish(node)}, wishing)
    place = _reaching({n for n, node in nodes.items() if _reads_place(node)}, every)
    confirms = {n: node for n, node in nodes.items() if isinstance(node, ConfirmNode)}
    readbacks = _reaching(set(confirms), every)
    asked = {n for n, node in confirms.items() if node.of.startswith("answer:")}
    answers = _reaching(asked, every)
    return {n: Alive(n in intent, n in place, n in answers, n in readbacks) for n in nodes}


def key_of(
    state: MenuState, living: Mapping[str, Alive], named: frozenset[str]
) -> tuple[object, ...]:
    """All of a state that can matter; `named` are the intents that some branch tells apart.

    Counters are left out: a proof examines them at their edges.
    """
    matters = living.get(state.node, Alive())
    wish = state.intent.intent
    place = state.place
    return (
        state.node,
        state.language if state.language_chosen else "",
        state.pending,
        state.asked,
        (wish if wish in named else bool(wish)) if matters.intent else "",
        (None if place is None else place.jurisdiction) if matters.place else "",
        tuple(sorted(state.answers)) if matters.answers else (),
        tuple(sorted(state.readbacks.items())) if matters.readbacks else (),
        state.given_time,
    )


def _reads_wish(node: Node) -> bool:
    by = isinstance(node, BranchNode) and node.by == "intent"
    return by or (isinstance(node, ConfirmNode) and node.of == "intent")


def _reads_place(node: Node) -> bool:
    if isinstance(node, BranchNode):
        return node.by == "jurisdiction"
    return isinstance(node, AskLocationNode) or (
        isinstance(node, ConfirmNode) and node.of == "place"
    )


def _sets_wish(node: Node, way: str) -> bool:
    """Say whether going this way always says what the caller wants."""
    if way == "opening" or (isinstance(node, AskIntentNode) and way in {"next", "unclear"}):
        return True
    return any(f"key {option.key}" == way and option.intent for option in options_of(node))


def _reaching(goals: set[str], before: Mapping[str, set[str]]) -> set[str]:
    """All nodes from which some goal can be reached, the goals among them."""
    found, waiting = set(goals), list(goals)
    while waiting:
        for node_id in before.get(waiting.pop(), ()):
            if node_id not in found:
                found.add(node_id)
                waiting.append(node_id)
    return found


def _back(graph: Graph, ways: Mapping[str, tuple[tuple[str, str], ...]]) -> Mapping[str, set[str]]:
    """Where star can lead: each prompt to those from which it is the next prompt."""
    found: dict[str, set[str]] = defaultdict(set)
    for node_id, node in graph.nodes.items():
        if isinstance(node, Listening | VoicemailNode):
            for prompt in _next_prompts(graph, ways, node_id):
                found[prompt].add(node_id)
    return found


def _next_prompts(
    graph: Graph, ways: Mapping[str, tuple[tuple[str, str], ...]], node_id: str
) -> Iterator[str]:
    """Prompts that can be the next after a node; those that may be skipped lead on as well."""
    waiting, seen = [to for _, to in ways[node_id]], set[str]()
    while waiting:
        name = waiting.pop()
        node = graph.nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if not isinstance(node, Passing):
            yield name
        if isinstance(node, Passing | AskLocationNode | ConfirmNode):
            waiting += [to for _, to in ways[name]]
