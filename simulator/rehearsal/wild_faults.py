"""Faults at random moments, bounded and repeatable: the same seed makes the same faults. Pure.

Each plan is one that the product has promised to survive: slow or failing answers within Twilio's retries, reports
doubled, late, lost or out of order, requests to the telephone company refused or not answered in time, and 911 busy,
silent or gone in the middle. Nothing here makes every telephone unreachable for good.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.rehearsal.script import Outcome, Script

SLOW_SECONDS = (0.5, 2.5)
MOST_FAULTS = 3
TO_911 = frozenset({Outcome.REACHED_911, Outcome.REPORTED_TO_911})
SHARE_TO_911 = 0.75
"""How many of the calls go to 911: the way there is what a run with faults is about."""
UNANSWERED_SECONDS = 3.5
"""Longer than the product waits for an answer: what was asked happens all the same."""
DROPPED_SECONDS = (0.2, 6.0)
REPORTS = (
    ("initiated", "ringing", "answered"),
    ("completed",),
    ("participant-join",),
    ("participant-leave",),
    ("conference-start",),
)
DOCUMENTS = ("/voice/incoming", "/voice/t", "/voice/wait", "/voice/room", "/voice/desk")
ASKED_AGAIN = ("/voice/t", "/voice/room", "/voice/leg")
Fault = Mapping[str, Any]


def choose(seed: int, scripts: Sequence[Script]) -> Script:
    """The script of a seed: most go to 911.

    Raises:
        IndexError: There is none to choose from.
    """
    chance = random.Random(f"script {seed}")  # noqa: S311 - no secret, and it must repeat
    to_911 = [script for script in scripts if script.expect.outcome in TO_911]
    rest = [script for script in scripts if script.expect.outcome not in TO_911]
    wants_911 = chance.random() < SHARE_TO_911
    return chance.choice(to_911 if to_911 and (wants_911 or not rest) else rest)


def plan(seed: int, first_of_911: str) -> list[Fault]:
    """One to three faults for one call; `first_of_911` is the telephone that may be busy, silent or gone."""
    chance = random.Random(seed)  # noqa: S311 - no secret, and it must repeat
    kinds = [_slow, _failing, _doubled, _late, _swapped, _lost, _refused, _unanswered, _leg]
    made = [make(chance) for make in chance.sample(kinds, chance.randint(1, MOST_FAULTS))]
    return [
        {**fault, "to": first_of_911} if fault["kind"].startswith("leg_") else fault
        for fault in made
    ]


def _slow(chance: random.Random) -> Fault:
    return _once("webhook_slow", chance, path=chance.choice(DOCUMENTS), seconds=_seconds(chance))


def _failing(chance: random.Random) -> Fault:
    status = chance.choice((500, 502, 503))
    return _once("webhook_fail", chance, path=chance.choice(ASKED_AGAIN), status=status)


def _doubled(chance: random.Random) -> Fault:
    return _report("callback_duplicate", chance)


def _late(chance: random.Random) -> Fault:
    return {**_report("callback_delay", chance), "seconds": _seconds(chance)}


def _swapped(chance: random.Random) -> Fault:
    return _report("callback_reorder", chance)


def _lost(chance: random.Random) -> Fault:
    report = list(chance.choice(REPORTS))
    return {**_report("callback_lose", chance), "events": report, "times": chance.randint(1, 2)}


def _refused(chance: random.Random) -> Fault:
    status = chance.choice((429, 500, 503))
    return _once("rest_fail", chance, path=_request(chance), status=status)


def _unanswered(chance: random.Random) -> Fault:
    return _once("rest_slow", chance, path=_request(chance), seconds=UNANSWERED_SECONDS)


def _leg(chance: random.Random) -> Fault:
    kind = chance.choice(("leg_busy", "leg_busy", "leg_drop", "leg_drop", "leg_no_answer"))
    after = round(chance.uniform(*DROPPED_SECONDS), 2)
    return {"kind": kind, "times": 1, "after_seconds": after}


def _request(chance: random.Random) -> str:
    """Dialling into a room most of all; else anything that is asked of the caller's leg or room."""
    return chance.choice(("Participants", "Participants", "Calls", "Conferences"))


def _once(kind: str, chance: random.Random, **more: Any) -> Fault:
    """Strikes once, at the first chance or a later one."""
    return {
        "kind": kind,
        "times": 1,
        "probability": chance.choice((0.3, 0.6, 1.0)),
        "seed": chance.randrange(1000),
        **more,
    }


def _report(kind: str, chance: random.Random) -> Fault:
    return {
        "kind": kind,
        "events": None,
        "probability": chance.choice((0.3, 0.6, 1.0)),
        "seed": chance.randrange(1000),
    }


def _seconds(chance: random.Random) -> float:
    return round(chance.uniform(*SLOW_SECONDS), 2)
