"""The whole suite with one command: demands what the selected tests need, then hands over to pytest.

`fast` runs the pure rules and units alone: no database, no browser, under a minute.
"""

import os
import subprocess
import sys
from contextlib import ExitStack

from tests import cluster

WORKERS = os.environ.get("TEST_WORKERS", "2")


STAGES = (
    ("-m", "not browser"),
    ("-m", "browser", "tests/browser"),
    ("-m", "browser", "tests/simulator"),
)
"""A browser's driver keeps an event loop in its process, which nobody else's loop may share."""
NO_TESTS = 5
"""pytest's status when a filter leaves a stage without tests."""


def main(arguments: list[str]) -> int:
    """Run the suite and give the worst exit status (2 when the machine lacks something)."""
    fast = bool(arguments) and arguments[0] == "fast"
    rest = arguments[1:] if fast else arguments
    options = ["-n", WORKERS, "--dist", "loadgroup"] if "-n" not in rest else []
    if fast:
        return run([*options, "-m", "rules", *rest])
    with ExitStack() as stack:
        if not os.environ.get("TEST_DATABASE_URL"):
            try:
                os.environ["TEST_DATABASE_URL"] = stack.enter_context(cluster.running())
            except cluster.NoPostgresqlError as missing:
                print(missing, file=sys.stderr)
                return 2
        if chosen(rest):
            return run([*options, *rest])
        statuses = [run([*options, *stage, *rest]) for stage in STAGES]
    return max((status for status in statuses if status != NO_TESTS), default=NO_TESTS)


def chosen(arguments: list[str]) -> bool:
    """Whether somebody said which tests to run."""
    return "-m" in arguments or any(word.startswith("tests") for word in arguments)


def run(arguments: list[str]) -> int:
    """One pytest in a process of its own."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
