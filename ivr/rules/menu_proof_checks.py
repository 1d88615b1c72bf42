"""What the exploration must never have shown: silence, rubbish, lost exits, endings nobody chose.

Looks at single ways and at single prompts; ways out of the whole are followed in `menu_proof_outs`.
Each finding carries the steps that lead there.
"""

from collections.abc import Iterator
from dataclasses import replace

from ivr.rules.actions import (
    Escalate,
    Goodbye,
    Handover,
    JoinLine,
    Listen,
    RingHumanLine,
    TakeVoicemail,
    TransferTo,
)
from ivr.rules.menu import TURN_LIMIT
from ivr.rules.menu_findings import Finding, Severity
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskNode,
    BranchNode,
    CallBackNode,
    ConfirmNode,
    Graph,
    LanguageNode,
    LocationLinkNode,
    Node,
    Prompting,
    StatusNode,
    TransferNode,
    VoicemailNode,
)
from ivr.rules.menu_proof import Explored, Explorer, Way
from ivr.rules.menu_proof_facts import one_way, spoken_of
from ivr.rules.menu_proof_inputs import NOTHING_MEANT, SILENCE, Does, Step, press
from ivr.rules.menu_state import MenuState, Pending, Turn
from ivr.rules.menu_steps import MISSES_AT_A_PROMPT, MISSES_IN_A_CALL

SHORTEST_LISTENING = 5.0
LONGEST_LISTENING = 10.0
_OURS = "the system itself must keep this, whatever the menu: tell whoever maintains it"
_LOST = {
    "the menu went in a circle": "goes round without ever asking anything",
    "node unknown": "leads to a node that does not exist",
    "node asks nothing": "leads to a node that asks nothing",
}
_AROUND = frozenset({"hours", "holiday", "caller", "line_length", "switch", "jurisdiction"})
"""What a caller does not choose by choosing an option."""


def judge(graph: Graph, explorer: Explorer) -> Iterator[Finding]:
    """Find everything about single ways and single prompts, each thing once for a node."""
    seen: set[tuple[str, str, str]] = set()
    for finding in _all(graph, explorer):
        told = (finding.code, finding.where, finding.message)
        if told not in seen:
            seen.add(told)
            yield finding


def _all(graph: Graph, explorer: Explorer) -> Iterator[Finding]:
    found = explorer.found
    for way in found.ways:
        yield from _turn(graph, found, way)
        if way.step.does is Does.COMMON:
            yield from _common(graph, found, way)
    yield from _twins(found)
    met: set[str] = set()
    for number in found.fresh:
        node_id = found.states[number].node
        yield from _misses(graph, explorer, number, first=node_id not in met)
        met.add(node_id)


def _error(code: str, where: str, what: str, mend: str, example: tuple[str, ...]) -> Finding:
    return Finding(code, Severity.ERROR, where, None, what, mend or _OURS, example)


def asked_at(found: Explored, way: Way) -> str:
    """The node where the caller was when they took a way; "" for the first ring."""
    return found.states[way.source].node if way.source >= 0 else ""


# One turn.


def _turn(graph: Graph, found: Explored, way: Way) -> Iterator[Finding]:
    if way.why in _LOST:
        again = (node_id for node_id in way.path if way.path.count(node_id) > 1)
        where = next(again, way.path[-1] if way.path else asked_at(found, way))
        mend = "let one of these nodes ask something, or end the call"
        yield _error("L21", where, _LOST[way.why], mend, found.example(way))
    match way.action:
        case Listen():
            yield from _listening(graph, found, way, way.action)
        case Goodbye() if not _was_chosen(graph, found, way):
            yield _error(
                "L21",
                way.path[-1] if way.path else asked_at(found, way),
                "ends the call though the caller did not choose to end it",
                "lead to a person, a message or a call-back; say goodbye only after an option",
                found.example(way),
            )
        case Goodbye() | RingHumanLine() | TransferTo() | TakeVoicemail():
            if not spoken_of(way.action):
                yield _error(
                    "L21",
                    way.path[-1] if way.path else asked_at(found, way),
                    "ends without a word",
                    "say what happens now; a sentence whose variable has no value is left out",
                    found.example(way),
                )


