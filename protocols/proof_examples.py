"""From a way through a diagram to answers that `./run ask` can replay to the end."""

from collections.abc import Mapping, Sequence

from protocols.conditions import UNKNOWN_ANSWER, WITHHELD, Answer, Standing
from protocols.engine import next_question
from protocols.proof_findings import Example
from protocols.proof_walk import Space, is_danger

Way = Sequence[tuple[int, Answer]]
"""Questions by place with their answers; `LEFT_OPEN` among them means the caller goes."""


def shown(example: Example) -> str:
    """Put an example into one line."""
    return ", ".join(f"{question} = {plain(answer)}" for question, answer in example)


def said(space: Space, way: Way) -> Example:
    """Give the answers of a way as they stand, without those left open."""
    return tuple(
        (space.questions[place].id, answer)
        for place, answer in way
        if answer is not Standing.LEFT_OPEN
    )


def complete(space: Space, way: Way) -> tuple[Example, bool]:
    """Give the answers of a way, and whether the caller goes before all is answered.

    Questions that make no difference are answered calmly, so that the engine
    comes to its end; where the caller goes they may stay open.
    """
    answers = dict(said(space, way))
    gone = len(answers) < len(way)
    while not gone and (question := next_question(space.askable, answers)) is not None:
        answers[question.id] = _calm(space, question.id)
    ordered = [question.id for question in space.questions if question.id in answers]
    return tuple((name, answers[name]) for name in ordered), gone


def _calm(space: Space, name: str) -> Answer:
    place = space.formulas.place[name]
    question, domain = space.questions[place], space.formulas.domains[place][:-2]
    calm = [answer for answer in domain if not is_danger(question, answer)]
    if not question.kind.decides:
        calm.sort(key=lambda answer: answer not in WITHHELD)
    return calm[0] if calm else UNKNOWN_ANSWER


def plain(answer: Answer) -> str:
    """Put an answer into words."""
    match answer:
        case float():
            return f"{answer:g}"
        case tuple():
            return " + ".join(answer) or "none of them"
        case Mapping():
            return "answered"
    return str(answer)
