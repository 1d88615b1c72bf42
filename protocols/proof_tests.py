"""What the gate asks of the author's own tests: T01 (they pass), W03 (they reach everything).

I13 turns off each rule in turn: some test must then fail, or the proof must.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from protocols.author_tests import failures, untested
from protocols.proof_findings import Finding, Severity
from protocols.script import Protocol

Blocks = Callable[[Protocol], bool]
"""Whether the proof over answers refuses a protocol."""


def failing(protocol: Protocol) -> Iterator[Finding]:
    """T01: find the stored tests that fail."""
    tests = {test.id: test for test in protocol.tests}
    for failure in failures(protocol):
        yield Finding(
            "T01",
            Severity.ERROR,
            f"test {failure.test}",
            f"expects {failure.expected}, comes to {failure.found or 'no end'}",
            "mend the rules, or the test",
            example=tests[failure.test].answers,
        )


def uncovered(protocol: Protocol) -> Iterator[Finding]:
    """W03: find rules, determinants, and safety answers that no test exercises."""
    left_out = untested(protocol)
    for rule in left_out.rules:
        yield _untested(f"rule {rule}", f"{rule} has no test")
    for determinant in left_out.determinants:
        yield _untested(f"determinant {determinant}", f"no test ends with {determinant}")
    for question, answer in left_out.safety_answers:
        yield _untested(f"question {question}", f"no test answers {question} = {answer}")


def mutations(protocol: Protocol, blocks: Blocks) -> Iterator[Finding]:
    """I13: find rules that nothing misses when they are turned off."""
    for rule in protocol.rules:
        others = tuple(other for other in protocol.rules if other is not rule)
        without = replace(protocol, rules=others)
        if not failures(without) and not blocks(without):
            yield Finding(
                "I13",
                Severity.ERROR,
                f"rule {rule.id}",
                f"without {rule.id} every test passes and the proof still holds",
                "add a test that needs the rule, or take it out",
            )


def _untested(where: str, message: str) -> Finding:
    return Finding("W03", Severity.ERROR, where, message, "add a test")
