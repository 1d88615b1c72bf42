"""Answers and reasons in words, for the desk, the printed sheet and the terminal player.

What a caller hears stands in the protocol's own document; these are the few
words the engine itself adds on the call-taker's side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.conditions import REFUSED_ANSWER, UNKNOWN_ANSWER, Answer, Detail, Standing
from protocols.details import PERSON_KEYS
from protocols.engine import Met
from protocols.script import Protocol, Question, Text

WITHOUT_ANSWER: Final = {
    UNKNOWN_ANSWER: Text("Does not know", "No sabe"),
    REFUSED_ANSWER: Text("Will not say", "No quiere decir"),
}
NONE: Final = Text("None of them", "Ninguno")
UNVERIFIED: Final = Text("not verified", "sin verificar")

_TOLD: Final = frozenset({*PERSON_KEYS, "text"})
_STANDING: Final = {
    Standing.UNANSWERED: Text("not answered yet", "todavía sin contestar"),
    Standing.UNDECIDED: Text("not reached yet", "todavía no se llega"),
    Standing.NOT_ASKED: Text("not asked", "no se preguntó"),
    Standing.LEFT_OPEN: Text("the call ended first", "la llamada terminó antes"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One question a rule read, and the answer it found there."""

    question: str
    answer: str


def answer_text(question: Question, answer: Answer, language: str) -> str:
    """Give an answer as a person says it: options' texts, "Does not know", or as it stands."""
    if isinstance(answer, Standing):
        return _STANDING[answer][language]
    if isinstance(answer, str):
        return _word(question, answer, language)
    if isinstance(answer, tuple):
        return ", ".join(_word(question, chosen, language) for chosen in answer) or NONE[language]
    if isinstance(answer, Mapping):
        return _written(answer, language)
    return f"{answer:.15g} {question.unit[language]}" if question.unit else f"{answer:.15g}"


def _word(question: Question, word: str, language: str) -> str:
    if word in WITHOUT_ANSWER:
        return WITHOUT_ANSWER[word][language]
    text = next((option.text for option in question.options if option.id == word), None)
    return text[language] if text else word


def _written(answer: Mapping[str, Detail], language: str) -> str:
    """Put a place, a time or a person in one line, leaving out what only machines read."""
    told = [str(value) for key, value in answer.items() if key in _TOLD]
    if answer.get("confirmed") is False:
        told.append(f"{UNVERIFIED[language]}: {answer.get('unverified_reason', '')}")
    return ", ".join(told)


def why(protocol: Protocol, met: Met, language: str) -> tuple[Reason, ...]:
    """Say in words what a rule that holds has read; empty for `always` and `otherwise`."""
    return tuple(
        Reason(question.text[language], answer_text(question, answer, language))
        for name, answer in met.read.items()
        for question in (protocol.question_by_id[name],)
    )
