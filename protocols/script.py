"""A call-taking protocol as plain values: questions, rules, determinants, the author's tests.

Made by `loading` from a document, or by hand in a test. Knows conditions and
levels; knows no file format, no call and no clock. Values derived from the
document (compiled conditions, the order of rules) are worked out once, here,
when the object is made, so that an answer costs microseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from protocols import conditions, details
from protocols.conditions import WITHHELD, Answer, Condition, Standing, Test, Truth
from protocols.errors import shown
from protocols.levels import Level

LARGEST_NUMBER: Final = 999_999_999


OTHERWISE: Final = "otherwise"
"""Stands for a rule's id where no rule holds."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in each of the line's languages."""

    en: str
    es: str

    def __getitem__(self, language: str) -> str:
        """Give the sentence in `en` or `es`; KeyError for any other language."""
        match language:
            case "en":
                return self.en
            case "es":
                return self.es
        raise KeyError(language)


class QuestionKind(StrEnum):
    """What an answer is made of."""

    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    MANY = "many"
    PLACE = "place"
    TIME = "time"
    PERSON = "person"

    @property
    def has_options(self) -> bool:
        """Whether the answer is chosen from a list."""
        return self in (QuestionKind.CHOICE, QuestionKind.MANY)

    @property
    def decides(self) -> bool:
        """Whether what is answered may decide; of the others only that they were answered."""
        return self.has_options or self is QuestionKind.NUMBER


class Worse(StrEnum):
    """Which way a number grows more dangerous (only where the author says so)."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a choice, or one of several. `danger` matters on safety questions alone."""

    id: str
    text: Text
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question, read to the caller word for word.

    `note` is for the call-taker (how to probe), never read out. `ask_if` reads
    earlier questions only; where it is UNKNOWN the question is asked.
    `unit` says what a number counts.
    `unknown` and `refused` are legal answers to every question and stand in no
    list of options.
    """

    id: str
    kind: QuestionKind
    text: Text
    note: Text | None = None
    safety: bool = False
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    worse: Worse | None = None
    ask_if: Condition | None = None
    unit: Text | None = None

    @property
    def red_flags(self) -> tuple[Option, ...]:
        """The options of a safety question that mean danger."""
        return tuple(option for option in self.options if self.safety and option.danger)

    def in_danger(self, answer: Answer) -> bool:
        """Say whether an answer to a safety question means danger; not knowing does."""
        if not self.safety:
            return False
        chosen = answer if isinstance(answer, tuple) else (answer,)
        return answer in WITHHELD or any(option.id in chosen for option in self.red_flags)

    def fault(self, answer: object) -> str | None:
        """Say what is wrong with an answer, or None if it is legal."""
        if isinstance(answer, str) and answer in WITHHELD:
            return None
        match self.kind:
            case QuestionKind.CHOICE:
                return self._fault_of_choice(answer)
            case QuestionKind.MANY:
                return self._fault_of_many(answer)
            case QuestionKind.NUMBER:
                return self._fault_of_number(answer)
            case QuestionKind.TEXT:
                return details.fault_of_text(answer)
            case QuestionKind.PLACE:
                return details.fault_of_place(answer)
            case QuestionKind.TIME:
                return details.fault_of_time(answer)
            case QuestionKind.PERSON:
                return details.fault_of_person(answer)

    def _fault_of_choice(self, answer: object) -> str | None:
        ids = [option.id for option in self.options]
        if isinstance(answer, str) and answer in ids:
            return None
        return f"{shown(answer)} is not an option ({', '.join([*ids, *WITHHELD])})"

    def _fault_of_many(self, answer: object) -> str | None:
        if not isinstance(answer, tuple):
            return f"{shown(answer)} is not a list of options"
        for chosen in answer:
            if chosen in WITHHELD:
                return f"{chosen} stands alone, not in a list"
            if fault := self._fault_of_choice(chosen):
                return fault
        return "an option is chosen twice" if len(set(answer)) < len(answer) else None

    def _fault_of_number(self, answer: object) -> str | None:
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            return f"{shown(answer)} is not a number"
        if not -LARGEST_NUMBER <= answer <= LARGEST_NUMBER:  # nor is "not a number" within it
            return f"{shown(answer)} is not a number of at most 9 digits"
        if self.least is not None and answer < self.least:
            return f"{shown(answer)} is below {self.least:g}"
        if self.most is not None and answer > self.most:
            return f"{shown(answer)} is above {self.most:g}"
        return None


class DestinationKind(StrEnum):
    """Who takes over: a city department, a partner, or 911."""

    DEPARTMENT = "department"
    REFERRAL = "referral"
    NINE_ONE_ONE = "911"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a contact goes; `key` is looked up in the city pack, never dialled as it stands."""

    kind: DestinationKind
    key: str


