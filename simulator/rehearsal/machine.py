"""How late this machine was while calls were played: whoever measures seconds must know whose they are.

A thread of its own sleeps and looks how much later than asked for it wakes: then nobody else was served
either. Of a busy machine that shows a part alone, so what it takes off a figure is never too much; how
long somebody waited for a processor the kernel itself counts. Knows nothing of calls.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEAT_SECONDS = 0.05
LATE_SECONDS = 0.02
"""A beat that comes later than this counts."""
SHORT_SHARE = 0.7
"""A machine on which somebody waited for a processor for more of the time is too busy for seconds."""
PRESSURE = Path("/proc/pressure/cpu")
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class MachineReport:
    """The machine during a run; `short_share` is None where the kernel does not count it."""

    late_seconds: float
    longest_seconds: float
    short_share: float | None
    load: float
    processors: int

    @property
    def is_too_busy(self) -> bool:
        """Whether seconds measured meanwhile say little about the product."""
        return self.short_share is not None and self.short_share > SHORT_SHARE

    def __str__(self) -> str:
        """As it is printed."""
        short = "" if self.short_share is None else f", short of processors {self.short_share:.0%}"
        return (
            f"late {self.late_seconds:.1f} s in all, longest {self.longest_seconds:.2f} s{short}, "
            f"load {self.load:.1f} on {self.processors} processors"
        )

    def as_json(self) -> dict[str, Any]:
        """The shape in the figures' file."""
        return {
            "late_seconds": round(self.late_seconds, 3),
            "longest_seconds": round(self.longest_seconds, 3),
            "short_of_processors": self.short_share,
            "load": round(self.load, 2),
            "processors": self.processors,
            "too_busy": self.is_too_busy,
        }


class Machine:
    """The heartbeat, from `begin` until `end`; times are seconds since the epoch."""

    def __init__(self, pressure: Path = PRESSURE) -> None:
        self._lates: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._pressure = pressure
        self._waited = 0.0
        self._began = 0.0

    def begin(self) -> None:
        """Start beating."""
        self._waited, self._began = self._waited_so_far(), time.time()
        self._thread.start()

    def end(self) -> MachineReport:
        """Stop, and say how it was."""
        self._over.set()
        self._thread.join()
        lates = [late for _, late in self._lates]
        waited = self._waited_so_far() - self._waited
        took = max(time.time() - self._began, 0.001)
        counted = self._pressure.exists()
        share = round(min(1.0, waited / took), 3) if counted else None
        load, processors = os.getloadavg()[0], os.cpu_count() or 1
        return MachineReport(sum(lates), max(lates, default=0.0), share, load, processors)

    def note(self, at: float, late: float) -> None:
        """A beat that was due at `at - late` came at `at`."""
        if late > LATE_SECONDS:
            self._lates.append((at, late))

    def late_between(self, start: float, end: float) -> float:
        """For how many seconds of this time nobody was served."""
        spans = ((max(start, at - late), min(end, at)) for at, late in self._lates)
        return sum(max(0.0, until - since) for since, until in spans)

    def _beat(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            time.sleep(BEAT_SECONDS)
            self.note(time.time(), time.monotonic() - began - BEAT_SECONDS)

    def _waited_so_far(self) -> float:
        """Seconds in which somebody has waited for a processor since the machine began; 0 where nobody counts."""
        try:
            some = self._pressure.read_text(encoding="ascii").splitlines()[0]
            return int(some.rsplit("total=", 1)[1]) / 1e6
        except (OSError, IndexError, ValueError):
            return 0.0
