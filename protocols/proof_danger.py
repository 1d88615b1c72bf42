"""What the gate proves about danger: E12, E18, W02 and the monotone rule I12.

E12 looks at every set of answers, in any order and with any gaps: with a red
flag among those that count, only an emergency may come out. I12 changes one
safety answer towards danger and leaves the others: the level may not fall.
E18 and W02 look at calls as they are asked, question after question.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from protocols.conditions import Answer
from protocols.levels import Level
from protocols.proof_domains import TooLargeError
from protocols.proof_examples import complete, plain, shown
from protocols.proof_findings import Finding, Severity
from protocols.proof_formulas import ALWAYS, NEVER, Formula
from protocols.proof_walk import (
    MOST_NODES,
    TOO_MANY,
    Kind,
    Leaving,
    Node,
    Space,
    Walk,
    worse_number,
)
from protocols.script import Question

MOST_QUESTIONS_BEFORE: Final = 3
NO_LEVEL: Final = -1
"""Below every level: no rule holds and there is no `otherwise`."""

Way = tuple[tuple[int, Answer], ...]
"""Questions by place, with their answers."""

_LEVELS: Final = tuple(sorted(Level, key=lambda level: -level.rank))


@dataclass(slots=True)
class Outlook:
    """What can still come of a node: lowest and highest level, and the way to the lowest."""

    low: int
    high: int
    steps: int = 0
    onward: tuple[Kind, Node] | None = None


@dataclass(slots=True)
class Levels:
    """The diagram of every set of answers to the level it comes to."""

    space: Space
    walk: Walk = field(init=False)
    outlook: dict[Node, Outlook] = field(init=False)

    def __post_init__(self) -> None:
        """Walk once; E12 and I12 read the same diagram."""
        self.walk = Walk(
            self.space,
            level_formulas(self.space),
            Leaving.ANYWHERE,
            stops=_is_emergency,
            settle=_first,
            whole=True,  # E12 must meet safety questions that no rule reads, too
        )
        self.outlook = {}
        for node in reversed(list(self.walk.nodes())):
            self.outlook[node] = self._look(node)

    def _look(self, node: Node) -> Outlook:
        if not node.edges:
            rank = self._rank(node.left)
            return Outlook(rank, rank)
        below = [(self.outlook[child], kind, child) for kind, child in node.edges]
        low = min(after.low for after, _, _ in below)
        after, kind, child = min(
            (found for found in below if found[0].low == low), key=lambda found: found[0].steps
        )
        high = max(after.high for after, _, _ in below)
        return Outlook(low, high, after.steps + 1, (kind, child))

    def _rank(self, left: tuple[Formula, ...]) -> int:
        """Give the level where nothing is open any more."""
        for level, formula in zip(_LEVELS, left, strict=True):
            if formula == ALWAYS:
                return level.rank
        protocol = self.space.protocol
        otherwise = protocol.determinant_by_id.get(protocol.otherwise)
        return NO_LEVEL if otherwise is None else otherwise.level.rank

    def lowest(self, node: Node) -> list[tuple[int, Answer]]:
        """Give the shortest answers from a node to the lowest level it can come to."""
        found: list[tuple[int, Answer]] = []
        while (onward := self.outlook[node].onward) is not None:
            found.append((node.place, onward[0].shown))
            node = onward[1]
        return found


def level_formulas(space: Space) -> tuple[Formula, ...]:
    """Give "some rule of this level holds" for each level, the most urgent first."""
    by_id = space.protocol.determinant_by_id
    rules = space.protocol.rules
    return tuple(
        space.formulas.any(
            space.rules[rule.id] for rule in rules if by_id[rule.determinant].level is level
        )
        for level in _LEVELS
    )


def _first(left: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """Forget what stands below a rule that surely holds."""
    if ALWAYS not in left:
        return left
    place = left.index(ALWAYS)
    return (*left[: place + 1], *[NEVER] * (len(left) - place - 1))


def red_flags(levels: Levels) -> Iterator[Finding]:
    """E12: find each answer of danger or doubt after which something else than 911 can come."""
    shortest: dict[tuple[int, Kind], tuple[int, Node, Node]] = {}
    for node in levels.walk.nodes():
        for kind, child in node.edges:
            after = levels.outlook[child]
            if kind.danger and after.low < Level.EMERGENCY.rank:
                steps, key = node.steps + after.steps, (node.place, kind)
                if key not in shortest or steps < shortest[key][0]:
                    shortest[key] = (steps, node, child)
    for place, kind in _fewest(shortest):
        _, node, child = shortest[place, kind]
        way = [*levels.walk.way_to(node), (place, kind.shown), *levels.lowest(child)]
        yield _dishonoured(levels.space, place, kind, way)


def _fewest(faults: Collection[tuple[int, Kind]]) -> Iterator[tuple[int, Kind]]:
    """Give the faults without those that only choose more options of the same list."""
    chosen = [(place, set(kind.shown)) for place, kind in faults if isinstance(kind.shown, tuple)]
    for place, kind in faults:
        more = isinstance(kind.shown, tuple) and set(kind.shown)
        if not any(more and place == other and fewer < more for other, fewer in chosen):
            yield place, kind


def _dishonoured(space: Space, place: int, kind: Kind, way: list[tuple[int, Answer]]) -> Finding:
    found, gone = complete(space, way)
    name = space.questions[place].id
    answers = " or ".join(plain(answer) for answer in kind.answers)
    return Finding(
        "E12",
        Severity.ERROR,
        f"question {name}",
        f"{name} = {answers}: {shown(found)} is no emergency",
        f"give {name} a rule of its own that leads to 911, or call the answer no danger",
        example=found,
        caller_gone=gone,
    )


def never_lower(levels: Levels) -> Iterator[Finding]:
    """I12: find safety answers whose change towards danger lowers the level."""
    comparing = _Comparing(levels)
    told: set[int] = set()
    for node in levels.walk.nodes():
        if node.place in told:
            continue
        for kind, child, worse, other in _steps_to_danger(levels, node):
            way = comparing.lowered(child, other)
            if way is not None:
                told.add(node.place)
                before = levels.walk.way_to(node)
                yield _lowered(levels.space, node.place, (kind, worse), before, way)
                break


def _steps_to_danger(levels: Levels, node: Node) -> Iterator[tuple[Kind, Node, Kind, Node]]:
    """Give pairs of answers to a safety question, the second the more dangerous."""
    if node.place >= levels.walk.end or not levels.space.questions[node.place].safety:
        return
    question = levels.space.questions[node.place]
    edges = node.edges if question.worse else _leading_apart(node)
    for kind, child in edges:
        for worse, other in edges:
            if _is_worse(question, kind, worse):
                yield kind, child, worse, other


def _leading_apart(node: Node) -> list[tuple[Kind, Node]]:
    """Give one edge for all that lead alike: a long list of options has hundreds of selections."""
    apart = {(kind.danger, child): (kind, child) for kind, child in reversed(node.edges)}
    return list(apart.values())


def _is_worse(question: Question, kind: Kind, other: Kind) -> bool:
    if kind.danger != other.danger:
        return other.danger
    return any(worse_number(question, one, two) for one in kind.answers for two in other.answers)


class _Comparing:
    """Looks for answers that end lower on the second side; each pair of nodes is compared once."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._known: dict[tuple[Node, Node], Way | None] = {}

    def lowered(self, one: Node, other: Node) -> Way | None:
        """Give further answers by which `other` ends lower than `one`; None if there are none."""
        outlook = self._levels.outlook
        if one is other or outlook[other].low >= outlook[one].high:
            return None
        if not one.edges and not other.edges:
            return ()
        key = (one, other)
        if key not in self._known:
            if len(self._known) > MOST_NODES:
                raise TooLargeError(TOO_MANY)
            self._known[key] = self._search(one, other)
        return self._known[key]

    def _search(self, one: Node, other: Node) -> Way | None:
        self._levels.space.tick()
        place = min(_place(one), _place(other))
        found = [
            ((place, kind.shown), *way)
            for kind in self._levels.space.kinds[place]
            if (way := self.lowered(_after(one, place, kind), _after(other, place, kind)))
            is not None
        ]
        return min(found, key=len, default=None)


