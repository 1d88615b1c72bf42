"""Ten thousand recorded sessions of one version run on another, as an approver waits for it.

The sessions are made answer by answer through the library's protocol with the most questions; the new
version lacks one of its rules to 911 and has an option less, so that there is something to be found.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from config.checking_protocols import LIBRARY
from protocols import loading
from protocols.conditions import WITHHELD, Answer
from protocols.engine import next_question
from protocols.replay import replay
from protocols.script import Protocol, Question, QuestionKind
from tests.bench.figures import Figure

SESSIONS = 10_000
GOAL = 10.0
SEED = 311


def measure() -> Iterator[Figure]:
    """Make the sessions, then replay them all."""
    files = sorted(LIBRARY.glob("*.yaml"))
    old = max(
        (loading.load(path.read_text("utf-8"), path.stem) for path in files),
        key=lambda protocol: len(protocol.questions),
    )
    new = _changed(old)
    chance = random.Random(SEED)
    sessions = [(str(number), _session(old, chance)) for number in range(SESSIONS)]
    answers = sum(len(given) for _, given in sessions)
    began = perf_counter()
    found = replay(old, new, sessions)
    took = perf_counter() - began
    if not found.lost_911 or not found.illegal or found.skipped:
        raise RuntimeError("the replay found nothing of what was planted: its time says nothing")
    yield Figure("answers a session", answers / SESSIONS, "answers")
    yield Figure("sessions that change", len(found.changed), "sessions")
    yield Figure(f"replay of {SESSIONS:,} sessions", took, "s", GOAL, at_least=False)


def _changed(old: Protocol) -> Protocol:
    """Take out the last rule to 911 and the last option of the last choice."""
    by_id = old.determinant_by_id
    urgent = [rule for rule in old.rules if by_id[rule.determinant].emergency]
    shortened = [q for q in old.questions if len(q.options) > 2][-1]
    return replace(
        old,
        rules=tuple(rule for rule in old.rules if rule is not urgent[-1]),
        questions=tuple(
            replace(q, options=q.options[:-1]) if q is shortened else q for q in old.questions
        ),
    )


def _session(protocol: Protocol, chance: random.Random) -> dict[str, Answer]:
    """One caller's answers to the end of the questions; most answer calmly, so that calls are long."""
    answers: dict[str, Answer] = {}
    while (question := next_question(protocol, answers)) is not None:
        answers[question.id] = _answer(question, chance)
    return answers


def _answer(question: Question, chance: random.Random) -> Answer:
    if chance.random() < 0.02:
        return chance.choice(WITHHELD)
    options = [option.id for option in question.options]
    calm = [option.id for option in question.options if not option.danger]
    match question.kind:
        case QuestionKind.CHOICE:
            return chance.choice(options if chance.random() < 0.1 else calm or options)
        case QuestionKind.MANY:
            return tuple(name for name in calm if chance.random() < 0.2)
        case QuestionKind.NUMBER:
            return chance.randint(1, 9)
    return WITHHELD[0]
