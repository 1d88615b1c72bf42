"""What the gate proves about outcomes: E07, E08, E09, E10, E11, E15.

E07, E08 and E11 look at calls as they are asked, E09 and E10 at every set of
answers: a jump from another protocol brings answers that the order of this one
would never have put together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from protocols.conditions import Always, Answer, Standing
from protocols.proof_examples import complete, plain, said, shown
from protocols.proof_findings import Finding, Severity
from protocols.proof_formulas import ALWAYS, NEVER, Formula
from protocols.proof_walk import Leaving, Node, Space, Walk, is_danger
from protocols.script import Determinant, Rule


@dataclass(slots=True)
class Calls:
    """The diagram of every call as it is asked, to the determinant it ends with.

    `reached` has a shortest call for each determinant; `stranded` the ends
    where no rule holds and no `otherwise` stands.
    """

    space: Space
    walk: Walk = field(init=False)
    reached: Mapping[str, Node] = field(init=False)
    stranded: Sequence[Node] = field(init=False)
    _ranked: tuple[Determinant, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Walk once; three rules read the same diagram."""
        by_id = self.space.protocol.determinant_by_id
        self._ranked = tuple(sorted(by_id.values(), key=_urgency))
        self.walk = Walk(
            self.space,
            [self._met(determinant) for determinant in self._ranked],
            Leaving.AT_THE_END,
            stops=self._is_emergency,
            settle=self._settle,
            whole=True,
        )
        self.reached, self.stranded = self._ends(frozenset(by_id))

    def _met(self, determinant: Determinant) -> Formula:
        space = self.space
        return space.formulas.any(
            space.rules[rule.id]
            for rule in space.protocol.rules
            if rule.determinant == determinant.id
        )

    def _is_emergency(self, left: tuple[Formula, ...]) -> bool:
        return any(
            formula == ALWAYS and determinant.emergency
            for formula, determinant in zip(left, self._ranked, strict=True)
        )

    def _settle(self, left: tuple[Formula, ...]) -> tuple[Formula, ...]:
        """Forget what is less urgent than a rule that surely holds."""
        if ALWAYS not in left:
            return left
        place = left.index(ALWAYS)
        return (*left[: place + 1], *[NEVER] * (len(left) - place - 1))

    def _ends(self, ids: frozenset[str]) -> tuple[dict[str, Node], list[Node]]:
        reached: dict[str, Node] = {}
        stranded = []
        for node in sorted(self.walk.ends(), key=lambda node: node.steps):
            name = self._outcome(node.left)
            if name in ids:
                reached.setdefault(name, node)
            else:
                stranded.append(node)
        return reached, stranded

    def _outcome(self, left: tuple[Formula, ...]) -> str:
        if ALWAYS in left:
            return self._ranked[left.index(ALWAYS)].id
        return self.space.protocol.otherwise


def _urgency(determinant: Determinant) -> tuple[int, int, str]:
    return (-determinant.level.rank, -determinant.priority, determinant.id)


def unreachable_questions(space: Space, walk: Walk) -> Iterator[Finding]:
    """E07: find questions no call is asked.

    What stays open after the caller has gone is not asked, though it counts as
    open: nobody is there to hear it.
    """
    asked = {node.place for node in walk.nodes() if node.edges and not node.gone}
    for place, question in enumerate(space.questions):
        if place not in asked:
            yield Finding(
                "E07",
                Severity.ERROR,
                f"question {question.id}",
                f"{question.id} is never asked: each call ends first, or its ask_if never holds",
                "ask it earlier, mend its ask_if, or take it out",
            )


def unreachable_determinants(calls: Calls) -> Iterator[Finding]:
    """E07: find determinants no call ends with."""
    for determinant in calls.space.protocol.determinants:
        if determinant.id not in calls.reached:
            yield Finding(
                "E07",
                Severity.ERROR,
                f"determinant {determinant.id}",
                f"no call ends with {determinant.id}",
                "mend the rules that lead to it, or take it out",
            )


def dead_ends(calls: Calls) -> Iterator[Finding]:
    """E08: find a call that the caller leaves, and that ends with no determinant."""
    for node in [node for node in calls.stranded if node.gone][:1]:
        found = said(calls.space, calls.walk.way_to(node))
        yield Finding(
            "E08",
            Severity.ERROR,
            "otherwise",
            f"{shown(found) or 'no answer'}, then the caller goes: ends without determinant",
            "name the determinant that stands where no rule holds",
            example=found,
            caller_gone=True,
        )


