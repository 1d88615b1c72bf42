"""How long the gate takes over a menu of 300 nodes in two languages, and over larger ones.

In one process, as publishing asks it. The goal is the issue's: under one second for 300 nodes.
The gate waits for nothing, so the figures are seconds of the processor: a busy machine does not
lengthen them as it lengthens the clock's.
"""

import statistics
import time
from collections.abc import Iterator

from ivr.rules.menu_gate import CityFacts, Purpose, examine
from tests.bench.figures import Figure
from tests.rules.menus_good import NOW, large, large_city

ROUNDS = 5
NODES = 300
LARGER = 500
MOST_SECONDS = 1.0


def measure() -> Iterator[Figure]:
    """The median of several examinations, and what they consisted of."""
    menu = large(NODES)
    city = large_city(menu)
    examination = examine(menu, city, NOW, Purpose.DEMONSTRATION)
    if examination.nodes != NODES or not examination.passes:
        raise RuntimeError(f"{examination.nodes} nodes: {examination.findings[:3]}")
    took = statistics.median(_seconds(menu, city) for _ in range(ROUNDS))
    yield Figure(f"the gate over {NODES} nodes, two languages", took, "s", MOST_SECONDS, False)
    yield Figure("turns of the interpreter in it", examination.turns_examined, "turns")
    yield Figure("one turn examined, all told", took / examination.turns_examined * 1e6, "µs")
    shares: list[float] = []
    larger = large(LARGER)
    began = time.process_time()
    examine(larger, large_city(larger), NOW, Purpose.DEMONSTRATION, shares.append)
    yield Figure(f"the gate over {LARGER} nodes", time.process_time() - began, "s")
    yield Figure("times that it told of progress meanwhile", len(shares), "times", 10)


def _seconds(menu: object, city: CityFacts) -> float:
    began = time.process_time()
    examine(menu, city, NOW, Purpose.DEMONSTRATION)
    return time.process_time() - began
