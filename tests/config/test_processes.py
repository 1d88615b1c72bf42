"""A process group starts what it was told, starts it again when it dies, and ends all of it."""

import os
import signal
import sys
import time

import pytest

from config.processes import Child, ProcessGroup

pytestmark = pytest.mark.rules

SLEEP = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])


@pytest.fixture
def group():
    made = ProcessGroup()
    yield made
    made.stop()


def eventually(claim, seconds: float = 8.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return True
        time.sleep(0.05)
    return False


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_is_killed_is_started_again(group):
    group.start(SLEEP)
    first = group.process_id("sleeper")
    os.kill(first, signal.SIGKILL)

    def runs_anew() -> bool:
        group.mend()
        return group.alive("sleeper") and group.process_id("sleeper") != first

    assert eventually(runs_anew)


def test_stopping_ends_children_and_their_children(group, tmp_path):
    told = tmp_path / "grandchild"
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(told)!r}, 'w').write(str(p.pid))\n"
        "time.sleep(60)\n"
    )
    group.start(Child("parent", [sys.executable, "-c", code]))
    assert eventually(lambda: told.exists() and told.read_text())
    grandchild = int(told.read_text())
    group.stop()
    assert eventually(lambda: not is_running(grandchild))


def test_a_child_gets_its_environment_and_writes_to_its_log(group, tmp_path):
    log = tmp_path / "child.log"
    code = "import os; print(os.environ['PLACE'], flush=True)"
    group.start(Child("speaker", [sys.executable, "-c", code], {"PLACE": "Tucson"}, log_to=log))
    assert eventually(lambda: log.exists() and "Tucson" in log.read_text())