def _listening(graph: Graph, found: Explored, way: Way, action: Listen) -> Iterator[Finding]:
    node = graph.nodes.get(way.at)
    if not action.prompt and not way.quiet:
        mend = "keep a sentence without variables; one whose variable has no value is left out"
        what = "listens without saying anything"
        yield _error("L10", way.at, what, mend, found.example(way))
    if not action.barge_in:
        mend = "only the notice of a recording may not be interrupted"
        yield _error("L09", way.at, "cannot be interrupted", mend, found.example(way))
    if way.pending is not Pending.NONE or isinstance(node, StatusNode):
        return
    if not SHORTEST_LISTENING <= action.timeout_seconds <= LONGEST_LISTENING:
        waits = f"waits {action.timeout_seconds:g} s for an answer"
        mend = f"wait {SHORTEST_LISTENING:g} to {LONGEST_LISTENING:g} s"
        yield _error("L10", way.at, waits, mend, found.example(way))
    if not way.chosen and not isinstance(node, LanguageNode):
        what, mend = "asks before the language is chosen", "begin with a choice of language"
        yield _error("L16", way.at, what, mend, found.example(way))


def _was_chosen(graph: Graph, found: Explored, way: Way) -> bool:
    """Say whether a goodbye is what the caller asked for by the last step."""
    entered = (graph.nodes[node_id] for node_id in way.path)
    if any(
        isinstance(node, CallBackNode) or (isinstance(node, BranchNode) and node.by in _AROUND)
        for node in entered
    ):
        return False
    asked = graph.nodes.get(asked_at(found, way))
    if way.step.does is Does.EVENT:
        return not isinstance(asked, TransferNode)
    if isinstance(asked, ConfirmNode):
        return way.step.option == "1"
    return way.step.does in (Does.OPTION, Does.TWIN) or isinstance(asked, CallBackNode)


def _twins(found: Explored) -> Iterator[Finding]:
    """L17: the spoken twin goes where its key goes."""
    by_key = {
        (way.source, way.step.option, way.facts): way
        for way in found.ways
        if way.step.does is Does.OPTION
    }
    for way in found.ways:
        if way.step.does is not Does.TWIN:
            continue
        pressed = by_key.get((way.source, way.step.option, way.facts))
        same = pressed is not None and pressed.path == way.path
        if not same and not (pressed and _both_to_a_person(pressed, way)):
            what = f"“{way.step.name}” does not do what key {way.step.option} does"
            mend = "give each option words that mean it alone"
            yield _error("L17", asked_at(found, way), what, mend, found.example(way))


def _both_to_a_person(one: Way, other: Way) -> bool:
    return isinstance(one.action, JoinLine) and isinstance(other.action, JoinLine)


# What is the same everywhere.


def _common(graph: Graph, found: Explored, way: Way) -> Iterator[Finding]:
    """9 dials, 0 reaches a person, star goes back, danger is asked about: at every prompt."""
    action, where = way.action, asked_at(found, way)
    if found.states[way.source].pending is not Pending.NONE:
        yield from _after_danger(found, way)
        return
    pressed = way.step.heard.digits or ""
    if pressed.startswith("9") and not isinstance(action, Escalate):
        yield _error("L06", where, f"{way.step.name} does not dial 911", "", found.example(way))
    if pressed.startswith("0") and not isinstance(action, JoinLine):
        yield _error(
            "L07", where, f"{way.step.name} does not reach a person", "", found.example(way)
        )
    if pressed == "*" and not _goes_back(graph, found, way):
        yield _error("L08", where, "star neither goes back nor repeats", "", found.example(way))
    if not pressed and way.pending is Pending.NONE:
        yield _error("L06", where, f"{way.step.name} is not read as danger", "", found.example(way))