def _place(node: Node) -> int:
    return node.place if node.edges else 1 << 30


def _after(node: Node, place: int, kind: Kind) -> Node:
    """Follow an answer; where the question is not asked it changes nothing."""
    if _place(node) != place:
        return node
    return next(child for given, child in node.edges if given is kind)


def _lowered(
    space: Space, place: int, kinds: tuple[Kind, Kind], before: list[tuple[int, Answer]], way: Way
) -> Finding:
    name, (kind, worse) = space.questions[place].id, kinds
    calmer = (place, _answer_pair(space.questions[place], kind, worse)[0])
    graver = (place, _answer_pair(space.questions[place], kind, worse)[1])
    without, _ = complete(space, [*before, calmer, *way])
    found, gone = complete(space, [*before, graver, *way])
    return Finding(
        "I12",
        Severity.ERROR,
        f"question {name}",
        f"{shown(found)} comes to a lower level than {shown(without)}",
        f"let the rule for {name} = {plain(calmer[1])} hold for {plain(graver[1])} as well",
        example=found,
        caller_gone=gone,
    )


def _answer_pair(question: Question, kind: Kind, worse: Kind) -> tuple[Answer, Answer]:
    if kind.danger != worse.danger:
        return kind.shown, worse.shown
    return next(
        (one, two)
        for one in kind.answers
        for two in worse.answers
        if worse_number(question, one, two)
    )


