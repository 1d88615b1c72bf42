"""Conditions as shared Boolean formulas over answers, for walking through all answers at once.

A condition is three-valued; whether it is at least so true is a plain yes or
no, and `all`, `any` and the pushed-down `not` keep that. So each question with
a threshold becomes a formula of literals "the answer to Q is among these".
What one comparison says of one answer is asked of the engine's own compiled
test, so the proof cannot read a condition differently.

Equal formulas are one number, which makes the state of a walk a short tuple.
A formula is constant only where the engine would know it too: a literal that
covers every answer stays open until the question is answered.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, assert_never

from protocols import conditions
from protocols.conditions import (
    All,
    Always,
    Answered,
    AnyOf,
    Compare,
    Condition,
    Has,
    Not,
    OneOf,
    Truth,
)
from protocols.proof_domains import domains
from protocols.script import Protocol

Formula = int
"""A number standing for a formula; `NEVER` and `ALWAYS` are the constants."""
NEVER: Final = 0
ALWAYS: Final = 1

_LITERAL: Final = 0
_ALL: Final = 1
_ANY: Final = 2


class _Node(NamedTuple):
    """A literal (question, bits of its answers) or a list of parts."""

    kind: int
    question: int
    bits: int
    parts: tuple[Formula, ...]


class Formulas:
    """All formulas of one proof, each made once. `domains` gives each question's answers."""

    def __init__(self, protocol: Protocol) -> None:
        self.place = {question.id: place for place, question in enumerate(protocol.questions)}
        self.domains = domains(protocol)
        self.masks: dict[int, set[int]] = {place: set() for place in self.place.values()}
        self._nodes: list[_Node] = [_Node(_ALL, -1, 0, ()), _Node(_ALL, -1, 0, ())]
        self._numbers: dict[_Node, Formula] = {}
        self._reads: list[int] = [0, 0]
        self._restricted: dict[tuple[Formula, int, int], Formula] = {}

    def of(self, condition: Condition, at_least: Truth, *, negated: bool = False) -> Formula:
        """Make the formula "the condition is at least so true"."""
        match condition:
            case Always():
                return NEVER if negated else ALWAYS
            case Not():
                return self.of(condition.part, at_least, negated=not negated)
            case All() | AnyOf():
                parts = [self.of(part, at_least, negated=negated) for part in condition.parts]
                return (
                    self.both(parts) if isinstance(condition, All) != negated else self.any(parts)
                )
            case OneOf() | Compare() | Has() | Answered():
                return self._comparison(condition, at_least, negated=negated)
        assert_never(condition)

    def both(self, parts: Iterable[Formula]) -> Formula:
        """Make "each part holds"."""
        return self._join(_ALL, parts)

    def any(self, parts: Iterable[Formula]) -> Formula:
        """Make "some part holds"."""
        return self._join(_ANY, parts)

    def reads(self, formula: Formula) -> int:
        """Give the places of the questions a formula reads, as bits."""
        return self._reads[formula]

    def given(self, formula: Formula, question: int, value: int) -> Formula:
        """Give what is left of a formula once a question has its answer (place and value)."""
        if not self._reads[formula] >> question & 1:
            return formula
        key = (formula, question, value)
        found = self._restricted.get(key)
        if found is None:
            found = self._restricted[key] = self._restrict(formula, question, value)
        return found

    def _restrict(self, formula: Formula, question: int, value: int) -> Formula:
        node = self._nodes[formula]
        if node.kind == _LITERAL:
            return node.bits >> value & 1
        return self._join(node.kind, [self.given(part, question, value) for part in node.parts])

    def _comparison(
        self, condition: OneOf | Compare | Has | Answered, at_least: Truth, *, negated: bool
    ) -> Formula:
        test = conditions.sure(Not(condition) if negated else condition)
        place, bits = self.place[condition.question], 0
        for number, value in enumerate(self.domains[place]):
            if test({condition.question: value}) >= at_least:
                bits |= 1 << number
        self.masks[place].add(bits)
        return self._number(_Node(_LITERAL, place, bits, ()), 1 << place)

    def _join(self, kind: int, parts: Iterable[Formula]) -> Formula:
        neutral, final = (ALWAYS, NEVER) if kind == _ALL else (NEVER, ALWAYS)
        kept = set(parts)
        if final in kept:
            return final
        kept.discard(neutral)
        if len(kept) <= 1:
            return kept.pop() if kept else neutral
        ordered = tuple(sorted(kept))
        reads = 0
        for part in ordered:
            reads |= self._reads[part]
        return self._number(_Node(kind, -1, 0, ordered), reads)

    def _number(self, node: _Node, reads: int) -> Formula:
        found = self._numbers.get(node)
        if found is None:
            found = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
            self._reads.append(reads)
        return found
