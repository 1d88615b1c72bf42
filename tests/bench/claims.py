"""Twenty-five call-takers claim waiting callers at once, against the bare statement in the same run.

Ours: `ivr.offers.claim`, the conditional UPDATE with which an accepted offer reserves a place in the line
by database time, and its commit. The yardsticks: the same change by one SQL statement with
`FOR UPDATE SKIP LOCKED`, and by plain `FOR UPDATE`, each with its commit. PostgreSQL with real fsync,
one connection a claimer. Source of the goals: the project's performance goal P4.
"""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import Engine, insert, text, update
from sqlalchemy.orm import Session

from config.stack import Stack, free_port
from ivr import offers
from models.call import Call
from models.database import open_engine
from models.line import LineEntry, Offer
from models.staff import Staff
from models.states import (
    CallPhase,
    EmergencyLevel,
    Language,
    LineState,
    NumberPresentation,
    Origin,
    PriorityClass,
    Role,
)
from tests import cluster
from tests.bench.figures import Figure

CLAIMERS = 25
WAITING = 5_000
ROUNDS = 5
ROUND_SECONDS = 2.0
NEXT = """
UPDATE line_entry SET state = 'reserved', reserved_by = :who,
  reserved_until = now() + interval '8 seconds'
WHERE id = (SELECT id FROM line_entry WHERE state = 'waiting' ORDER BY joined_at LIMIT 1 {lock})
RETURNING id
"""
Claim = Callable[[Session, Offer], str | None]
"""Claims a place by somebody's offer, or the next one for them; its id, None when somebody else has it."""


@dataclass(frozen=True, slots=True)
class Race:
    """What came of one round: places claimed by each, and places claimed twice."""

    per_second: float
    doubled: int
    fairness: float


def measure() -> Iterator[Figure]:
    """Let each way race in turn and give the ratios."""
    folder = Path(mkdtemp(prefix="oldpueblo-bench-"))
    with ExitStack() as stack:
        product = Stack(folder / "product", free_port(), free_port())
        product.database_url = stack.enter_context(cluster.running(durable=True))
        product.prepare()
        engine = open_engine(product.database_url, patient=True)
        stack.callback(engine.dispose)
        races = _race_all(engine, _people(engine))
    yield from _figures(races)


def _race_all(engine: Engine, people: list[str]) -> dict[str, list[Race]]:
    ways: dict[str, Claim] = {
        "bare": _bare("FOR UPDATE SKIP LOCKED"),
        "plain": _bare("FOR UPDATE"),
        "ours": _ours,
    }
    races: dict[str, list[Race]] = {name: [] for name in ways}
    entries = _fill_line(engine)
    for _ in range(ROUNDS):
        for name, claim in ways.items():
            races[name].append(_race(engine, _offered(engine, entries, people), claim))
    return races


def _figures(races: dict[str, list[Race]]) -> Iterator[Figure]:
    rate = {name: statistics.median(each.per_second for each in races[name]) for name in races}
    yield Figure(f"claims a second, {CLAIMERS} claimers", rate["ours"], "/s")
    yield Figure("against bare SKIP LOCKED", rate["ours"] / rate["bare"], "x", 0.5)
    yield Figure("against plain FOR UPDATE", rate["ours"] / rate["plain"], "x", 3)
    yield Figure(
        "claimed twice", sum(each.doubled for each in races["ours"]), "", 0, at_least=False
    )
    fairness = min(each.fairness for each in races["ours"])
    yield Figure("fairness among the claimers (Jain), worst round", fairness, "", 0.95)


def _race(engine: Engine, made: list[list[Offer]], claim: Claim) -> Race:
    """Let everybody claim for some seconds, or as many as they have offers."""
    won: list[list[str]] = [[] for _ in made]
    start, until = threading.Barrier(len(made) + 1), [0.0]

    def run(number: int) -> None:
        with Session(engine) as session:
            session.connection()
            session.rollback()
            start.wait()
            for offer in made[number]:
                if time.monotonic() > until[0]:
                    return
                entry_id = claim(session, offer)
                session.commit()
                won[number] += [entry_id] if entry_id else []

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(made))]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    until[0] = began + ROUND_SECONDS
    start.wait()
    for thread in threads:
        thread.join()
    counts = [len(each) for each in won]
    times = Counter(entry_id for each in won for entry_id in each)
    return Race(
        sum(counts) / (time.monotonic() - began),
        sum(count - 1 for count in times.values()),
        sum(counts) ** 2 / (len(counts) * sum(count * count for count in counts)),
    )


def _bare(lock: str) -> Claim:
    statement = text(NEXT.format(lock=lock))

    def claim(session: Session, offer: Offer) -> str | None:
        return session.scalar(statement, {"who": offer.staff_id})

    return claim


def _ours(session: Session, offer: Offer) -> str | None:
    return offer.entry_id if offers.claim(session, offer, datetime.now(UTC)) else None


def _people(engine: Engine) -> list[str]:
    rows = [
        {
            "id": uuid4().hex,
            "email": f"claimer{number}@tucson.example",
            "name": f"Claimer {number}",
            "role": Role.CALL_TAKER,
            "password_hash": "none",
            "created_at": datetime.now(UTC),
        }
        for number in range(CLAIMERS)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Staff), rows)
    return [str(row["id"]) for row in rows]


def _fill_line(engine: Engine) -> list[dict[str, object]]:
    """A line full of waiting callers."""
    at = datetime.now(UTC)
    calls = [_call(at) for _ in range(WAITING)]
    entries = [_entry(call["id"], at) for call in calls]
    with engine.begin() as connection:
        connection.execute(insert(Call), calls)
        connection.execute(insert(LineEntry), entries)
    return entries


def _offered(
    engine: Engine, entries: list[dict[str, object]], people: list[str]
) -> list[list[Offer]]:
    """Everybody waits again, each offered to one person as the rules do; gives each one's offers."""
    with engine.begin() as connection:
        connection.execute(update(LineEntry).values(state=LineState.WAITING, reserved_until=None))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE line_entry"))
    return [
        [
            Offer(id=uuid4().hex, call_id=entry["call_id"], entry_id=entry["id"], staff_id=person)
            for entry in entries[number :: len(people)]
        ]
        for number, person in enumerate(people)
    ]


def _call(at: datetime) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "call_sid": "CA" + uuid4().hex,
        "origin": Origin.LINE_311,
        "phase": CallPhase.LINE,
        "language": Language.EN,
        "number_presentation": NumberPresentation.WITHHELD,
        "dialled_number": "+15205550100",
        "emergency_level": EmergencyLevel.NONE,
        "started_at": at,
        "heard_at": at,
    }


def _entry(call_id: object, at: datetime) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "call_id": call_id,
        "priority": PriorityClass.ORDINARY,
        "skill": "general",
        "language": Language.EN,
        "state": LineState.WAITING,
        "joined_at": at,
        "waiting_since": at,
    }
