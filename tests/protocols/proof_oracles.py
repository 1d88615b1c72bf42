"""What the proof is held to: every answer set of a small protocol, one by one, through the engine.

Shares nothing with the proof but the engine: tries all answers, numbers at and around each limit, and
says where a rule of the gate is broken.
"""

from functools import lru_cache
from itertools import combinations, product

from protocols.conditions import WITHHELD, Always, Standing
from protocols.engine import _place, determine, next_question
from protocols.script import QuestionKind, Worse

ABSENT = None
NUMBERS = (-1, 0, 1, 2, 2.25, 2.5, 3, 7, 8)
"""At, between and around the limits that generated conditions compare with."""
WRITTEN = "by the bank"
PLACE = {"text": WRITTEN, "confirmed": True}


def plain_answers(question):
    match question.kind:
        case QuestionKind.CHOICE:
            return tuple(option.id for option in question.options)
        case QuestionKind.NUMBER:
            return NUMBERS
        case QuestionKind.MANY:
            ids = [option.id for option in question.options]
            return tuple(
                chosen for size in range(len(ids) + 1) for chosen in combinations(ids, size)
            )
        case QuestionKind.TEXT | QuestionKind.PLACE:
            return (WRITTEN,)


def answers_of(question):
    return (*plain_answers(question), *WITHHELD)


def answer_sets(script, *, gaps):
    choices = [(*answers_of(q), *([ABSENT] if gaps else [])) for q in script.questions]
    return product(*choices)


def given_to(script, chosen):
    pairs = zip(script.questions, chosen, strict=True)
    return {q.id: given_as(q, answer) for q, answer in pairs if answer is not ABSENT}


def given_as(question, answer):
    """A place has details, and details have no hash: one stands for them in the oracles."""
    return PLACE if question.kind is QuestionKind.PLACE and answer == WRITTEN else answer


def danger(question, answer):
    if answer is ABSENT or answer in WITHHELD:
        return True
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return not {option.id for option in question.red_flags}.isdisjoint(chosen)


def worse(question, one, two):
    """Whether `two` is more dangerous than `one`."""
    if danger(question, one) != danger(question, two):
        return danger(question, two)
    plain = not isinstance(one, str) and not isinstance(two, str)
    if question.worse is None or not plain or ABSENT in (one, two):
        return False
    return two > one if question.worse is Worse.HIGHER else two < one


@lru_cache(maxsize=1)  # three oracles read the same verdicts; one after another, so one is kept
def verdicts(script):
    """What every set of answers comes to, gaps included, by the answers in the order asked."""
    return {
        chosen: determine(script, given_to(script, chosen), closed=True)
        for chosen in answer_sets(script, gaps=True)
    }


def dishonoured(script):
    found = set()
    dangers = [
        {answer for answer in (*answers_of(question), ABSENT) if danger(question, answer)}
        for question in script.questions
    ]
    for chosen, verdict in verdicts(script).items():
        if verdict.emergency:
            continue
        values = _place(script, given_to(script, chosen), closed=True)
        for question, answer, dangerous in zip(script.questions, chosen, dangers, strict=True):
            on_path = values[question.id] is not Standing.NOT_ASKED
            if question.safety and on_path and answer in dangerous:
                found.add(f"question {question.id}")
    return found


def lowering(script):
    levels = {chosen: verdict.level for chosen, verdict in verdicts(script).items()}
    return {
        f"question {question.id}"
        for place, question in enumerate(script.questions)
        if question.safety and lowers(levels, place, question)
    }


def lowers(levels, place, question):
    answers = (*answers_of(question), ABSENT)
    worse_than = {one: [two for two in answers if worse(question, one, two)] for one in answers}
    return any(
        levels[*chosen[:place], other, *chosen[place + 1 :]] < level
        for chosen, level in levels.items()
        for other in worse_than[chosen[place]]
    )


def calls(script, answers=()):
    """Every call as it is asked, with each beginning of it."""
    question = next_question(script, dict(answers))
    yield dict(answers), question
    if question is not None:
        for answer in answers_of(question):
            yield from calls(script, (*answers, (question.id, given_as(question, answer))))


def unreachable(script):
    asked, reached = set(), set()
    for answers, question in calls(script):
        if question is not None:
            asked.add(question.id)
        left = question is not None  # the caller goes before the call has come to its end
        reached.add(determine(script, answers, closed=left).determinant.id)
    lost = {f"question {q.id}" for q in script.questions if q.id not in asked}
    return lost | {f"determinant {d.id}" for d in script.determinants if d.id not in reached}


def constant(script):
    held, asked = {r.id: set() for r in script.rules}, {q.id: set() for q in script.questions}
    for chosen in answer_sets(script, gaps=False):
        answers = given_to(script, chosen)
        met = {met.rule for met in determine(script, answers).criteria}
        values = _place(script, answers, closed=False)
        for rule in script.rules:
            held[rule.id].add(rule.id in met)
        for question in script.questions:
            asked[question.id].add(values[question.id] is not Standing.NOT_ASKED)
    rules = {f"rule {r.id}" for r in script.rules if len(held[r.id]) == 1 and not marked(r.when)}
    branches = {
        f"question {q.id}, ask_if"
        for q in script.questions
        if q.ask_if is not None and not marked(q.ask_if) and len(asked[q.id]) == 1
    }
    return rules | branches


def marked(when):
    return isinstance(when, Always)  # constant by the author's own word


def overlapping(script):
    found = set()
    order = [rule.id for rule in script.rules]
    for verdict in verdicts(script).values():
        met = sorted(verdict.criteria, key=lambda m: _order(order, m))
        for one, other in combinations(met, 2):
            first, second = (script.determinant_by_id[m.determinant] for m in (one, other))
            alike = (first.level, first.priority) == (second.level, second.priority)
            if alike and first.id != second.id:
                found.add(f"rules {one.rule} and {other.rule}")
    return found


def _order(order, met):
    return order.index(met.rule) if met.rule in order else len(order)


def decided_late(script):
    """Whether some call comes past three questions, or to its end, without a first decision."""

    def late(answers):
        question = next_question(script, dict(answers))
        if question is None:
            return True
        following = [
            (*answers, (question.id, given_as(question, answer))) for answer in answers_of(question)
        ]
        if any(determine(script, dict(more)).emergency for more in following):
            return len(answers) >= 3
        return any(late(more) for more in following)

    return late(())


ORACLES = {
    "E07": unreachable,
    "E09": constant,
    "E10": overlapping,
    "E12": dishonoured,
    "I12": lowering,
}
