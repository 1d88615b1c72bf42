"""Answers and reasons in words, for the desk, the printed sheet and the terminal player.

What a caller hears stands in the protocol's own document; these are the few
words the engine itself adds on the call-taker's side.
"""

from dataclasses import dataclass
from typing import Final

from protocols.conditions import REFUSED_ANSWER, UNKNOWN_ANSWER, Answer, Standing
from protocols.engine import Met
from protocols.script import Protocol, Question, Text

WITHOUT_ANSWER: Final = {
    UNKNOWN_ANSWER: Text("Does not know", "No sabe"),
    REFUSED_ANSWER: Text("Will not say", "No quiere decir"),
}
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
    """Give an answer as a person says it: an option's text, "Does not know", or as it stands."""
    if isinstance(answer, Standing):
        return _STANDING[answer][language]
    if isinstance(answer, str) and answer in WITHOUT_ANSWER:
        return WITHOUT_ANSWER[answer][language]
    texts = {option.id: option.text for option in question.options}
    return texts[answer][language] if isinstance(answer, str) and answer in texts else str(answer)


def why(protocol: Protocol, met: Met, language: str) -> tuple[Reason, ...]:
    """Say in words what a rule that holds has read; empty for `always` and `otherwise`."""
    return tuple(
        Reason(question.text[language], answer_text(question, answer, language))
        for name, answer in met.read.items()
        for question in (protocol.question_by_id[name],)
    )
