"""With Redis stopped in its tracks calls go on; what it carried is done once it is back."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.demonstration import SCRIPTS, rehearsal_staff
from config.stack import Stack, free_port

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def stack_in(folder: Path):
    stack = Stack(folder / "stack", free_port(), free_port(), speech_rate=3.0, calls_per_second=5)
    stack.prepare()
    staff = rehearsal_staff(stack)
    try:
        stack.start()
        yield stack, staff
    finally:
        stack.stop()


def redis_process(stack: Stack) -> int:
    """The embedded server's process id: a child of the product."""
    product = stack.group.process_id("product")
    for listed in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(listed.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            command = listed.joinpath("cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            continue
        if parent == product and (b"valkey-server" in command or b"redis-server" in command):
            return int(listed.name)
    raise RuntimeError("the product has no embedded server")


def play(stack: Stack, staff: Path, *names: str) -> list[dict]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "simulator.rehearsal", "--json"),
            *("--simulator", stack.simulator_url, "--product", stack.product_url),
            *(
                "--staff",
                str(staff),
                "--scripts",
                *(str(SCRIPTS / f"{name}.yaml") for name in names),
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    return json.loads(done.stdout)


def messages(stack: Stack) -> list[dict]:
    with urllib.request.urlopen(f"{stack.simulator_url}/simulator/messages", timeout=5) as answer:
        return json.load(answer)["messages"]


def test_calls_reach_help_and_911_while_redis_stalls_and_the_text_is_sent_after(tmp_path):
    with stack_in(tmp_path) as (stack, staff):
        redis = redis_process(stack)
        os.kill(redis, signal.SIGSTOP)
        try:
            rows = play(stack, staff, "01_pothole", "11_911_at_first_prompt")
            assert all(row["ok"] for row in rows), json.dumps(rows, indent=2)
            assert messages(stack) == []
        finally:
            os.kill(redis, signal.SIGCONT)
        until = time.monotonic() + 120
        while not messages(stack) and time.monotonic() < until:
            time.sleep(0.5)
        assert len(messages(stack)) == 1
