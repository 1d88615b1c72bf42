"""What every test may ask for."""

import base64
import gc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from models.database import open_sessions
from models.personal import Keyring
from tests import databases

# A busy machine needs its time: no example is judged by its seconds.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--depth", choices=["ci", "full"], default="ci", help="full: the big numbers")


BY_TURNS = ("authoring", "config", "desk", "handoff", "intake", "line", "quality", "staff")
"""Folders whose tests come to the database through pages, orders and deeds, not through its dialect."""
ON_BOTH = ("test_one_winner.py", "test_a_spooled_transfer.py", "test_a_transfer_survives.py")
"""Among them those of races, refusals and lost connections: what the engines differ in."""
ENGINES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At depth ci a test of a page or a deed takes one of the engines, by turns; at depth full both.

    Rows, races, voice turns and calls to 911 meet both engines at every depth.
    """
    if config.getoption("--depth") == "full":
        return
    later = {item for item in items if _is_for_full(item)}
    items[:] = [item for item in items if item not in later]
    config.hook.pytest_deselected(items=[*later])


def _is_for_full(item: pytest.Item) -> bool:
    engine = getattr(item, "callspec", None) and item.callspec.params.get("engine_name")
    folder, file = item.path.parent.name, item.path.name
    if engine not in ENGINES or folder not in BY_TURNS or file in ON_BOTH:
        return False
    test = item.nodeid.replace(str(engine), "").encode()
    return ENGINES[zlib.crc32(test) % 2] != engine


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Failures are logged as text: the library's framed ones take seconds each."""
    renderer = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture(scope="session")
def depth(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--depth")


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Both engines, always."""
    return request.param


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of its own."""
    url = databases.fresh(engine_name, tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database_url: str):
    opened = databases.engine_of(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sessions(engine):
    return open_sessions(engine)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_text("test:" + base64.b64encode(b"k" * 32).decode())
