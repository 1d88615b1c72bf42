"""A protocol in plain English for those who approve it: conditions, decision table, differences.

Staff pages are English. Knows no page and no publication.
"""

from dataclasses import dataclass

from protocols import author_tests
from protocols.levels import Level
from protocols.plain_conditions import condition_in_words
from protocols.plain_differences import Sentence, differences
from protocols.script import Destination, Determinant, Protocol, Rule, Text

__all__ = ["Row", "RuleInWords", "Sentence", "condition_in_words", "differences", "table"]


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule of the decision table; `when` reads "danger_now is yes or not known".

    `in_doubt`: it is a rule for an emergency, which holds also where the caller
    does not know or will not say. `tests` are the ids of the author's tests in
    which it holds.
    """

    rule: str
    when: str
    in_doubt: bool
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One determinant of the decision table, the most urgent first.

    `rank` counts from 1. `rules` are its rules; any of them leads to it, unless a
    row above holds too. `otherwise` says that it stands where no rule holds.
    `tests` are the ids of the author's tests that end in it.
    """

    rank: int
    determinant: str
    title: Text
    level: Level
    priority: int
    destination: Destination
    common_code: str
    request_code: str | None
    rules: tuple[RuleInWords, ...]
    otherwise: bool
    tests: tuple[str, ...]


def table(protocol: Protocol) -> tuple[Row, ...]:
    """Give the decision table: determinants by rank, their rules in words, tests covering them."""
    runs = author_tests.runs(protocol)
    ranked = sorted(protocol.determinants, key=lambda d: (-d.level.rank, -d.priority, d.id))
    return tuple(_row(protocol, d, rank, runs) for rank, d in enumerate(ranked, 1))


def _row(
    protocol: Protocol, determinant: Determinant, rank: int, runs: tuple[author_tests.Run, ...]
) -> Row:
    rules = [rule for rule in protocol.rules if rule.determinant == determinant.id]
    return Row(
        rank,
        determinant.id,
        determinant.title,
        determinant.level,
        determinant.priority,
        determinant.destination,
        determinant.common_code,
        determinant.request_code,
        tuple(_rule(rule, determinant, runs) for rule in rules),
        protocol.otherwise == determinant.id,
        tuple(run.test.id for run in runs if run.found == determinant.id),
    )


def _rule(rule: Rule, determinant: Determinant, runs: tuple[author_tests.Run, ...]) -> RuleInWords:
    tests = tuple(run.test.id for run in runs if rule.id in run.rules)
    return RuleInWords(rule.id, condition_in_words(rule.when), determinant.emergency, tests)
