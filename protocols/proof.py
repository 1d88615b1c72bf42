"""Proves a protocol before a caller meets it: the publish gate's rules over every answer.

`prove` is what `./run check-protocol` and publishing call. Everything that is
not the protocol is handed in: places, codes and limits as `Reference`, the
seconds by `clock`. Pure and total: whatever the protocol, there is a `Proof`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final, TypeVar

from protocols import (
    proof_danger,
    proof_jumps,
    proof_outcomes,
    proof_reference,
    proof_structure,
    proof_tests,
    proof_texts,
)
from protocols.proof_domains import TooLargeError
from protocols.proof_findings import Finding, Proof, Purpose, Severity, Statement
from protocols.proof_reference import Reference
from protocols.proof_walk import Space, Tick, Walk
from protocols.script import Protocol

Clock = Callable[[], float]
Progress = Callable[[str], None]
"""Is told the code of the rule that is looked at: before it, and with every situation of it.

What it raises ends the proof: so whoever waits gives up.
"""
Look = Callable[[], Iterable[Finding]]

Made = TypeVar("Made")

WALKED: Final = "walk of every answer"
READ: Final = "read"
BY_LOADER: Final = "refused by the loader"
LOADED: Final = ("E03", "E06")
"""A document with one of these never becomes a protocol."""


def prove(
    protocol: Protocol,
    reference: Reference,
    purpose: Purpose,
    clock: Clock,
    progress: Progress | None = None,
) -> Proof:
    """Hold a protocol to every rule of the gate.

    Args:
        protocol: A document as loaded.
        reference: Places, codes, languages and limits it is held against.
        purpose: `live` also blocks on unverified numbers and pending approval.
        clock: Gives seconds from any start; only differences count.
        progress: Is told which rule is looked at; may give up by raising.
    """
    return _Gate(protocol, reference, purpose, clock, progress or (lambda _code: None)).proof()


class _Diagrams:
    """The walks several rules share, each tried once, when first asked for.

    Each raises TooLargeError where it does, the second time without trying.
    """

    def __init__(self, protocol: Protocol, tick: Tick) -> None:
        self._protocol, self._tick = protocol, tick
        self._too_large: dict[object, TooLargeError] = {}

    @cached_property
    def space(self) -> Space:
        return Space(self._protocol, self._tick)

    @cached_property
    def answer_sets(self) -> int:
        """How many the rules are proven over; 0 where they cannot even be listed."""
        try:
            return self.space.answer_sets
        except TooLargeError:
            return 0

    @cached_property
    def levels(self) -> proof_danger.Levels:
        return self._once(proof_danger.Levels)

    @cached_property
    def emergencies(self) -> Walk:
        return self._once(proof_danger.emergency_walk)

    @cached_property
    def calls(self) -> proof_outcomes.Calls:
        return self._once(proof_outcomes.Calls)

    def _once(self, make: Callable[[Space], Made]) -> Made:
        if make in self._too_large:
            raise self._too_large[make]
        try:
            return make(self.space)
        except TooLargeError as bound:
            self._too_large[make] = bound
            raise


def _over_answers(diagrams: _Diagrams, danger_question: str | None) -> dict[str, Look]:
    """Give the rules that are proven over all answers, by code."""
    d = diagrams
    return {
        "E07": lambda: _unreachable(d),
        "E08": lambda: proof_outcomes.dead_ends(d.calls),
        "E09": lambda: proof_outcomes.constant_conditions(d.space),
        "E10": lambda: proof_outcomes.overlaps(d.space),
        "E11": lambda: proof_outcomes.gaps(d.calls),
        "E12": lambda: proof_danger.red_flags(d.levels),
        "E15": lambda: proof_outcomes.unknown_without_effect(d.space),
        "E18": lambda: proof_danger.first_decision(d.space, d.emergencies),
        "I12": lambda: proof_danger.never_lower(d.levels),
        "W02": lambda: proof_danger.safety_first(d.space, d.emergencies, danger_question),
    }


def _unreachable(diagrams: _Diagrams) -> Iterator[Finding]:
    yield from proof_outcomes.unreachable_questions(diagrams.space, diagrams.emergencies)
    yield from proof_outcomes.unreachable_determinants(diagrams.calls)


class _Gate:
    """One proof being made."""

    def __init__(
        self,
        protocol: Protocol,
        reference: Reference,
        purpose: Purpose,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._protocol, self._reference, self._purpose = protocol, reference, purpose
        self._clock, self._progress, self._looking_at = clock, progress, ""
        self._findings: list[Finding] = []
        self._statements: list[Statement] = []

    def proof(self) -> Proof:
        for code in LOADED:
            self._statements.append(Statement(code, True, 0, BY_LOADER, 0.0))
        shape = tuple(proof_structure.shape(self._protocol))
        jumps = self._reference.jumps
        self._look("E01", lambda: proof_jumps.unknown(self._protocol, self._reference))
        self._look("E02, E04, E05", lambda: (*shape, *proof_jumps.turning(self._protocol, jumps)))
        if not shape:
            diagrams = _Diagrams(self._protocol, self._tick)
            over_answers = _over_answers(diagrams, self._reference.danger_question)
            for code, look in over_answers.items():
                self._look(code, look, WALKED, diagrams.answer_sets)
        ends = self._protocol.otherwise in self._protocol.determinant_by_id
        for code, look in self._over_data(sound=ends and not shape).items():
            self._look(code, look)
        return Proof(self._protocol.id, self._excepted(), tuple(self._statements))

    def _over_data(self, *, sound: bool) -> dict[str, Look]:
        """Give the rules about places, words and tests; the tests only where the engine can run them."""
        protocol, reference = self._protocol, self._reference
        read: dict[str, Look] = {
            "E13": lambda: proof_reference.transfers(protocol, reference),
            "E14": lambda: proof_reference.destinations(protocol, reference, self._purpose),
            "E16": lambda: proof_reference.codes(protocol, reference),
            "E17": lambda: proof_texts.translations(protocol, reference.languages),
            "W01": lambda: proof_texts.hard_to_read(
                protocol, reference.languages, reference.grades
            ),
            "A01": lambda: self._approval(),
        }
        tests: dict[str, Look] = {
            "T01": lambda: proof_tests.failing(protocol),
            "W03": lambda: proof_tests.uncovered(protocol),
            "I13": lambda: proof_tests.mutations(protocol, self._would_block),
        }
        return read | tests if sound else read

    def _look(self, code: str, look: Look, how: str = READ, answer_sets: int = 0) -> list[Finding]:
        """Look at one rule (or several, with commas) and say what came of it."""
        self._looking_at = code
        self._tick()
        began = self._clock()
        proven: bool | None
        try:
            found = list(look())
            proven = not any(finding.severity is Severity.ERROR for finding in found)
        except TooLargeError as bound:
            found, proven = [_not_proven(code, bound)], None
        seconds = self._clock() - began
        self._findings += found
        for one in code.split(", "):
            holds = proven and not any(finding.code == one for finding in found)
            verdict = None if proven is None else bool(holds or _only_warns(one, found))
            self._statements.append(Statement(one, verdict, answer_sets, how, seconds))
        return found

    def _tick(self) -> None:
        self._progress(self._looking_at)

    def _approval(self) -> Iterator[Finding]:
        if self._protocol.approval.pending:
            live = self._purpose is Purpose.LIVE
            yield Finding(
                "A01",
                Severity.ERROR if live else Severity.WARNING,
                "approval",
                "the public-safety agency has not approved the content",
                "enter by and on, once it has",
            )

    def _would_block(self, mutant: Protocol) -> bool:
        """Whether the proof refuses a protocol; what it cannot decide for ours counts for nothing."""
        if any(statement.proven is None for statement in self._statements):
            return False
        try:
            return _refused(mutant, self._tick)
        except TooLargeError:
            return False

    def _excepted(self) -> tuple[Finding, ...]:
        """Turn what the author declared an exception from into a warning with the reason."""
        reasons = {exemption.rule: exemption.reason for exemption in self._protocol.exceptions}
        found = tuple(
            _excused(finding, reasons[finding.code]) if finding.code in reasons else finding
            for finding in self._findings
        )
        needed = {finding.code for finding in found}
        unneeded = (code for code in reasons if code not in needed)
        return (*found, *[_unneeded(code) for code in unneeded])


def _refused(protocol: Protocol, tick: Tick) -> bool:
    """Whether a rule over all answers finds a fault that no declared exception covers."""
    excused = {exemption.rule for exemption in protocol.exceptions}
    return any(
        finding.severity is Severity.ERROR and code not in excused
        for code, look in _over_answers(_Diagrams(protocol, tick), None).items()
        for finding in look()
    )


def _only_warns(code: str, found: list[Finding]) -> bool:
    return all(f.code != code or f.severity is Severity.WARNING for f in found)


def _not_proven(code: str, bound: TooLargeError) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        "protocol",
        f"not proven: {bound}",
        "let fewer conditions hang on each other, or split the protocol",
    )


def _excused(finding: Finding, reason: str) -> Finding:
    message = f"{finding.message}; the author's exception: {reason}"
    return replace(finding, severity=Severity.WARNING, message=message)


def _unneeded(code: str) -> Finding:
    message = f"an exception from {code} is declared, and nothing needs it"
    return Finding(code, Severity.WARNING, "exceptions", message, "take it out")
