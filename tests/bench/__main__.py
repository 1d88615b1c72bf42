"""`./run bench [NAME] [--json]`: every figure is a ratio, or a limit, measured in this one run."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    claims,
    escalation,
    live_events,
    menu_gate,
    menu_turn,
    protocol_answer,
    protocol_proof,
    protocol_replay,
    protocol_solver,
    spoken_places,
    understanding,
    voice_turn,
)
from tests.bench.figures import Figure

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "menu-turn": menu_turn.measure,
    "voice-turn": voice_turn.measure,
    "escalation": escalation.measure,
    "live-events": live_events.measure,
    "claims": claims.measure,
    "menu-gate": menu_gate.measure,
    "protocol-proof": protocol_proof.measure,
    "protocol-answer": protocol_answer.measure,
    "protocol-replay": protocol_replay.measure,
    "protocol-solver": protocol_solver.measure,
    "understanding": understanding.measure,
    "places": spoken_places.measure,
}


def main() -> int:
    """Run the chosen benchmarks; exit 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS))
    parser.add_argument("--json", action="store_true", dest="as_json")
    chosen = parser.parse_args()
    figures = []
    for name, measure in BENCHMARKS.items():
        if chosen.name in (None, name):
            for figure in measure():
                figures.append(figure)
                if not chosen.as_json:
                    print(figure, flush=True)
    if chosen.as_json:
        print(json.dumps([figure.as_json() for figure in figures], indent=2))
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
