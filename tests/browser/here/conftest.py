"""A caller with a location link, at the product's own door on the loopback."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from ivr.jobs import send_text
from models.call import Call
from models.location_link import LocationLink
from models.states import Language
from tests import databases
from tests.browser.conftest import PATIENCE_MS
from tests.browser.loopback_door import BUILD
from tests.fakes import fake_runtime
from tests.staff.staff_stage import House, Person, open_door

HERE = {"latitude": 32.2217, "longitude": -110.9265, "accuracy": 12}


class Line:
    """The door, and callers who have just been texted a link."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address

    def caller(self, language: Language = Language.ES) -> tuple[Person, Call, str]:
        """A call-taker, their call and the address that its caller was texted."""
        person = self.house.person()
        call = self.house.in_room(person.staff_id, language=language)
        person.ordered(f"/calls/{call.id}/location-link")
        (link,) = self.house.rows(LocationLink, LocationLink.call_id == call.id)
        send_text(self.house.runtime, link.text_message_id)
        _, words = self.house.gateway.of("send_text")[-1]
        return person, call, self.address + re.search(r"/here/[\w-]{22}", words).group()


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("here")
    url = databases.fresh("postgresql", folder)
    runtime = fake_runtime(url, folder / "spool")
    app = open_door(runtime, folder, build=BUILD)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Line(House(app, runtime), f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(10)
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()
    databases.drop(url)


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address on a small telephone that allows its position, or does not.

    Errors of the page's own code, refusals of its policy and requests to anybody else fail the test.
    """
    contexts, wrong = [], []

    def opened(address: str, position: dict | None = HERE, width: int = 320) -> Page:
        permissions = ["geolocation"] if position else []
        context = chromium.new_context(
            viewport={"width": width, "height": 568}, permissions=permissions, geolocation=position
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: "Security Policy" in said.text and wrong.append(said.text))
        home = address.split("/here/")[0]
        page.on("request", lambda asked: asked.url.startswith(home) or wrong.append(asked.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
