"""The same questions put to a solver (z3): E09, E10, E12 and I12 as formulas over bounded numbers.

A second reading of what these rules mean, from the conditions themselves: it shares with the proof
the answers that are tried and what one comparison says of one answer, and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from protocols import conditions
from protocols.conditions import FALSE, TRUE, UNKNOWN, All, Always, AnyOf, Condition, Not, Standing
from protocols.levels import Level
from protocols.proof_domains import domains
from protocols.script import Protocol, Question, Rule, Worse
from tests.bench.protocol_yardsticks import reach

Found = set[tuple[str, str]]
"""Code and place of each finding."""


def solve(protocol: Protocol) -> Found:
    """Put all questions to the solver, one after the other."""
    reach()
    script = _Script(protocol)
    return {*_constant(script), *_overlaps(script), *_unheeded(script), *_lowering(script)}


class _Script:
    """A protocol's rules over one set of answers: a number for each question, within its answers."""

    def __init__(self, protocol: Protocol, other: Mapping[str, Any] | None = None) -> None:
        import z3

        self.z3, self.protocol = z3, protocol
        self.domains = {
            question.id: domain
            for question, domain in zip(protocol.questions, domains(protocol), strict=True)
        }
        self.given = dict(other or {})
        self.within: list[Any] = []
        for name, domain in self.domains.items():
            if name not in self.given:
                bits = len(domain).bit_length() + 1
                self.given[name] = z3.BitVec(f"{name}{'_other' if other else ''}", bits)
                self.within.append(z3.ULT(self.given[name], len(domain) - 1))
        self.asked: dict[str, Any] = {}
        for question in protocol.questions:
            terms = question.ask_if
            self.asked[question.id] = (
                z3.BoolVal(True) if terms is None else self.of(terms, FALSE + 1)
            )
        self.rules = {rule.id: self.of(rule.when, self.enough(rule)) for rule in protocol.rules}

    def enough(self, rule: Rule) -> int:
        """An emergency's rule holds on UNKNOWN already."""
        return UNKNOWN if self.protocol.determinant_by_id[rule.determinant].emergency else TRUE

    def of(self, condition: Condition, at_least: int, *, negated: bool = False) -> Any:
        """Say "the condition is at least so true"."""
        match condition:
            case Always():
                return self.z3.BoolVal(not negated)
            case Not(part):
                return self.of(part, at_least, negated=not negated)
            case All(parts) | AnyOf(parts):
                found = [self.of(part, at_least, negated=negated) for part in parts]
                every = isinstance(condition, All) != negated
                return self.z3.And(found) if every else self.z3.Or(found)
        test = conditions.sure(Not(condition) if negated else condition)
        *answers, absent = self.domains[condition.question]
        fits = [
            place
            for place, value in enumerate(answers)
            if test({condition.question: value}) >= at_least
        ]
        left_out = test({condition.question: absent}) >= at_least
        return self.z3.If(
            self.asked[condition.question], self.among(condition.question, fits), left_out
        )

    def among(self, name: str, places: Iterable[int]) -> Any:
        """Say "the answer given to this question is one of these"."""
        return self.z3.Or([self.given[name] == place for place in places])

    @property
    def rank(self) -> Any:
        """The level that comes out."""
        by_id = self.protocol.determinant_by_id
        found = self.z3.BitVecVal(by_id[self.protocol.otherwise].level.rank, 4)
        by_rank = sorted((by_id[r.determinant].level.rank, r.id) for r in self.protocol.rules)
        for rank, rule in by_rank:
            found = self.z3.If(self.rules[rule], rank, found)
        return found

    def answered(self) -> list[Any]:
        """Nothing is left open."""
        return [
            self.z3.ULT(self.given[name], len(domain) - 2) for name, domain in self.domains.items()
        ]

    def may(self, *claims: Any) -> bool:
        """Whether some answers make all claims true.

        Raises:
            RuntimeError: the solver gave up.
        """
        solver = self.z3.SolverFor("QF_FD")
        solver.add(*self.within, *claims)
        said = solver.check()
        if said == self.z3.unknown:
            raise RuntimeError(f"the solver does not know: {solver.reason_unknown()}")
        return bool(said == self.z3.sat)

    def dangers(self, question: Question, *, worse: bool) -> list[int]:
        """Give the answers (by place) that are danger, or those that are none."""
        return [
            place
            for place, value in enumerate(self.domains[question.id][:-1])
            if (isinstance(value, Standing) or question.in_danger(value)) == worse
        ]


def _constant(script: _Script) -> Iterator[tuple[str, str]]:
    terms = [(f"rule {r.id}", r.when, script.enough(r)) for r in script.protocol.rules]
    terms += [
        (f"question {q.id}, ask_if", q.ask_if, FALSE + 1)
        for q in script.protocol.questions
        if q.ask_if is not None
    ]
    for where, condition, enough in terms:
        if not isinstance(condition, Always):
            holds, answered = script.of(condition, enough), script.answered()
            fails = script.z3.Not(holds)
            if not script.may(*answered, holds) or not script.may(*answered, fails):
                yield "E09", where


def _overlaps(script: _Script) -> Iterator[tuple[str, str]]:
    by_id = script.protocol.determinant_by_id
    for one, other in combinations(script.protocol.rules, 2):
        first, second = by_id[one.determinant], by_id[other.determinant]
        alike = (first.level, first.priority) == (second.level, second.priority)
        if (
            alike
            and first.id != second.id
            and script.may(script.rules[one.id], script.rules[other.id])
        ):
            yield "E10", f"rules {one.id} and {other.id}"


def _unheeded(script: _Script) -> Iterator[tuple[str, str]]:
    calm = script.rank < Level.EMERGENCY.rank
    for question in script.protocol.questions:
        if question.safety:
            danger = script.among(question.id, script.dangers(question, worse=True))
            if script.may(script.asked[question.id], danger, calm):
                yield "E12", f"question {question.id}"


def _lowering(script: _Script) -> Iterator[tuple[str, str]]:
    for question in script.protocol.questions:
        if question.safety:
            same = {name: x for name, x in script.given.items() if name != question.id}
            other = _Script(script.protocol, same)
            before, after = script.given[question.id], other.given[question.id]
            steps = script.z3.Or([script.z3.And(before == a, after == b) for a, b in _worse(script, question)])  # fmt: skip
            if script.may(*other.within, steps, other.rank < script.rank):
                yield "I12", f"question {question.id}"


def _worse(script: _Script, question: Question) -> Iterator[tuple[int, int]]:
    """Give pairs of answers (by place), the second the more dangerous."""
    calm, danger = (script.dangers(question, worse=worse) for worse in (False, True))
    yield from ((a, b) for a in calm for b in danger)
    if question.worse is not None:
        plain = [p for p in calm if isinstance(script.domains[question.id][p], int | float)]
        upwards = plain if question.worse is Worse.HIGHER else plain[::-1]
        yield from combinations(upwards, 2)
