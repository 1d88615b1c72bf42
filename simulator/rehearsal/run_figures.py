"""The figures of a whole run with faults, from those of its calls: to be read, and as JSON. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator.rehearsal.figures import ALONE_SECONDS, DIAL_SECONDS, NEXT_SECONDS, Figures
from simulator.rehearsal.machine import MachineReport

DETERMINANT_SECONDS = 0.3
SHOWN_SECONDS = 1.0


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
class Judged:
    """One call of the run: its figures, whether it broke a promise, and whether its caller reached nobody."""

    figures: Figures
    broke: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of a run: what was promised, what was measured, whether it was kept."""

    name: str
    goal: str
    measured: str
    is_kept: bool

    def __str__(self) -> str:
        """As it is printed."""
        return f"{'kept  ' if self.is_kept else 'MISSED'} {self.name}, {self.goal}: {self.measured}"

    def as_json(self) -> dict[str, Any]:
        """The shape in the figures' file."""
        return {
            "name": self.name,
            "goal": self.goal,
            "measured": self.measured,
            "kept": self.is_kept,
        }


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A run: calls, those that broke a promise, and the spreads of what was measured.

    `by_determinant` are the dials that a desk asked for and no fault held up; `by_machine` counts the
    times that are too long by the machine's own lateness alone.
    """

    calls: int
    broken: int
    lost: int
    asked_to_dial: Spread
    by_determinant: Spread
    next_destination: Spread
    desk_shows: Spread
    alone: int
    alone_unreported: int
    dialled_twice: int
    by_machine: int = 0
    machine: MachineReport | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of the figures' file."""
        return {
            "calls": self.calls,
            "broken": self.broken,
            "callers_lost": self.lost,
            "asked_to_dial": self.asked_to_dial.as_json(),
            "determinant_to_dial": self.by_determinant.as_json(),
            "next_destination": self.next_destination.as_json(),
            "desk_shows": self.desk_shows.as_json(),
            "callers_alone": self.alone,
            "callers_alone_while_a_report_was_lost": self.alone_unreported,
            "dialled_twice": self.dialled_twice,
            "too_long_by_the_machine": self.by_machine,
            "machine": self.machine.as_json() if self.machine else None,
            "promises": [promise.as_json() for promise in self.promises],
            "missed": list(self.misses),
        }

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What is promised of a run, each with its goal."""
        by_desk, asked, shows = self.by_determinant, self.asked_to_dial, self.desk_shows
        following = self.next_destination
        soon, most, then, told = DETERMINANT_SECONDS, DIAL_SECONDS, NEXT_SECONDS, SHOWN_SECONDS
        failure = "next destination after a known failure"
        return (
            _timed("determinant to dial", f"p99 within {soon:g} s", by_desk, by_desk.p99, soon),
            _timed("asked to dial", f"never over {most:g} s", asked, asked.longest, most),
            _counted("callers alone", self.alone),
            _counted("callers lost", self.lost),
            _counted("double dials", self.dialled_twice),
            _timed(failure, f"within {then:g} s", following, following.longest, then),
            _timed("the desk knows", f"p99 within {told:g} s", shows, shows.p99, told),
        )

    @property
    def misses(self) -> tuple[str, ...]:
        """What was promised and not kept, as sentences; empty when all was."""
        broken = (f"{self.broken} calls broke a promise",) if self.broken else ()
        missed = (each for each in self.promises if not each.is_kept)
        return broken + tuple(f"{each.name}, {each.goal}: {each.measured}" for each in missed)

    def __str__(self) -> str:
        """As it is printed."""
        busy = self.machine is not None and self.machine.is_too_busy
        lines = [f"{self.calls} calls, {self.broken} broke a promise, {self.lost} lost"]
        lines += [f"machine: {self.machine}"] if self.machine else []
        lines += ["the machine was too busy: these seconds are its own as well"] if busy else []
        lines += [str(promise) for promise in self.promises]
        lines += [
            f"alone over {ALONE_SECONDS:g} s while a report was lost: {self.alone_unreported}"
        ]
        lines += [f"too long by the machine's lateness alone: {self.by_machine}"]
        lines += [f"missed: {words}" for words in self.misses] or ["every promise was kept"]
        return "\n".join(lines)


def _timed(name: str, goal: str, measured: Spread, seconds: float | None, most: float) -> Promise:
    return Promise(name, goal, str(measured), seconds is None or seconds <= most)


def _counted(name: str, count: int) -> Promise:
    return Promise(name, "none", str(count), count == 0)


def of_run(calls: Sequence[Judged], machine: MachineReport | None = None) -> RunFigures:
    """The figures of a run; times are without the machine's own lateness."""
    figures = [call.figures for call in calls]
    alone = [f for f in figures if f.alone_seconds > ALONE_SECONDS]
    return RunFigures(
        calls=len(calls),
        broken=sum(call.broke for call in calls),
        lost=sum(call.lost for call in calls),
        asked_to_dial=spread([f.dial_net for f in figures if f.dial_net is not None]),
        by_determinant=spread(
            [f.dial_net for f in figures if f.dial_net is not None and f.by_desk and not f.held_up]
        ),
        next_destination=spread([seconds for f in figures for seconds in f.next_net]),
        desk_shows=spread([seconds for f in figures for seconds in f.known_seconds]),
        alone=sum(not f.report_lost for f in alone),
        alone_unreported=sum(f.report_lost for f in alone),
        dialled_twice=sum(f.beside for f in figures),
        by_machine=sum(_is_by_machine(f) for f in figures),
        machine=machine,
    )


def _is_by_machine(figures: Figures) -> bool:
    """Too long as it was measured, and not without the machine's lateness."""
    dial = (figures.dial_seconds or 0.0) > DIAL_SECONDS >= (figures.dial_net or 0.0)
    longest, net = max(figures.next_seconds, default=0.0), max(figures.next_net, default=0.0)
    return dial or longest > NEXT_SECONDS >= net


def spread(seconds: Sequence[float]) -> Spread:
    """How some times are spread."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return Spread(len(ordered), p50, p99, ordered[-1])