def gaps(calls: Calls) -> Iterator[Finding]:
    """E11: find a complete call where no rule holds, and there is no `otherwise`."""
    for node in [node for node in calls.stranded if not node.gone][:1]:
        found = said(calls.space, calls.walk.way_to(node))
        yield Finding(
            "E11",
            Severity.ERROR,
            "otherwise",
            f"no rule for {shown(found)}",
            "add a rule, or name the determinant that stands where no rule holds",
            example=found,
        )


def constant_conditions(space: Space) -> Iterator[Finding]:
    """E09: find conditions that hold on no complete set of answers, or on each."""
    for rule in space.protocol.rules:
        if not isinstance(rule.when, Always):
            yield from _constant(space, f"rule {rule.id}", space.rules[rule.id])
    for question, formula in zip(space.questions, space.asked, strict=True):
        if question.ask_if is not None and not isinstance(question.ask_if, Always):
            yield from _constant(space, f"question {question.id}, ask_if", formula)


def _constant(space: Space, where: str, formula: Formula) -> Iterator[Finding]:
    walk = Walk(space, [formula], Leaving.NEVER, stops=_is_settled)
    ends = {node.left[0] for node in walk.ends()}
    if ends == {NEVER}:
        yield Finding(
            "E09", Severity.ERROR, where, "can never hold", "mend the condition, or take it out"
        )
    if ends == {ALWAYS}:
        mend = "write {always: true} if this is meant"
        yield Finding("E09", Severity.ERROR, where, "always holds", mend)


def _is_settled(left: tuple[Formula, ...]) -> bool:
    return left[0] in (NEVER, ALWAYS)


def overlaps(space: Space) -> Iterator[Finding]:
    """E10: find rules of one level and priority that hold together and lead apart."""
    for one, other in combinations(space.protocol.rules, 2):
        if _compete(space, one, other):
            both = space.formulas.both([space.rules[one.id], space.rules[other.id]])
            walk = Walk(space, [both], Leaving.ANYWHERE, stops=_is_settled)
            met = [node for node in walk.ends() if node.left == (ALWAYS,)]
            if met:
                way = walk.way_to(min(met, key=lambda node: node.steps))
                yield _overlap(space, (one, other), way)


def _compete(space: Space, one: Rule, other: Rule) -> bool:
    by_id = space.protocol.determinant_by_id
    first, second = by_id[one.determinant], by_id[other.determinant]
    alike = (first.level, first.priority) == (second.level, second.priority)
    return alike and first.id != second.id


def _overlap(space: Space, rules: tuple[Rule, Rule], way: Sequence[tuple[int, Answer]]) -> Finding:
    (one, other), (found, gone) = rules, complete(space, way)
    return Finding(
        "E10",
        Severity.ERROR,
        f"rules {one.id} and {other.id}",
        f"both hold at {shown(found)}; same level and priority, "
        f"{one.determinant} or {other.determinant}",
        "give the two determinants different priorities",
        example=found,
        caller_gone=gone,
    )


def unknown_without_effect(space: Space) -> Iterator[Finding]:
    """E15: find safety questions where not knowing counts exactly like an answer of no danger.

    Every question may be answered `unknown`; the loader leaves no way round it.
    """
    for place, question in enumerate(space.questions):
        if question.safety and (calm := _counts_as(space, place)):
            yield Finding(
                "E15",
                Severity.ERROR,
                f"question {question.id}",
                f"unknown counts like {calm}",
                f"let a rule or a branch read {question.id}, not knowing as danger",
            )


def _counts_as(space: Space, place: int) -> str | None:
    question, domain = space.questions[place], space.formulas.domains[place]
    masks = space.formulas.masks[place]
    if not masks:
        return "every answer: nothing reads the question"
    unknown = domain.index("unknown")
    for value, answer in enumerate(domain):
        if isinstance(answer, Standing) or is_danger(question, answer):
            continue
        if all(mask >> value & 1 == mask >> unknown & 1 for mask in masks):
            return plain(answer)
    return None
