"""From one protocol to another in the same call: which answers go along.

Nobody is asked the same thing twice, and nobody's answer is given another
meaning: an answer goes along only to a question of the same id, kind, wording,
options and unit. Knows no call and no record.
"""

from collections.abc import Mapping

from protocols.conditions import Answer
from protocols.script import Protocol, Question


def carried(
    from_protocol: Protocol, to_protocol: Protocol, answers: Mapping[str, Answer]
) -> Mapping[str, Answer]:
    """Give the answers that hold in the other protocol too, in its own order.

    Args:
        from_protocol: The version the answers were given to.
        to_protocol: The version that goes on.
        answers: All answers given, on the path or off it.
    """
    return {
        question.id: answer
        for question in to_protocol.questions
        if (answer := answers.get(question.id)) is not None
        and _same(question, from_protocol.question_by_id.get(question.id))
        and question.fault(answer) is None  # the same number may have other bounds
    }


def _same(one: Question, other: Question | None) -> bool:
    return other is not None and _meaning(one) == _meaning(other)


def _meaning(question: Question) -> tuple[object, ...]:
    return (question.kind, question.text, question.options, question.unit)
