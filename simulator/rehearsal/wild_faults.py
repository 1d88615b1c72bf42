"""Faults at random moments, bounded and repeatable: the same seed makes the same faults. Pure.

Each plan is one that the product has promised to survive: slow or failing answers within Twilio's retries, callbacks doubled,
late or out of order, and one refused request to the telephone company. Nothing here makes a telephone unreachable for good.
"""

import random
from collections.abc import Mapping
from typing import Any

SLOW_SECONDS = (0.5, 2.5)
MOST_FAULTS = 3


def plan(seed: int) -> list[Mapping[str, Any]]:
    """One to three faults for one call."""
    chance = random.Random(seed)  # noqa: S311 - no secret, and it must repeat
    kinds = [_slow, _failing, _doubled, _late, _swapped, _refused]
    return [make(chance) for make in chance.sample(kinds, chance.randint(1, MOST_FAULTS))]


def _slow(chance: random.Random) -> Mapping[str, Any]:
    return {
        "kind": "webhook_slow",
        "path": _path(chance),
        "seconds": round(chance.uniform(*SLOW_SECONDS), 2),
        "times": 1,
    }


def _failing(chance: random.Random) -> Mapping[str, Any]:
    return {
        "kind": "webhook_fail",
        "path": "/voice/t",
        "status": chance.choice((500, 502, 503)),
        "times": 1,
    }


def _doubled(chance: random.Random) -> Mapping[str, Any]:
    return _callback("callback_duplicate", chance)


def _late(chance: random.Random) -> Mapping[str, Any]:
    return {
        **_callback("callback_delay", chance),
        "seconds": round(chance.uniform(*SLOW_SECONDS), 2),
    }


def _swapped(chance: random.Random) -> Mapping[str, Any]:
    return _callback("callback_reorder", chance)


def _refused(chance: random.Random) -> Mapping[str, Any]:
    return {
        "kind": "rest_fail",
        "path": "Participants",
        "status": chance.choice((500, 503)),
        "times": 1,
    }


def _callback(kind: str, chance: random.Random) -> Mapping[str, Any]:
    return {
        "kind": kind,
        "events": None,
        "probability": chance.choice((0.3, 0.6, 1.0)),
        "seed": chance.randrange(1000),
    }


def _path(chance: random.Random) -> str:
    return chance.choice(("/voice/incoming", "/voice/t", "/voice/wait"))
