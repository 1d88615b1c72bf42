"""The figures of a whole run with faults, from those of its calls: to be read, and as JSON. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator.rehearsal.figures import ALONE_SECONDS, Figures


@dataclass(frozen=True, slots=True)
class Spread:
    """Some times in seconds: how many, the middle, the 99th of a hundred, the longest."""

    n: int
    p50: float | None = None
    p99: float | None = None
    longest: float | None = None

    def __str__(self) -> str:
        """As it is printed."""
        if self.p50 is None:
            return "n 0"
        return (
            f"n {self.n}, p50 {self.p50:.3f} s, p99 {self.p99:.3f} s, longest {self.longest:.3f} s"
        )

    def as_json(self) -> dict[str, Any]:
        """Seconds with three places; null where nothing was measured."""
        times = {"p50_seconds": self.p50, "p99_seconds": self.p99, "longest_seconds": self.longest}
        return {"n": self.n} | {
            name: None if seconds is None else round(seconds, 3) for name, seconds in times.items()
        }


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A run: calls, those that broke a promise, and the spreads of what was measured."""

    calls: int
    broken: int
    asked_to_dial: Spread
    next_destination: Spread
    desk_shows: Spread
    alone: int
    alone_unreported: int
    dialled_twice: int

    def as_json(self) -> dict[str, Any]:
        """The shape of the figures' file."""
        return {
            "calls": self.calls,
            "broken": self.broken,
            "asked_to_dial": self.asked_to_dial.as_json(),
            "next_destination": self.next_destination.as_json(),
            "desk_shows": self.desk_shows.as_json(),
            "callers_alone": self.alone,
            "callers_alone_while_a_report_was_lost": self.alone_unreported,
            "dialled_twice": self.dialled_twice,
            "missed": list(self.misses),
        }

    @property
    def misses(self) -> tuple[str, ...]:
        """What was promised and not kept, as sentences; empty when all was."""
        promised = (
            (f"{self.broken} calls broke a promise", self.broken == 0),
            (f"{self.alone} callers were alone", self.alone == 0),
            (f"{self.dialled_twice} times 911 was dialled beside itself", self.dialled_twice == 0),
            (f"911 dialled late: {self.asked_to_dial}", self._dials_soon),
            (f"next one late: {self.next_destination}", _is_in(self.next_destination.longest, 2.0)),
            (f"desk told late: {self.desk_shows}", _is_in(self.desk_shows.p99, 1.0)),
        )
        return tuple(words for words, is_kept in promised if not is_kept)

    @property
    def _dials_soon(self) -> bool:
        return _is_in(self.asked_to_dial.p99, 0.3) and _is_in(self.asked_to_dial.longest, 5.0)

    def __str__(self) -> str:
        """As it is printed."""
        misses = [f"missed: {words}" for words in self.misses] or ["every promise was kept"]
        return "\n".join(
            [
                f"{self.calls} calls, {self.broken} lost",
                f"asked to dial    {self.asked_to_dial}",
                f"next destination {self.next_destination}",
                f"desk shows it    {self.desk_shows}",
                f"alone over {ALONE_SECONDS:g} s: {self.alone}, dialled twice: {self.dialled_twice}",
                f"alone over {ALONE_SECONDS:g} s while a report was lost: {self.alone_unreported}",
                *misses,
            ]
        )


def _is_in(seconds: float | None, most: float) -> bool:
    return seconds is None or seconds <= most


def of_run(rows: Sequence[tuple[Figures, bool]]) -> RunFigures:
    """The figures of a run; each call with whether it broke a promise."""
    dials = [f.dial_seconds for f, _ in rows if f.dial_seconds is not None]
    alone = [f for f, _ in rows if f.alone_seconds > ALONE_SECONDS]
    return RunFigures(
        calls=len(rows),
        broken=sum(broke for _, broke in rows),
        asked_to_dial=spread(dials),
        next_destination=spread([seconds for f, _ in rows for seconds in f.next_seconds]),
        desk_shows=spread([seconds for f, _ in rows for seconds in f.known_seconds]),
        alone=sum(not f.report_lost for f in alone),
        alone_unreported=sum(f.report_lost for f in alone),
        dialled_twice=sum(f.beside for f, _ in rows),
    )


def spread(seconds: Sequence[float]) -> Spread:
    """How some times are spread."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return Spread(len(ordered), p50, p99, ordered[-1])
