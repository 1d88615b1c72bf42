"""These tests share the stage of `tests.authoring.authoring_stage`."""

from types import MappingProxyType

import pytest

from calltaker.authoring.grounds import Grounds
from models.states import PublicationKind
from tests.authoring.authoring_stage import City, read_hours
from tests.authoring.protocol_stage import GROUNDS, Kennel
from tests.fakes import fake_runtime
from tests.staff.staff_stage import House, open_door

READ = MappingProxyType({PublicationKind.HOURS: read_hours})


@pytest.fixture
def city(database_url: str, tmp_path):
    runtime = fake_runtime(database_url, tmp_path / "spool")
    grounds = Grounds(read=READ, trial_number="+15205550199")
    stage = City(House(open_door(runtime, tmp_path, grounds=grounds), runtime))
    stage.publish_first(hours="key: hours\nopens: eight\n", menu="key: menu\nnodes: {}\n")
    yield stage
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()


@pytest.fixture
def kennel(database_url: str, tmp_path):
    runtime = fake_runtime(database_url, tmp_path / "spool")
    stage = Kennel(House(open_door(runtime, tmp_path, grounds=GROUNDS), runtime))
    stage.publish_first()
    yield stage
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()
