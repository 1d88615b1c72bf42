"""The real whole on loopback, and everybody's pages at it, each in a browser context of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import databases
from tests.browser.conftest import PATIENCE_MS
from tests.browser.whole.call_taker import CallTaker
from tests.browser.whole.nine_one_one import NineOneOne
from tests.browser.whole.resident import Resident
from tests.browser.whole.town import Town, standing

HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Product and telephone company on PostgreSQL, with the demonstration's people."""
    url = databases.fresh("postgresql", tmp_path_factory.mktemp("whole"))
    with standing(url) as stood:
        yield stood
    databases.drop(url)


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """Open an address in a context of its own; any error of a page's own code fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(address: str) -> Page:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 720}, permissions=["microphone"]
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        if request.node.stash.get(HAS_FAILED, False):
            print_pages(context)
        context.close()
    assert errors == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


def print_pages(context: BrowserContext) -> None:
    """What everybody saw at that moment: a failure elsewhere can only be read, not looked at."""
    for page in context.pages:
        print(f"\n{page.url}\n{page.locator('body').inner_text(timeout=PATIENCE_MS)}")


@pytest.fixture
def resident(town: Town, open_page: Callable[[str], Page]) -> Iterator[Callable[[str], Resident]]:
    """Give a resident of the demonstration their telephone."""
    yield lambda name: Resident(open_page(town.phone_of(name)))
    town.hang_everything_up()


@pytest.fixture
def call_taker(
    town: Town, open_page: Callable[[str], Page]
) -> Iterator[Callable[[str], CallTaker]]:
    """Bring somebody of the staff to the sign-in page; afterwards their shift ends."""
    came: list[CallTaker] = []

    def coming(name: str) -> CallTaker:
        came.append(CallTaker(open_page(town.product_url + "/login"), town.email_of(name), town))
        return came[-1]

    yield coming
    town.hang_everything_up()
    for one in came:
        one.end_shift()


@pytest.fixture
def nine_one_one(town: Town, open_page: Callable[[str], Page]) -> Callable[[], NineOneOne]:
    """Somebody at the city's 911 desk."""
    return lambda: NineOneOne(open_page(town.desk_911))
