"""All answers to a protocol as one small diagram: nodes are questions, edges are answers.

Two sets of answers that leave the same formulas to decide meet in one node, so
the walk grows with what later conditions still read and not with the number
of answer sets. Past `MOST_NODES` it gives up rather than run on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from protocols.conditions import FALSE, TRUE, UNKNOWN, UNKNOWN_ANSWER, WITHHELD, Answer, Standing
from protocols.proof_formulas import ALWAYS, NEVER, Formula, Formulas
from protocols.script import Protocol, Question, QuestionKind, Worse

MOST_NODES: Final = 10_000
"""Some seconds at most; the library's largest protocol needs about a hundred."""


class TooLargeError(Exception):
    """The bound was reached: nothing can be said. Never leaves the proof."""


class Leaving(Enum):
    """Where questions may stay open."""

    NEVER = auto()  # the caller answers everything
    AT_THE_END = auto()  # the caller may go; what follows stays open
    ANYWHERE = auto()  # answers come in any order, any of them may be missing


@dataclass(frozen=True, slots=True)
class Kind:
    """Answers to one question that no condition tells apart; `values` are places in the domain.

    `danger` is the order of danger (settled for the monotone rule): options say
    it, and withheld and left open count as danger; False for questions that
    are no safety questions. `low` and `high` bound the plain numbers.
    """

    values: tuple[int, ...]
    answers: tuple[Answer, ...]
    danger: bool

    @property
    def shown(self) -> Answer:
        """One of the answers, for examples."""
        return self.answers[0]

    @property
    def only_left_open(self) -> bool:
        """Whether a caller can only end up here by not answering."""
        return self.answers == (Standing.LEFT_OPEN,)


@dataclass(slots=True, eq=False)
class Node:
    """A question about to be asked, or the end (`place` is past the last question).

    `left` is what the targets still are. `steps` is the shortest way here from
    the start, `came` the last edge of it; `ways` counts the answer sets that
    lead here.
    """

    place: int
    left: tuple[Formula, ...]
    gone: bool
    edges: list[tuple[Kind, "Node"]] = field(default_factory=list)
    steps: int = -1
    came: tuple["Node", Kind] | None = None
    ways: int = 0


Settled = Callable[[tuple[Formula, ...]], tuple[Formula, ...]]
Stops = Callable[[tuple[Formula, ...]], bool]


