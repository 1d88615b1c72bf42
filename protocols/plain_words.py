"""Conditions, rules and changes of a protocol in plain English, for those who approve it.

Staff pages are English. Knows no page and no publication.
"""

from dataclasses import dataclass

from protocols.conditions import Condition
from protocols.levels import Level
from protocols.script import Protocol, Text


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule of the decision table; `when` reads "danger_now is yes or not known"."""

    rule: str
    when: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One determinant of the decision table, the most urgent first.

    `rank` counts from 1. `rules` are its rules; any of them leads to it.
    `otherwise` says that it stands where no rule holds. `tests` are the ids of the
    author's tests that end in it.
    """

    rank: int
    determinant: str
    title: Text
    level: Level
    priority: int
    destination: str
    common_code: str
    request_code: str | None
    rules: tuple[RuleInWords, ...]
    otherwise: bool
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One difference. `where` names the item ("question smell_place"), `kind` is
    `added`, `removed`, `moved` or `changed`; `text` is the whole sentence.
    """

    where: str
    kind: str
    text: str


def condition_in_words(condition: Condition) -> str:
    """Say a condition in words, questions and options by their ids."""
    raise NotImplementedError


def table(protocol: Protocol) -> tuple[Row, ...]:
    """Give the decision table: determinants by rank, their rules in words, tests covering them."""
    raise NotImplementedError


def differences(old: Protocol, new: Protocol) -> tuple[Sentence, ...]:
    """Say in plain sentences what the new version changes, in the document's order."""
    raise NotImplementedError
