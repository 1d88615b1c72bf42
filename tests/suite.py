"""The whole suite with one command: demands what the selected tests need, then hands over to pytest.

`fast` runs the pure rules and units alone: no database, no browser, under a minute.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from config.stack import bytecode
from tests import cluster

WORKERS = os.environ.get("TEST_WORKERS", "2")
SOME_FAILED = 1
NO_TESTS = 5
"""pytest's status when a filter leaves a stage without tests."""
FEW = 10

AHEAD_SECONDS = 10
"""Everything that starts has the machine for a moment: a cold stack among others that start keeps nobody's seconds."""

NOT_WHOLE = ("--ignore", "tests/browser/whole")
ON_SQLITE = (
    "tests/journeys/test_rehearsals_on_sqlite.py",
    "tests/journeys/test_faults_at_random.py",
)
Stage = tuple[str, ...]
ROUNDS: tuple[tuple[Stage, ...], ...] = (
    (
        ("-n", WORKERS, "-m", "not browser", "--ignore", "tests/journeys"),
        ("-n", "0", *ON_SQLITE),
        ("-n", "0", "tests/journeys", *(f"--ignore={path}" for path in ON_SQLITE)),
    ),
    (
        (*("-n", WORKERS, "--dist", "loadfile"), *("-m", "browser", "tests/browser"), *NOT_WHOLE),
        ("-n", "0", "-m", "browser", "tests/browser/whole"),
        ("-n", "0", "-m", "browser", "tests/simulator"),
    ),
)
"""One pytest a stage, the stages of a round side by side.

Whole calls wait far more than they work, so they are played while the others compute, a stack an engine and
first served: their limits are in seconds; the whole town of the browser stands once. A browser's driver keeps an event loop in its process, which nobody
else's loop may share.
"""


def main(arguments: list[str]) -> int:
    """Run the suite and give the worst exit status (2 when the machine lacks something)."""
    fast = bool(arguments) and arguments[0] == "fast"
    rest = arguments[1:] if fast else arguments
    os.environ.update(bytecode())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    with ExitStack() as stack:
        os.environ["TMPDIR"] = stack.enter_context(
            tempfile.TemporaryDirectory(dir=cluster.memory())
        )
        if fast:
            return run((*many(rest), "-m", "rules", *rest))
        if not os.environ.get("TEST_DATABASE_URL"):
            try:
                os.environ["TEST_DATABASE_URL"] = stack.enter_context(cluster.running())
            except cluster.NoPostgresqlError as missing:
                print(missing, file=sys.stderr)
                return 2
        if chosen(rest):
            return run((*many(rest), *rest))
        ended = [one for stages in ROUNDS for one in run_round(stages, rest)]
        statuses = [again(one, rest) if one.failed_some() else one.status for one in ended]
    return max((status for status in statuses if status != NO_TESTS), default=NO_TESTS)


def chosen(arguments: list[str]) -> bool:
    """Whether somebody said which tests to run."""
    return "-m" in arguments or any(word.startswith("tests") for word in arguments)


def many(arguments: list[str]) -> Stage:
    """Several workers, unless somebody said how many; a file's tests share what it stands up once."""
    return () if "-n" in arguments else ("-n", WORKERS, "--dist", "loadfile")


def run(arguments: Sequence[str], *, nice: bool = False) -> int:
    """One pytest in a process of its own; `nice` lets others have the machine whenever they want it."""
    polite = ("nice", "-n", "19") if nice and shutil.which("nice") else ()
    return subprocess.run([*polite, *command(arguments)], check=False).returncode


def run_round(stages: Sequence[Stage], rest: list[str]) -> list["Ended"]:
    """The first stage in sight, the others beside it, each shown when all are done."""
    own, *others = (Memory.of(stage) for stage in stages)
    with ExitStack() as stack:
        beside = []
        for one in others:
            beside.append((one, Beside.start(stack, (*one.arguments, *rest))))
            time.sleep(AHEAD_SECONDS)
        first = Ended(own, run((*own.arguments, *rest), nice=bool(beside)))
        return [first, *(Ended(one, started.shown()) for one, started in beside)]


def again(ended: "Ended", rest: list[str]) -> int:
    """Play once more, alone on the machine, what failed beside others; what fails twice is broken.

    Limits of whole calls are in seconds, and another's burst of work can take them. Every test that
    needed this is named.
    """
    names = ended.memory.failed()
    print("FAILED BESIDE OTHERS, played again alone:", *names, sep="\n  ", flush=True)
    alone = ("-n", "0", "--last-failed", "--last-failed-no-failures", "none")
    status = run((*ended.memory.arguments, *rest, *alone))
    print("Passed alone." if status == 0 else "Failed twice: broken.", flush=True)
    return status


@dataclass(frozen=True, slots=True)
class Memory:
    """A stage, and the folder where its pytest remembers what failed."""

    stage: Stage
    folder: Path

    @classmethod
    def of(cls, stage: Stage) -> "Memory":
        return cls(stage, Path(tempfile.mkdtemp()))

    @property
    def arguments(self) -> Stage:
        """The stage's own arguments, and where it remembers."""
        return ("-o", f"cache_dir={self.folder}", *self.stage)

    def failed(self) -> list[str]:
        """Every test that failed, by its name."""
        written = self.folder / "v/cache/lastfailed"
        return sorted(json.loads(written.read_text())) if written.exists() else []


@dataclass(frozen=True, slots=True)
class Ended:
    """A stage that was played, with pytest's status."""

    memory: Memory
    status: int

    def failed_some(self) -> bool:
        """Whether a few tests failed; many are no accident, and an error of pytest's own is none."""
        return self.status == SOME_FAILED and 0 < len(self.memory.failed()) <= FEW


class Beside:
    """A pytest that runs beside another, its output kept until it is asked for."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self._process = process
        self._output = output

    @classmethod
    def start(cls, stack: ExitStack, arguments: Sequence[str]) -> "Beside":
        """Start it; it is ended with `stack` at the latest."""
        output = Path(tempfile.mkstemp(suffix=".txt")[1])
        with output.open("wb") as file:
            process = subprocess.Popen(command(arguments), stdout=file, stderr=subprocess.STDOUT)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        return cls(process, output)

    def shown(self) -> int:
        """Wait for its end, print what it printed, and give its status."""
        status = self._process.wait()
        print(self._output.read_text(errors="replace"), flush=True)
        return status


def command(arguments: Sequence[str]) -> list[str]:
    """What a passed test has left in its folder is thrown away at once: the folder may be in memory."""
    python = (sys.executable, "-m", "pytest", "-o", "tmp_path_retention_policy=failed")
    return [*python, *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
