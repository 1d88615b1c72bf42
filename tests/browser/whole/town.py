"""What stands behind the pages: the product, the telephone company and the people, as in `./run demo`."""

import json
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.demonstration import PEOPLE, make_people
from config.settings import ROOT
from config.stack import Stack, free_port
from config.yaml_text import read_yaml
from tests import databases

SPEECH_RATE = 3.0
DESK_911 = "+15205550191"
RESIDENTS = read_yaml((ROOT / "config/tucson/residents.yaml").read_text())
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class Town:
    """A stack that runs, and the passphrase of its people."""

    stack: Stack
    passphrase: str

    @property
    def product_url(self) -> str:
        return self.stack.product_url

    @property
    def simulator_url(self) -> str:
        return self.stack.simulator_url

    @property
    def desk_911(self) -> str:
        """The page of the city's first 911 desk."""
        return f"{self.simulator_url}/911?phone={urllib.parse.quote(DESK_911)}"

    def phone_of(self, name: str) -> str:
        """The page with this resident's telephone on the table."""
        number = next(one["number"] for one in RESIDENTS if one["name"] == name)
        return f"{self.simulator_url}/phone?resident={urllib.parse.quote(number)}"

    def email_of(self, name: str) -> str:
        """A person's address, by their first name."""
        return next(email for email, full, _ in PEOPLE if full.split()[0] == name)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the telephone company something."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.simulator_url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")

    def hang_everything_up(self) -> None:
        """End what a test has left on the line, so that the next begins in silence."""
        for call in self.ask("GET", "/simulator/calls")["calls"]:
            if call["status"] not in OVER:
                self.ask("POST", f"/simulator/calls/{call['call_sid']}/hangup", {})


@contextmanager
def standing(database_url: str = "") -> Iterator[Town]:
    """Stand a town up; on SQLite where no address is given, in memory like the PostgreSQL of the tests.

    A disk that somebody else keeps busy would be measured, not the product.
    """
    folder = ROOT / ".run/tests" / uuid4().hex[:8]
    database_url = database_url or databases.empty("sqlite", Path(tempfile.mkdtemp()))
    stack = Stack(
        folder,
        free_port(),
        free_port(),
        database_url=database_url,
        speech_rate=SPEECH_RATE,
        calls_per_second=5,
    )
    stack.prepare()
    passphrase = make_people(stack, PEOPLE)
    try:
        stack.start()
        yield Town(stack, passphrase)
    finally:
        stack.stop()
