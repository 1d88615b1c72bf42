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
class Untested:
    """What no test exercises: rules, determinants, safety answers."""

    rules: tuple[str, ...]
    determinants: tuple[str, ...]
    safety_answers: tuple[tuple[str, str], ...]


def failures(protocol: Protocol) -> tuple[Failure, ...]:
    """Run every stored test; a verdict that is not final fails too."""
    verdicts = ((test, _verdict(protocol, test)) for test in protocol.tests)
    return tuple(
        Failure(test.id, test.determinant, found)
        for test, verdict in verdicts
        if (found := _found(verdict)) != test.determinant
    )


def untested(protocol: Protocol) -> Untested:
    """List what the stored tests leave out.

    A safety answer is a red flag, or one of `unknown` and `refused`.
    """
    verdicts = [_verdict(protocol, test) for test in protocol.tests]
    rules = {met.rule for verdict in verdicts for met in verdict.criteria}
    determinants = {_found(verdict) for verdict in verdicts}
    given = set(chain.from_iterable(map(_words_given, protocol.tests)))
    return Untested(
        tuple(rule.id for rule in protocol.rules if rule.id not in rules),
        tuple(d.id for d in protocol.determinants if d.id not in determinants),
        tuple(pair for pair in _safety_answers(protocol) if pair not in given),
    )


def _verdict(protocol: Protocol, test: AuthorTest) -> Verdict:
    return determine(protocol, dict(test.answers))


def _found(verdict: Verdict) -> str | None:
    return verdict.determinant.id if verdict.determinant and verdict.final else None


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
