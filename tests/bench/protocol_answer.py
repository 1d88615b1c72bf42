"""One answer with its determinant on a form of twenty questions: ours beside two public engines.

All three take the same callers through the same form, answer by answer, and must agree at every step
before a clock runs. A ratio belongs to one round, in which all are timed one after the other.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from time import perf_counter

from protocols.engine import determine
from tests.bench.figures import Figure
from tests.bench.protocol_form import WALKS, ours, some_answers
from tests.bench.protocol_yardsticks import Engine, Step, decision_table, json_logic, reach

JSON_LOGIC_GOAL, DECISION_TABLE_GOAL = 1 / 4, 1 / 20
ROUNDS, REPEATS = 15, 10
OURS = "ours"


def measure() -> Iterator[Figure]:
    """Walk the form again and again with each engine."""
    reach()
    engines = {
        OURS: ours_as_engine(),
        "panzi-json-logic": json_logic(),
        "SpiffWorkflow's DMN": decision_table(),
    }
    hold_together(list(engines.values()), [*WALKS, *some_answers()])
    situations = [
        answers for wishes in WALKS for answers, _ in walk(engines[OURS], wishes) if answers
    ]
    rounds = [
        {name: _seconds(engine, situations) for name, engine in engines.items()}
        for _ in range(ROUNDS)
    ]
    for name in engines:
        each = median(taken[name] for taken in rounds) / len(situations) * 1e6
        yield Figure(f"one answer with determinant: {name}", each, "µs")
    for name, goal in zip(list(engines)[1:], (JSON_LOGIC_GOAL, DECISION_TABLE_GOAL), strict=True):
        ratio = median(taken[OURS] / taken[name] for taken in rounds)
        yield Figure(f"ours against {name}", ratio, "times", goal, at_least=False)


def ours_as_engine() -> Engine:
    """Ask ours for what the others are asked: the determinant so far and the next question."""
    script = ours()

    def step(answers: Mapping[str, str]) -> Step:
        verdict = determine(script, answers)
        found = verdict.determinant.id if verdict.determinant else None
        return found, None if verdict.final else verdict.unanswered[0]

    return step


def walk(engine: Engine, wishes: Mapping[str, str]) -> Iterator[tuple[dict[str, str], Step]]:
    """Ask one caller question after question; give the answers so far with what they come to."""
    answers: dict[str, str] = {}
    while True:
        found = engine(answers)
        yield dict(answers), found
        if found[1] is None:
            return
        answers[found[1]] = wishes[found[1]]


def hold_together(engines: Sequence[Engine], callers: Sequence[Mapping[str, str]]) -> None:
    """Refuse to measure engines that do different work.

    Raises:
        RuntimeError: naming the answers at which they differ.
    """
    for wishes in callers:
        walks = [list(walk(engine, wishes)) for engine in engines]
        if any(other != walks[0] for other in walks[1:]):
            raise RuntimeError(f"the engines differ for the caller who answers {dict(wishes)}")


def _seconds(engine: Engine, situations: Sequence[Mapping[str, str]]) -> float:
    gc.collect()
    began = perf_counter()
    for _ in range(REPEATS):
        for answers in situations:
            engine(answers)
    return perf_counter() - began
