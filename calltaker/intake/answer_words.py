"""An answer in words: as the desk lists it, and as a department reads it. Values in, words out."""

from collections.abc import Mapping

from protocols.conditions import WITHHELD, Answer
from protocols.script import Question, QuestionKind, Text

STANDING: Mapping[str, Text] = {
    "unknown": Text("Does not know", "No sabe"),
    "refused": Text("Will not say", "No quiere decir"),
}
NONE_OF_THEM = Text("None of these", "Ninguna de estas")


def shown(question: Question, answer: Answer) -> Text | None:
    """Give an answer in both languages where it has them, None for the caller's own words."""
    if isinstance(answer, str) and answer in STANDING:
        return STANDING[answer]
    match question.kind:
        case QuestionKind.CHOICE:
            return _options(question, (answer,))
        case QuestionKind.MANY if isinstance(answer, tuple):
            return _options(question, answer) if answer else NONE_OF_THEM
        case QuestionKind.NUMBER if question.unit is not None:
            return Text(f"{answer:g} {question.unit.en}", f"{answer:g} {question.unit.es}")
    return None


def told(question: Question, answer: Answer) -> str:
    """Give an answer in the caller's own words, in one line; empty where there are none."""
    if isinstance(answer, str) and answer in WITHHELD:
        return ""
    match question.kind:
        case QuestionKind.PLACE if isinstance(answer, Mapping):
            return _place(answer)
        case QuestionKind.TIME if isinstance(answer, Mapping):
            at = str(answer.get("at", "")).replace("T", " ")
            return f"{answer['text']} ({at})" if at else str(answer["text"])
        case QuestionKind.PERSON if isinstance(answer, Mapping):
            return ", ".join(str(part) for part in answer.values())
    return str(answer)


def _place(answer: Mapping[str, object]) -> str:
    if answer.get("confirmed"):
        return str(answer["text"])
    return f"{answer['text']} (not verified: {answer.get('unverified_reason', '')})"


def _options(question: Question, chosen: tuple[object, ...]) -> Text | None:
    """Name the chosen options in the order of the question."""
    found = [option.text for option in question.options if option.id in chosen]
    if not found:
        return None
    return Text(", ".join(text.en for text in found), ", ".join(text.es for text in found))
