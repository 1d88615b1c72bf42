"""`python -m simulator.rehearsal`: plays scripted calls and prints a row a call; exits 0 only if all went as scripted."""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from simulator.rehearsal.errors import RehearsalError
from simulator.rehearsal.figures import Late, never_late
from simulator.rehearsal.loading import load_all
from simulator.rehearsal.machine import Machine, MachineReport
from simulator.rehearsal.performance import Row, Telephones
from simulator.rehearsal.rehearsal import MOST_SEATS, Rehearsal, read_staff
from simulator.rehearsal.run_figures import Judged, of_run

SCRIPTS = Path(__file__).parent / "scripts"


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator.rehearsal", description=__doc__)
    parser.add_argument("--simulator", required=True, metavar="URL")
    parser.add_argument(
        "--product", metavar="URL", help="the staff door; default: base_url of the staff file"
    )
    parser.add_argument(
        "--staff", required=True, type=Path, metavar="FILE", help="JSON: base_url, staff"
    )
    parser.add_argument(
        "--scripts", nargs="*", type=Path, default=[SCRIPTS], metavar="FILE_OR_FOLDER"
    )
    parser.add_argument(
        "--faults", type=int, default=0, metavar="N", help="play N calls with faults at random"
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="the first of the seeds of --faults; default: at random, and printed",
    )
    parser.add_argument(
        "--seats",
        type=int,
        default=MOST_SEATS,
        metavar="N",
        help="at most so many call-takers, and calls side by side",
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=0,
        metavar="N",
        help="calls of --faults side by side; default: as many as there are seats",
    )
    parser.add_argument(
        "--figures", type=Path, metavar="FILE", help="write the figures of --faults there as JSON"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    return parser.parse_args(words)


def as_text(row: Row) -> str:
    """One row to read: how it ended, what was done when, and what was not as scripted."""
    steps = " · ".join(f"{step['at_seconds']:.1f} {step['what']}" for step in row.steps)
    seed = f" seed {row.seed}" if row.seed is not None else ""
    head = f"{'ok  ' if row.ok else 'FAIL'} {row.script:<34} {row.language} {row.outcome}{seed}"
    return "\n".join(
        [head, f"       {steps}", *(f"       ! {finding}" for finding in row.findings)]
    )


async def rehearse(asked: argparse.Namespace, late: Late = never_late) -> list[Row]:
    """Play what is asked for.

    Raises:
        RehearsalError: A script is wrong, or the simulator or the product cannot be used.
    """
    base_url, staff = read_staff(json.loads(asked.staff.read_text(encoding="utf-8")))
    scripts = load_all(asked.scripts)
    first = asked.seed if asked.seed is not None else random.randrange(10**6)  # noqa: S311 - repeatable, no secret
    telephones = await _telephones(asked.simulator)
    rehearsal = Rehearsal(
        asked.simulator,
        asked.product or base_url,
        staff,
        telephones,
        most_seats=asked.seats,
        at_once=asked.at_once,
        late=late,
        on_row=Progress(asked.faults).tell,
    )
    return await rehearsal.run(scripts, range(first, first + asked.faults))


class Progress:
    """Says on the error output how far a long run is: every tenth call, and each that broke a promise at once."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._done = 0
        self._broken = 0
        self._began = time.monotonic()

    def tell(self, row: Row) -> None:
        """One more call is over."""
        self._done += 1
        self._broken += not row.ok
        if not row.ok:
            sys.stderr.write(f"{as_text(row)}\n")
        if self._done % 10 == 0:
            minutes = (time.monotonic() - self._began) / 60
            pace = f"{self._done / minutes:.0f} a minute" if minutes else ""
            sys.stderr.write(
                f"{self._done} of {self._calls} calls, {self._broken} broken, {pace}\n"
            )
        sys.stderr.flush()


def _tell_figures(rows: Sequence[Row], file: Path | None, machine: MachineReport) -> None:
    judged = [
        Judged(row.figures, broke=bool(row.findings), lost=row.is_lost)
        for row in rows
        if row.figures is not None
    ]
    figures = of_run(judged, machine)
    sys.stderr.write(f"{figures}\n")
    if file is not None:
        file.write_text(json.dumps(figures.as_json(), indent=2) + "\n", encoding="utf-8")


async def _telephones(simulator_url: str) -> Telephones:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{simulator_url.rstrip('/')}/simulator/phones") as answer,
    ):
        phones = (await answer.json())["phones"]
    return Telephones(
        desks_911=frozenset(phone["number"] for phone in phones if phone["kind"] == "desk911"),
        human_lines=frozenset(phone["number"] for phone in phones if phone["kind"] == "line"),
    )


def main(words: Sequence[str]) -> int:
    """Rehearse; 0 when every call went as scripted, 1 when one did not, 2 when nothing could be played."""
    asked = arguments(words)
    machine = Machine()
    machine.begin()
    try:
        rows = asyncio.run(rehearse(asked, machine.late_between))
    except (RehearsalError, OSError, aiohttp.ClientError, ValueError, KeyError) as error:
        sys.stderr.write(f"nothing could be rehearsed: {error}\n")
        return 2
    printed = json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=2)
    sys.stdout.write((printed if asked.json else "\n".join(as_text(row) for row in rows)) + "\n")
    if asked.faults:
        _tell_figures(rows, asked.figures, machine.end())
    good = sum(row.ok for row in rows)
    sys.stderr.write(f"{good} of {len(rows)} calls as scripted\n")
    return 0 if good == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
