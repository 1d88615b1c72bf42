"""Keeping a process group alive: start, watch, start again, and stop all that was started.

Children are ended by their own process id, politely first. A child that keeps dying is started again
with a growing pause, because a line that is half up is better than one that gave up.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

STOP_SECONDS = 8.0
WATCH_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 10.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep alive. `log_to` receives its output; None leaves it on ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    log_to: Path | None = None


class ProcessGroup:
    """Starts children in order and keeps them running until it is told to stop."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Child, subprocess.Popen[bytes]]] = {}
        self._started_at: dict[str, float] = {}
        self._pause: dict[str, float] = {}
        self._stopping = False

    def start(self, child: Child) -> None:
        """Start one child now."""
        output = None if child.log_to is None else child.log_to.open("ab")
        process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            env={**os.environ, **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        if output:
            output.close()
        self._running[child.name] = (child, process)
        self._started_at[child.name] = time.monotonic()

    def watch(self) -> None:
        """Keep every child running until `stop` is called or a signal asks for it."""
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        signal.signal(signal.SIGINT, self._asked_to_stop)
        while not self._stopping:
            time.sleep(WATCH_SECONDS)
            self.mend()
        self.stop()

    def mend(self) -> None:
        """Start again each child that has died."""
        for child, process in list(self._running.values()):
            if process.poll() is None or self._stopping:
                continue
            lived = time.monotonic() - self._started_at[child.name]
            pause = (
                0.1
                if lived > 30
                else min(self._pause.get(child.name, 0.1) * 2, LONGEST_PAUSE_SECONDS)
            )
            if lived < pause:
                continue
            self._pause[child.name] = pause
            log.warning("process_died", name=child.name, status=process.returncode)
            self.start(child)

    def alive(self, name: str) -> bool:
        """Whether this child runs now."""
        return name in self._running and self._running[name][1].poll() is None

    def process_id(self, name: str) -> int:
        """The child's process id."""
        return self._running[name][1].pid

    def stop(self) -> None:
        """Stop all that was started, last first; kill what does not go within eight seconds."""
        self._stopping = True
        processes = [process for _, process in reversed(list(self._running.values()))]
        for process in processes:
            _signal_group(process, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a child and its own children (each child leads its own group)."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return


def python(*arguments: str) -> list[str]:
    """A command of this same Python."""
    return [sys.executable, *arguments]