def emergency_walk(space: Space) -> Walk:
    """Walk every call as it is asked; an emergency ends it.

    Where `otherwise` is an emergency too, the second target is "another rule holds".
    """
    emergency, *others = level_formulas(space)
    targets = [emergency, space.formulas.any(others)] if _otherwise_to_911(space) else [emergency]
    return Walk(space, targets, Leaving.AT_THE_END, stops=_is_emergency, whole=True)


def _otherwise_to_911(space: Space) -> bool:
    otherwise = space.protocol.determinant_by_id.get(space.protocol.otherwise)
    return otherwise is not None and otherwise.emergency


def _is_emergency(left: tuple[Formula, ...]) -> bool:
    return left[0] == ALWAYS


def first_decision(space: Space, walk: Walk) -> Iterator[Finding]:
    """E18: find a call whose first answer that can mean 911 comes after the third question."""
    late = _latest(walk, _decides)
    if late is None:
        return
    node, way = late
    first = f"question {len(way) + 1}" if node.edges else "no question"
    yield Finding(
        "E18",
        Severity.ERROR,
        f"question {space.questions[node.place].id}" if node.edges else "protocol",
        f"{first} is the first whose answer can be an emergency",
        f"ask about danger within the first {MOST_QUESTIONS_BEFORE} questions",
        example=complete(space, way)[0],
    )


def safety_first(space: Space, walk: Walk, danger_question: str | None) -> Iterator[Finding]:
    """W02: find calls that ask about safety late, or not about present danger first."""
    late = _latest(walk, lambda node: space.questions[node.place].safety, MOST_QUESTIONS_BEFORE + 1)
    if late is not None and late[0].edges:
        node, way = late
        yield Finding(
            "W02",
            Severity.WARNING,
            f"question {space.questions[node.place].id}",
            f"the first safety question is question {len(way) + 1} of the path",
            "ask about danger earlier, or declare an exception with its reason",
            example=complete(space, way)[0],
        )
    first = space.questions[0].id
    if danger_question is not None and first != danger_question:
        yield Finding(
            "W02",
            Severity.WARNING,
            f"question {first}",
            f"{first} is asked before {danger_question}",
            f"ask {danger_question} first, or declare an exception with its reason",
        )


def _decides(node: Node) -> bool:
    """Whether some answer to this question ends the call with an emergency."""
    return any(
        _is_emergency(child.left) or (not child.edges and child.left[1:] == (NEVER,))
        for _, child in node.edges
        if not child.gone
    )


def _latest(
    walk: Walk, ends: Callable[[Node], bool], least: int = MOST_QUESTIONS_BEFORE
) -> tuple[Node, Way] | None:
    """Find a node that `ends` the waiting after at least so many answers, and these answers.

    A call that ends with no such question at all is late however short it is.
    """
    waited: dict[Node, Way] = {walk.root: ()}
    for node in walk.nodes():
        way = waited.get(node)
        if way is None or (node.edges and ends(node) and len(way) < least):
            continue
        if not node.edges or ends(node):
            return node, way
        for kind, child in node.edges:
            if not child.gone and len(way) >= len(waited.get(child, ())):
                waited[child] = (*way, (node.place, kind.shown))
    return None
