"""The form that a reader fills in for a case: what a machine cannot see. Pure.

Written by us for this line. Whoever changes a question gives the form another name, so that answers
to different questions are never counted together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from calltaker.errors import RefusedError
from models.states import ReviewGrade, Triage

FORM = "1"
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "listened": "Let the caller say what happened before the first question",
        "as_written": "Asked the questions as they are written, and in the caller's language",
        "probed": "Asked again where an answer did not fit the question",
        "danger_first": "Came to the danger first, and took doubt as danger",
        "right_protocol": "Chose the protocol that fits what the caller said",
        "answers_match": "Wrote down what the caller said, not what was expected",
        "respect": "Spoke with respect, whatever the caller's place, language or standing",
        "told_next": "Told the caller what happens next, and promised no time",
    }
)
ANSWERS = ("yes", "no", "not_applicable")
LONGEST_COMMENT = 4_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, whole and legal."""

    answers: Mapping[str, str]
    grade: ReviewGrade
    triage: Triage
    comment: str


def read(sent: Mapping[str, str]) -> Filled:
    """Read a filled form.

    Raises:
        RefusedError: naming what is missing or not possible; the page keeps what was typed.
    """
    answers = {name: sent.get(name, "") for name in QUESTIONS}
    missing = [name for name, answer in answers.items() if answer not in ANSWERS]
    if missing:
        said = "; ".join(QUESTIONS[name] for name in missing)
        raise RefusedError(f"Not answered: {said}.", "Answer every question of the form.")
    comment = sent.get("comment", "").strip()
    if len(comment) > LONGEST_COMMENT:
        raise RefusedError(
            f"The comment has {len(comment)} characters, at most {LONGEST_COMMENT}.", "Shorten it."
        )
    grade, triage = _grade(sent.get("grade", "")), _triage(sent.get("triage", ""))
    if (grade is not ReviewGrade.MEETS or triage is not Triage.RIGHT) and not comment:
        raise RefusedError(
            "A case that does not meet its protocol, or was held wrongly, needs a comment.",
            "Say in the comment what you heard.",
        )
    return Filled(answers, grade, triage, comment)


def _grade(text: str) -> ReviewGrade:
    try:
        return ReviewGrade(text)
    except ValueError:
        raise RefusedError("The case as a whole is not judged.", "Choose a step.") from None


def _triage(text: str) -> Triage:
    try:
        return Triage(text)
    except ValueError:
        raise RefusedError("The urgency is not judged.", "Say whether it was right.") from None
