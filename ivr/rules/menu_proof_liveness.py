"""What of a caller's past can still matter at a node: the key of the proof's abstraction.

A wish, a place or an answer that no node ahead will read before it is given anew cannot change
anything, so two callers who differ only in it are one. "Ahead" includes going back by star. Errs
to the side of remembering: a wish kept in vain costs time, one dropped would cost a proof.

Three things are dropped although a node ahead does look at them, because what follows is explored
all the same. A place that is known lets a question for it be skipped: what comes then is what
comes after every answer to that question. A read-back that was refused twice is given up at once:
what comes then is what comes after the second refusal itself, and so that count is kept along the
shortest way from a refusal to the next read-back, where it must be for the giving up to be found.
A location link that was sent or used is not sent again: what comes then is what comes after the last
silence in which it was waited for, and after the place that came by it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ivr.rules.menu_links import links, options_of
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    BranchNode,
    ConfirmNode,
    Graph,
    Listening,
    LocationLinkNode,
    Node,
    Passing,
    VoicemailNode,
)
from ivr.rules.menu_state import MenuState, Pending


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
    wish = _living(graph, ways, back, _reads_wish, _sets_wish)
    place = _living(graph, ways, back, _reads_place, _sets_place)
    answers = _living(graph, ways, back, _reads_answer, _sets_answer)
    refused = _between_refusals(graph, ways)
    return {n: Alive(n in wish, n in place, n in answers, n in refused) for n in graph.nodes}


def _living(
    graph: Graph,
    ways: Mapping[str, tuple[tuple[str, str], ...]],
    back: Mapping[str, set[str]],
    reads: Callable[[Node], bool],
    sets: Callable[[Node, str], bool],
) -> set[str]:
    """Nodes from which something is read before it is set, back along ways that do not set it."""
    before: dict[str, set[str]] = defaultdict(set)
    for node_id, node in graph.nodes.items():
        for way, to in ways[node_id]:
            if not sets(node, way):
                before[to].add(node_id)
        for earlier in back.get(node_id, ()):
            before[earlier].add(node_id)
    return _reaching({n for n, node in graph.nodes.items() if reads(node)}, before)


def _between_refusals(graph: Graph, ways: Mapping[str, tuple[tuple[str, str], ...]]) -> set[str]:
    """Read-backs, and the nodes on the shortest way from each one's change back to it."""
    found: set[str] = set()
    for node_id, node in graph.nodes.items():
        if isinstance(node, ConfirmNode):
            found |= {node_id, *_shortest(ways, node.change, node_id)}
    return found


def _shortest(
    ways: Mapping[str, tuple[tuple[str, str], ...]], start: str, goal: str
) -> Iterator[str]:
    """The nodes of a shortest way, both ends among them; none where there is no way."""
    came: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting and goal not in came:
        at = waiting.popleft()
        for _, to in ways[at]:
            if to not in came:
                came[to] = at
                waiting.append(to)
    at = goal if goal in came else ""
    while at:
        yield at
        at = came[at]


NOTHING = Alive()


def key_of(
    state: MenuState, living: Mapping[str, Alive], named: frozenset[str], back_to: str = ""
) -> tuple[object, ...]:
    """All of a state that can matter; `named` are the intents that some branch tells apart.

    Counters are left out: a proof examines them at their edges. A question about danger is one
    state, wherever it is asked: its answer is read before anything of the menu is. With `back_to` it is the key of
    the state that star leads to when that node was the prompt before.
    """
    language = state.language if state.language_chosen else ""
    if state.pending is not Pending.NONE:
        return language, state.pending
    node_id = back_to or state.node
    matters = living.get(node_id, NOTHING)
    wish = state.intent.intent
    place = None if back_to else state.place
    return (
        node_id,
        language,
        state.asked,
        (wish if wish in named else bool(wish)) if matters.intent else "",
        (None if place is None else place.jurisdiction) if matters.place else "",
        tuple(sorted(state.answers)) if matters.answers else (),
        tuple(sorted(state.readbacks.items())) if matters.readbacks else (),
        state.given_time and not back_to,
        0 if back_to else state.link_rounds,
    )


def _reads_wish(node: Node) -> bool:
    by = isinstance(node, BranchNode) and node.by == "intent"
    return by or (isinstance(node, ConfirmNode) and node.of == "intent")


def _reads_place(node: Node) -> bool:
    by = isinstance(node, BranchNode) and node.by == "jurisdiction"
    return by or (isinstance(node, ConfirmNode) and node.of == "place")


def _reads_answer(node: Node) -> bool:
    return isinstance(node, ConfirmNode) and node.of.startswith("answer:")


def _sets_wish(node: Node, way: str) -> bool:
    """Say whether going this way always says what the caller wants."""
    if way == "opening" or (isinstance(node, AskIntentNode) and way in {"next", "unclear"}):
        return True
    return any(f"key {option.key}" == way and option.intent for option in options_of(node))


def _sets_place(node: Node, way: str) -> bool:
    return isinstance(node, AskLocationNode | LocationLinkNode) and way == "next"


def _sets_answer(_node: Node, _way: str) -> bool:
    """Answers have names, and one of another name does not count: none is ever forgotten."""
    return False


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