class Space:
    """A protocol made ready for walking: formulas of its rules and branches, kinds of answers."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.askable = _askable(protocol)
        self.questions = protocol.questions
        self.formulas = Formulas(protocol)
        self.rules = {ranked.rule.id: NEVER for ranked in protocol.ranked}
        for rule in protocol.rules:
            emergency = protocol.determinant_by_id[rule.determinant].emergency
            self.rules[rule.id] = self.formulas.of(rule.when, UNKNOWN if emergency else TRUE)
        self.asked = tuple(
            ALWAYS if q.ask_if is None else self.formulas.of(q.ask_if, FALSE + 1)
            for q in self.questions
        )
        self.kinds = tuple(self._kinds(place) for place in range(len(self.questions)))

    @property
    def answer_sets(self) -> int:
        """How many assignments of answers to all questions there are, left open included."""
        found = 1
        for domain in self.formulas.domains:
            found *= len(domain) - 1
        return found

    def _kinds(self, place: int) -> tuple[Kind, ...]:
        question, domain = self.questions[place], self.formulas.domains[place]
        masks = sorted(self.formulas.masks[place])
        groups: dict[object, list[int]] = {}
        for value, answer in enumerate(domain[:-1]):
            told_apart = tuple(mask >> value & 1 for mask in masks)
            groups.setdefault((told_apart, is_danger(question, answer)), []).append(value)
        return tuple(
            Kind(tuple(values), _shown_first(question, domain, values), key[1])
            for key, values in groups.items()
            if isinstance(key, tuple)
        )


def _askable(protocol: Protocol) -> Protocol:
    """Give a protocol the engine can run to its end even where `otherwise` is missing (E08, E11)."""
    if protocol.otherwise in protocol.determinant_by_id:
        return protocol
    return replace(protocol, otherwise=protocol.determinants[0].id)


def is_danger(question: Question, answer: Answer) -> bool:
    """Whether an answer counts as danger: the flagged options, withheld, left open."""
    if not question.safety:
        return False
    if isinstance(answer, Standing) or answer in WITHHELD:
        return True
    return answer in {option.id for option in question.red_flags}


def worse_number(question: Question, than: Answer, answer: Answer) -> bool:
    """Whether one number is more dangerous than another, where the author says which way."""
    if isinstance(than, str) or isinstance(answer, str) or question.worse is None:
        return False
    return answer > than if question.worse is Worse.HIGHER else answer < than


def _shown_first(
    question: Question, domain: Sequence[Answer], values: Sequence[int]
) -> tuple[Answer, ...]:
    """Order answers for a reader: what was said before what was not."""
    answers = [domain[value] for value in values]
    if question.kind is QuestionKind.TEXT and UNKNOWN_ANSWER in answers:
        answers.sort(key=lambda answer: answer != UNKNOWN_ANSWER)
    return tuple(answers)


class Walk:
    """The diagram of all answers, as far as they bear on the `targets`.

    `stops` says when nothing more is asked of a caller who is there; `settle`
    may forget targets that no longer matter. Without `whole`, only questions the targets hang on are asked.
    """

    def __init__(
        self,
        space: Space,
        targets: Sequence[Formula],
        leaving: Leaving,
        *,
        stops: Stops,
        settle: Settled = lambda left: left,
        whole: bool = False,
    ) -> None:
        self._space, self._leaving, self._stops, self._settle = space, leaving, stops, settle
        self.end = len(space.questions)
        self._cone = (1 << self.end) - 1 if whole else self._hang_on(targets)
        self._rows: list[dict[object, Node]] = [{} for _ in range(self.end + 1)]
        self._branches: dict[Node, tuple[Formula, ...]] = {}
        self.size = 0
        self.root = self._enter(0, tuple(targets), space.asked, gone=False)
        self.root.steps, self.root.ways = 0, 1
        for node in self.nodes():
            self._open(node)

    def nodes(self) -> Iterator[Node]:
        """Give every node, each after all that lead to it."""
        for row in self._rows:
            yield from row.values()

    def ends(self) -> Iterator[Node]:
        """Give the nodes where nothing more is asked."""
        return (node for node in self.nodes() if not node.edges)

    def way_to(self, node: Node) -> list[tuple[int, Answer]]:
        """Give the shortest answers that lead to a node, as place and answer."""
        found: list[tuple[int, Answer]] = []
        while node.came is not None:
            node, kind = node.came
            found.append((node.place, kind.shown))
        return found[::-1]

    def _hang_on(self, targets: Sequence[Formula]) -> int:
        """Find the questions the targets read, and those that decide whether these are asked."""
        cone = 0
        for target in targets:
            cone |= self._space.formulas.reads(target)
        for place in range(self.end - 1, -1, -1):
            if cone >> place & 1:
                cone |= self._space.formulas.reads(self._space.asked[place])
        return cone

    def _open(self, node: Node) -> None:
        if node.place == self.end or self._over(node.left, gone=node.gone):
            return
        branches = self._branches[node]
        for kind in self._space.kinds[node.place]:
            if self._legal(kind, gone=node.gone):
                self._follow(node, kind, kind.values[0], branches, gone=node.gone)
        if self._leaving is Leaving.AT_THE_END and not node.gone:
            self._leave(node, branches)

    def _over(self, left: tuple[Formula, ...], *, gone: bool) -> bool:
        """Whether nothing more is asked; all that a caller leaves open counts at once."""
        return not gone and self._stops(left)

    def _legal(self, kind: Kind, *, gone: bool) -> bool:
        if self._leaving is Leaving.AT_THE_END and gone:
            return Standing.LEFT_OPEN in kind.answers
        return self._leaving is Leaving.ANYWHERE or not kind.only_left_open

    def _leave(self, node: Node, branches: tuple[Formula, ...]) -> None:
        value = len(self._space.formulas.domains[node.place]) - 2
        kind = Kind((value,), (Standing.LEFT_OPEN,), danger=False)
        self._follow(node, kind, value, branches, gone=True)

    def _follow(
        self, node: Node, kind: Kind, value: int, branches: tuple[Formula, ...], *, gone: bool
    ) -> None:
        given, place = self._space.formulas.given, node.place
        left = tuple([given(target, place, value) for target in node.left])
        after = tuple([given(branch, place, value) for branch in branches])
        child = self._enter(place + 1, left, after, gone=gone)
        shown = Kind(kind.values, (Standing.LEFT_OPEN,), kind.danger) if gone else kind
        node.edges.append((shown, child))
        child.ways += node.ways * (1 if gone else self._count(kind))
        steps = node.steps + (shown.shown is not Standing.LEFT_OPEN)
        if (child.came is None and child is not self.root) or steps < child.steps:
            child.steps, child.came = steps, (node, shown)

    def _count(self, kind: Kind) -> int:
        """Count the answers of a kind that can be given here."""
        anywhere = self._leaving is Leaving.ANYWHERE
        return sum(anywhere or answer is not Standing.LEFT_OPEN for answer in kind.answers)

    def _enter(
        self, place: int, left: tuple[Formula, ...], branches: tuple[Formula, ...], *, gone: bool
    ) -> Node:
        """Find the node of the next question that is asked; those left out are settled at once."""
        left, branches = self._leave_out(place, left, branches)
        left = self._settle(left)
        while place < self.end and (branches[place] == NEVER or not self._cone >> place & 1):
            place += 1
        if self._over(left, gone=gone):
            place = self.end
        key = (left, branches[place:], gone)
        node = self._rows[place].get(key)
        if node is None:
            self.size += 1
            if self.size > MOST_NODES:
                raise TooLargeError
            node = self._rows[place][key] = Node(place, left, gone)
            self._branches[node] = branches
        return node

    def _leave_out(
        self, place: int, left: tuple[Formula, ...], branches: tuple[Formula, ...]
    ) -> tuple[tuple[Formula, ...], tuple[Formula, ...]]:
        """Say of each later question that is surely not asked that it is not, as the engine does."""
        given = self._space.formulas.given
        for later in range(place, self.end):
            if branches[later] == NEVER:
                value = len(self._space.formulas.domains[later]) - 1
                left = tuple([given(target, later, value) for target in left])
                branches = tuple([given(branch, later, value) for branch in branches])
        return left, branches
