"""The author's own tests of a protocol: run them, and find what none of them touches.

For the publish gate (a failing test blocks, an untouched rule is reported) and
for whoever writes a protocol.
"""

from dataclasses import dataclass
from itertools import chain

from protocols.conditions import WITHHELD
from protocols.engine import Verdict, determine
from protocols.script import AuthorTest, Protocol


@dataclass(frozen=True, slots=True)
class Failure:
    """A test whose answers come to something else; `found` is None where they end too early."""

    test: str
    expected: str
    found: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """A test and what its answers came to."""

    test: AuthorTest
    verdict: Verdict

    @property
    def found(self) -> str | None:
        """The determinant; None where the answers end before one is final."""
        verdict = self.verdict
        return verdict.determinant.id if verdict.determinant and verdict.final else None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that hold; `otherwise` where none does."""
        return tuple(met.rule for met in self.verdict.criteria)


@dataclass(frozen=True, slots=True)
class Untested:
    """What no test exercises: rules, determinants, safety answers."""

    rules: tuple[str, ...]
    determinants: tuple[str, ...]
    safety_answers: tuple[tuple[str, str], ...]


def failures(protocol: Protocol) -> tuple[Failure, ...]:
    """Run every stored test; a verdict that is not final fails too."""
    return tuple(
        Failure(run.test.id, run.test.determinant, run.found)
        for run in runs(protocol)
        if run.found != run.test.determinant
    )


def runs(protocol: Protocol) -> tuple[Run, ...]:
    """Run every stored test, whatever comes of it."""
    return tuple(Run(test, _verdict(protocol, test)) for test in protocol.tests)


def untested(protocol: Protocol) -> Untested:
    """List what the stored tests leave out.

    A safety answer is a red flag, or one of `unknown` and `refused`.
    """
    run = runs(protocol)
    rules = {rule for one in run for rule in one.rules}
    determinants = {one.found for one in run}
    given = set(chain.from_iterable(map(_words_given, protocol.tests)))
    return Untested(
        tuple(rule.id for rule in protocol.rules if rule.id not in rules),
        tuple(d.id for d in protocol.determinants if d.id not in determinants),
        tuple(pair for pair in _safety_answers(protocol) if pair not in given),
    )


def _verdict(protocol: Protocol, test: AuthorTest) -> Verdict:
    return determine(protocol, dict(test.answers))


def _words_given(test: AuthorTest) -> list[tuple[str, str]]:
    """List each option and word of a test's answers by its question."""
    return [
        (question, word)
        for question, answer in test.answers
        for word in (answer if isinstance(answer, tuple) else (answer,))
        if isinstance(word, str)
    ]


def _safety_answers(protocol: Protocol) -> list[tuple[str, str]]:
    return [
        (question.id, answer)
        for question in protocol.questions
        if question.safety
        for answer in (*(option.id for option in question.red_flags), *WITHHELD)
    ]