@dataclass(frozen=True, slots=True)
class Determinant:
    """One outcome of a protocol.

    `script` is read to the caller when the outcome is settled, `advice` while
    help is on its way. `common_code` is a common incident type (APCO/EIDO);
    `request_code` a service request category, None where no request is made.
    `priority` goes from 0 to 10, 10 the most urgent (EIDO's scale).
    """

    id: str
    level: Level
    title: Text
    destination: Destination
    common_code: str
    request_code: str | None
    script: Text
    advice: Text
    priority: int

    @property
    def emergency(self) -> bool:
        """Whether this outcome dials 911."""
        return self.level is Level.EMERGENCY


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` holds, `determinant` (an id) is met. File order means nothing."""

    id: str
    when: Condition
    determinant: str


@dataclass(frozen=True, slots=True)
class AuthorTest:
    """Answers, and the determinant (an id) the author expects of them."""

    id: str
    answers: tuple[tuple[str, Answer], ...]
    determinant: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The public-safety agency's word on the content; both None means pending."""

    by: str | None = None
    on: date | None = None

    @property
    def pending(self) -> bool:
        """Whether nobody has approved the content yet; shown on screen."""
        return self.by is None


@dataclass(frozen=True, slots=True)
class Exemption:
    """An author's word that a rule of the gate about order does not fit here, and why.

    `rule` is the gate's code; the proof reports it with the reason, and whoever
    approves the protocol accepts it or does not.
    """

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Jump:
    """Another protocol (its id) that callers of this one often need; a suggestion, never forced."""

    to: str
    title: Text


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its determinant and the questions it reads."""

    id: str
    determinant: Determinant
    reads: tuple[str, ...]


class Ranked(NamedTuple):
    """A rule ready to run; a tuple, because the engine takes it apart for every answer.

    UNKNOWN is `enough` for an emergency: silence on a safety rule never reads as no.
    """

    holds: Test
    enough: Truth
    rule: ReadyRule


@dataclass(frozen=True, slots=True)
class Branch:
    """A question that is not always asked, with its compiled `ask_if`."""

    question: str
    certainly_asked: Test
    possibly_asked: Test


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of a protocol, unchangeable; `otherwise` is the determinant when no rule holds.

    The fields below `jumps` are derived. `ranked` has the most urgent rule
    first: level, then priority, then ids, so the order of a file never matters.
    """

    id: str
    version_note: str
    title: Text
    approval: Approval
    sources: tuple[str, ...]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    otherwise: str
    determinants: tuple[Determinant, ...]
    tests: tuple[AuthorTest, ...]
    exceptions: tuple[Exemption, ...] = ()
    jumps: tuple[Jump, ...] = ()
    question_by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)
    determinant_by_id: Mapping[str, Determinant] = field(init=False, repr=False, compare=False)
    ranked: tuple[Ranked, ...] = field(init=False, repr=False, compare=False)
    branches: tuple[Branch, ...] = field(init=False, repr=False, compare=False)
    unanswered: Mapping[str, Answer] = field(init=False, repr=False, compare=False)
    left_open: Mapping[str, Answer] = field(init=False, repr=False, compare=False)
    legal_choices: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        questions, determinants = self.questions, {d.id: d for d in self.determinants}
        derived = {
            "question_by_id": {question.id: question for question in questions},
            "determinant_by_id": determinants,
            "ranked": _rank(self.rules, determinants),
            "branches": tuple(_branch(q.id, q.ask_if) for q in questions if q.ask_if is not None),
            "unanswered": {question.id: Standing.UNANSWERED for question in questions},
            "left_open": {question.id: Standing.LEFT_OPEN for question in questions},
            "legal_choices": {q.id: frozenset([*_single_options(q), *WITHHELD]) for q in questions},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


def _single_options(question: Question) -> list[str]:
    """List the options that are an answer by themselves."""
    return [o.id for o in question.options] if question.kind is QuestionKind.CHOICE else []


def _branch(question: str, ask_if: Condition) -> Branch:
    return Branch(question, conditions.sure(ask_if), conditions.possible(ask_if))


def _rank(rules: tuple[Rule, ...], determinants: Mapping[str, Determinant]) -> tuple[Ranked, ...]:
    ready = [_ready(rule, determinants[rule.determinant]) for rule in rules]
    return tuple(sorted(ready, key=_urgency))


def _ready(rule: Rule, determinant: Determinant) -> Ranked:
    enough = conditions.UNKNOWN if determinant.emergency else conditions.TRUE
    ready = ReadyRule(rule.id, determinant, conditions.reads(rule.when))
    return Ranked(conditions.sure(rule.when), enough, ready)


def _urgency(ranked: Ranked) -> tuple[int, int, str, str]:
    rule, determinant = ranked.rule, ranked.rule.determinant
    return (-determinant.level.rank, -determinant.priority, determinant.id, rule.id)