def _goes_back(graph: Graph, found: Explored, way: Way) -> bool:
    """Say whether star asked again; where the prompt before is skipped now, an end will do."""
    if isinstance(way.action, Listen | Handover):
        return True
    path = found.states[way.source].path
    before = graph.nodes.get(path[-2]) if len(path) > 1 else None
    return isinstance(before, CallBackNode | ConfirmNode)


def _after_danger(found: Explored, way: Way) -> Iterator[Finding]:
    """Whatever is answered to a question about danger: 911 or a person."""
    if not isinstance(way.action, Escalate | JoinLine):
        what = "a question about danger leads neither to 911 nor to a person"
        yield _error("L06", asked_at(found, way), what, "", found.example(way))


# Counters at their edges.


def _misses(graph: Graph, explorer: Explorer, number: int, *, first: bool) -> Iterator[Finding]:
    """At a node's first state silence and rubbish played on, and each limit at its edge.

    In its other languages only the words differ, and the compiler has held those apart; what is
    left is silence where a variable may have no value.
    """
    state = explorer.found.states[number]
    node = graph.nodes[state.node]
    if isinstance(node, TransferNode):
        return
    if first or _has_variables(node):
        yield from _played_on(explorer, number, SILENCE)
    if not first:
        return
    if isinstance(node, AskIntentNode | AskNode | StatusNode):
        yield from _played_on(explorer, number, NOTHING_MEANT)
    third = replace(state, misses=MISSES_AT_A_PROMPT - 1)
    fifth = replace(state, misses_in_call=MISSES_IN_A_CALL - 1, given_time=True)
    last = replace(state, turns=TURN_LIMIT)
    nothing = NOTHING_MEANT if isinstance(node, LocationLinkNode) else SILENCE
    edges = [
        (fifth, nothing, f"the {MISSES_IN_A_CALL}th miss of a call"),
        (last, press("1"), f"turn {TURN_LIMIT + 1} of a call"),
    ]
    if not isinstance(node, AskIntentNode | AskNode | StatusNode):
        edges.append((third, NOTHING_MEANT, f"the {MISSES_AT_A_PROMPT}rd miss at a prompt"))
    for at, step, which in edges:
        if not isinstance(_then(explorer, at, step).actions[-1], JoinLine):
            what = f"{which} does not reach a person"
            yield _error("L11", state.node, what, "", explorer.found.example_of(number))


def _has_variables(node: Node) -> bool:
    """Say whether a re-prompt could lose its words."""
    texts = node.prompt.reprompts if isinstance(node, Prompting) else ()
    return any(words.names for text in texts for words in text.values())


def _played_on(explorer: Explorer, number: int, step: Step) -> Iterator[Finding]:
    """Miss again and again: other words each time, then a person, never the end of the call."""
    state = start = explorer.found.states[number]
    said = []
    example = explorer.found.example_of(number)
    for _ in range(2 * MISSES_AT_A_PROMPT):
        turn = _then(explorer, state, step)
        example = (*example, step.name)
        action = turn.actions[-1]
        if isinstance(action, JoinLine):
            break
        if turn.state.node != start.node or not isinstance(action, Listen | Handover):
            if isinstance(action, Goodbye):
                yield _error("L11", start.node, f"“{step.name}” ends the call", "", example)
            return
        said += [spoken_of(action)] * (not turn.state.given_time)
        state = turn.state
    else:
        what = f"“{step.name}” never reaches a person"
        mend = "lead what is not understood to a person, or on to another question"
        yield _error("L11", start.node, what, mend, example)
        return
    prompts = not isinstance(explorer.graph.nodes.get(start.node), VoicemailNode)
    if prompts and len(set(said)) < len(said):
        what = f"says the same after “{step.name}” again"
        yield _error("L11", start.node, what, "write two re-prompts that differ", example)


def _then(explorer: Explorer, state: MenuState, step: Step) -> Turn:
    """The turn with the usual facts."""
    explorer.found.turns += 1
    seen = one_way(explorer.graph, explorer.facts, state, step.heard, explorer.now, ())
    if seen is None:
        raise AssertionError("the usual facts are always a way")
    return seen.turn
