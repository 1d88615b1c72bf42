"""What goes wrong beside the calls of a rehearsal: processes that die or stall, a database that takes no writes.

Repeatable by its seed as to what comes and when; which call it meets is chance. For rehearsals and tests
alone: it knows the processes of a stack and nothing of calls.
"""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from config.stack import Stack
from models.database import open_engine

PAUSE_SECONDS = (8.0, 20.0)
STALL_SECONDS = (2.0, 8.0)
REFUSE_SECONDS = (1.0, 4.0)
LOCKED_TABLES = "call, call_turn, escalation, escalation_attempt, offer, journal, desk_event"


class Trouble(StrEnum):
    """What can happen."""

    REDIS_STALLS = "redis stalls"
    REDIS_DIES = "redis dies"
    MINDER_DIES = "minder dies"
    WORKER_DIES = "job worker dies"
    NO_WRITES = "database takes no writes"


PROCESSES = {
    Trouble.REDIS_STALLS: ("valkey-server", "redis-server"),
    Trouble.REDIS_DIES: ("valkey-server", "redis-server"),
    Trouble.MINDER_DIES: ("config.worker\0minder",),
    Trouble.WORKER_DIES: ("config.worker\0jobs",),
}


@dataclass
class Storm:
    """Trouble after trouble from `begin` until `end`; `met` counts what has come."""

    stack: Stack
    seed: int
    met: Counter[Trouble] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start; needs the stack to be up."""
        self._thread = threading.Thread(target=self._blow, name="storm", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Let the last trouble pass, and start no other."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=2 * STALL_SECONDS[1])

    def _blow(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - no secret, and it must repeat
        engine = open_engine(self.stack.database_url, patient=True)
        began = time.monotonic()
        try:
            while not self._over.wait(chance.uniform(*PAUSE_SECONDS)):
                trouble = chance.choice(tuple(Trouble))
                sys.stderr.write(f"{time.monotonic() - began:.0f} s: {trouble}\n")
                if self._bring(trouble, chance, engine):
                    self.met[trouble] += 1
        finally:
            engine.dispose()

    def _bring(self, trouble: Trouble, chance: random.Random, engine: Engine) -> bool:
        """Do it and undo what can be undone; False when what it would meet is just not there."""
        if trouble is Trouble.NO_WRITES:
            seconds = chance.uniform(*REFUSE_SECONDS)
            return refuse_writes(engine, lambda: self._over.wait(seconds))
        process_id = process_of(self.stack, PROCESSES[trouble])
        if process_id is None:
            return False
        if trouble is not Trouble.REDIS_STALLS:
            return _sent(process_id, signal.SIGKILL)
        try:
            stopped = _sent(process_id, signal.SIGSTOP)
            self._over.wait(chance.uniform(*STALL_SECONDS))
        finally:
            _sent(process_id, signal.SIGCONT)
        return stopped


def refuse_writes(engine: Engine, while_waiting: Callable[[], object]) -> bool:
    """Hold the database so that nobody else writes until `while_waiting` returns; False when it is held already."""
    on_sqlite = engine.dialect.name == "sqlite"
    # On SQLite the transaction itself is the lock: our engine begins each as the one that writes.
    lock = "SELECT 1" if on_sqlite else f"LOCK TABLE {LOCKED_TABLES} IN EXCLUSIVE MODE"
    with engine.connect() as connection:
        try:
            connection.execute(text(lock))
        except OperationalError:
            return False
        while_waiting()
    return True


def process_of(stack: Stack, words: tuple[str, ...]) -> int | None:
    """A process of the product by a part of its command line; None while there is none."""
    product = stack.group.process_id("product")
    for listed in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(listed.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            command = listed.joinpath("cmdline").read_bytes().decode(errors="replace")
        except (OSError, IndexError, ValueError):
            continue
        if parent == product and any(word in command for word in words):
            return int(listed.name)
    return None


def _sent(process_id: int, number: signal.Signals) -> bool:
    try:
        os.kill(process_id, number)
    except ProcessLookupError:
        return False
    return True
