"""Phrases of danger at the door: two supervisors publish them, the gate keeps the dangerous ones back."""

import pytest

from calltaker.authoring.grounds import Grounds
from config.phrase_cases import cases_of
from ivr.rules import phrase_gate
from models.states import PublicationKind, Role
from tests.authoring.authoring_stage import City
from tests.fakes import fake_runtime
from tests.rules.tucson_pack import PACK, tucson
from tests.staff.staff_stage import House, open_door, post_form

pytestmark = pytest.mark.database

AT, API = "/menus/phrases/phrases", "/menus/api/phrases/phrases"
PAGE = {"Accept": "text/html"}
EMPTY = (PACK / "first/phrases.yaml").read_text("utf-8")
CANOPY = """key: phrases
phrases:
  - language: en
    level: emergency
    words: [canopy walk .. let go]
    why: missed in July
    examples: [the canopy walk let go with my class on it]
"""
HIDES = CANOPY.replace("emergency", "harmless").replace("canopy walk .. let go", "not breathing")


@pytest.fixture
def city(database_url: str, tmp_path):
    runtime = fake_runtime(database_url, tmp_path / "spool")
    grounds = Grounds(
        phrases=lambda given: phrase_gate.examine(given, tucson().signs, cases_of(PACK))
    )
    stage = City(House(open_door(runtime, tmp_path, grounds=grounds), runtime))
    stage.publish_first(phrases=EMPTY)
    yield stage
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()


def saved(person, text: str):
    revision = str(person.state(API)["draft"]["revision"])
    return post_form(person.client, AT, AT, document=text, revision=revision)


def test_one_supervisor_writes_a_phrase_another_approves_it_and_it_can_go_back(city: City):
    writer, second = city.supervisor(), city.supervisor()
    assert "Phrases of danger" in writer.client.get("/menus", headers=PAGE).text
    assert saved(writer, CANOPY).status_code == 303
    assert "Nothing against it." in writer.client.get(AT, headers=PAGE).text
    assert writer.propose(API).status_code == 200
    assert writer.approve(API).status_code == 403
    assert second.approve(API).status_code == 200
    [live] = city.live(PublicationKind.PHRASES)
    assert (live.version, live.document.replace("\r\n", "\n").strip()) == (2, CANOPY.strip())
    back = second.post(f"{API}/roll-back", {"version": 1, "reason": "too soon"})
    assert back.status_code == 200, back.text
    [live] = city.live(PublicationKind.PHRASES)
    assert live.version == 1


def test_a_phrase_that_hides_a_danger_stands_on_the_page_and_cannot_be_proposed(city: City):
    writer = city.supervisor()
    assert saved(writer, HIDES).status_code == 303
    shown = writer.client.get(AT, headers=PAGE).text
    assert "hides the danger of" in shown
    refused = writer.propose(API)
    assert refused.status_code == 422
    assert "H06" in {one["code"] for one in refused.json["findings"]}
    assert [live.version for live in city.live(PublicationKind.PHRASES)] == [1]


@pytest.mark.parametrize("role", [Role.MENU_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_only_supervisors_write_phrases(city: City, role: Role):
    person = city.editor(role)
    assert person.client.get(AT, headers=PAGE).status_code == 200
    sent = person.send("PUT", f"{API}/draft", {"revision": 0, "document": {"phrases": []}})
    assert sent.status_code == 403


def test_without_the_citys_cases_no_phrase_is_published(database_url: str, tmp_path):
    runtime = fake_runtime(database_url, tmp_path / "spool")
    stage = City(House(open_door(runtime, tmp_path, grounds=Grounds()), runtime))
    stage.publish_first(phrases=EMPTY)
    writer = stage.supervisor()
    saved(writer, CANOPY)
    assert writer.propose(API).status_code == 422
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()
