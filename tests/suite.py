"""The whole suite with one command: demands what the selected tests need, then hands over to pytest.

`fast` runs the pure rules and units alone: no database, no browser, under a minute.
"""

import os
import sys
from contextlib import ExitStack

import pytest

from tests import cluster

WORKERS = os.environ.get("TEST_WORKERS", "2")


def main(arguments: list[str]) -> int:
    """Run the suite and give pytest's exit status (2 when the machine lacks something)."""
    fast = bool(arguments) and arguments[0] == "fast"
    rest = arguments[1:] if fast else arguments
    options = ["-n", WORKERS, "--dist", "loadgroup"] if "-n" not in rest else []
    if fast:
        return pytest.main([*options, "-m", "rules", *rest])
    with ExitStack() as stack:
        if not os.environ.get("TEST_DATABASE_URL"):
            try:
                os.environ["TEST_DATABASE_URL"] = stack.enter_context(cluster.running())
            except cluster.NoPostgresqlError as missing:
                print(missing, file=sys.stderr)
                return 2
        return pytest.main([*options, *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
