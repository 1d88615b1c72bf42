"""The pages: the list, the editor's frame, hours and destinations as text, announcements, switches."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from calltaker.authoring import schedule
from calltaker.authoring.grounds import Grounds
from ivr.errors import CityPackError
from models.menu_parts import MenuSwitch
from models.states import PublicationKind, Role
from tests.authoring.authoring_stage import HOURS, MENU, City, Editor, hours
from tests.staff.staff_stage import post_form, token_of

pytestmark = pytest.mark.database

PAGE = {"Accept": "text/html"}
TEXT = "key: hours\nopens: nine\n"
SAID = {"en": "A storm is coming.", "es": "Viene una tormenta."}


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


def form(person: Editor, path: str, at: str, **fields):
    return post_form(person.client, path, at, **fields)


def test_the_list_names_every_document_and_how_it_stands(city: City):
    city.publish_first(destinations="key: destinations\n", agencies="key: agencies\n")
    writer = city.editor()
    writer.save(hours(opens="nine"))
    shown = page(writer.client, "/menus")
    assert "key: agencies" in page(writer.client, "/menus/agencies/agencies")
    names = ("Menu", "Hours and holidays", "Destinations", "Agencies of the 911 door")
    for words in (*names, "being written", "version 1"):
        assert words in shown


def test_what_was_kept_back_at_its_time_is_told_until_the_document_goes_live_anew(city: City):
    writer, second = city.editor(), city.supervisor()
    writer.save(hours(opens="nine"))
    due = city.house.clock() + timedelta(minutes=5)
    writer.propose(publish_at=due.isoformat())
    second.approve()
    city.house.clock.pass_by(300)

    def refuse(document: object) -> object:
        raise CityPackError(["hours: main: the calendar is gone"])

    changed = Grounds(read={PublicationKind.HOURS: refuse})
    assert schedule.run_due(city.house.runtime, lambda: changed, city.house.clock()) == 0
    shown = page(city.editor(Role.AUDITOR).client, "/menus")
    told = shown[shown.index('role="alert"') :]
    assert "version 2 did not go live" in told
    assert "the calendar is gone" in told
    draft = writer.state()["draft"]
    assert (draft["document"], draft["state"]) == (hours(opens="nine"), "editing"), "to mend"
    city.house.clock.pass_by(60)
    city.published(hours(opens="ten"))
    assert "did not go live" not in page(second.client, "/menus")


def test_the_editors_page_carries_its_bundle_its_token_and_its_menu(city: City):
    shown = page(city.editor().client, "/menus/menu/menu")
    assert 'id="menu-editor" data-key="menu"' in shown
    assert 'name="csrf-token"' in shown
    assert "menus-A.js" in shown
    assert city.editor().client.get("/menus/menu/other", headers=PAGE).status_code == 404


def test_hours_go_from_text_to_live_with_forms_alone(city: City):
    writer, second, at = city.editor(), city.supervisor(), "/menus/hours/hours"
    saved = form(writer, at, at, document=TEXT, revision="0")
    assert saved.status_code == 303, saved.text
    draft = writer.state()["draft"]
    assert draft["text"].replace("\r\n", "\n") == TEXT
    proposed = form(
        writer, f"{HOURS}/propose", at, revision=str(draft["revision"]), reason="summer"
    )
    assert (proposed.status_code, proposed.headers["Location"]) == (303, at)
    shown = page(second.client, at)
    assert "eight" in shown
    assert "nine" in shown
    seen = {"revision": str(draft["revision"]), "digest": draft["digest"]}
    assert form(second, f"{HOURS}/approve", at, **seen).status_code == 303
    assert city.live_version() == 2
    back = form(second, f"{HOURS}/roll-back", at, version="1", reason="too early")
    assert back.status_code == 303
    assert city.live_version() == 1


def test_a_faulty_text_comes_back_with_its_line_and_its_words(city: City):
    writer, at = city.editor(), "/menus/hours/hours"
    faulty = "key: hours\nopens: [nine\n"
    answer = form(writer, at, at, document=faulty, revision="0")
    assert answer.status_code == 422
    assert "in line" in answer.text
    assert "opens: [nine" in answer.text
    assert writer.state()["draft"]["state"] == "none"


def test_a_later_save_shows_both_texts(city: City):
    writer, other, at = city.editor(), city.editor(), "/menus/hours/hours"
    other.save(hours(opens="their nine"))
    answer = form(writer, at, at, document="opens: my ten", revision="0")
    assert answer.status_code == 409
    assert "their nine" in answer.text
    assert "my ten" in answer.text


def test_the_gates_findings_stand_on_the_page_of_the_draft(city: City):
    writer = city.editor()
    writer.save(hours(strands=True))
    assert "nobody would ever answer" in page(writer.client, "/menus/hours/hours")


def test_an_announcement_goes_up_and_is_taken_away(city: City):
    someone = city.supervisor()
    at = "/menus/announcement"
    answer = form(someone, at, at, **SAID, starts="2026-03-02T11:00", ends="2026-03-02T20:00")
    assert answer.status_code == 303, answer.text
    shown = page(someone.client, at)
    assert SAID["es"] in shown
    assert SAID["en"] in page(someone.client, "/menus")
    key = shown.split("/menus/announcement/")[1].split("/")[0]
    away = form(someone, f"{at}/{key}/take-away", at)
    assert away.status_code == 303
    assert SAID["es"] not in page(someone.client, at)
    assert form(someone, f"{at}/{key}/take-away", at).status_code == 404


FAULTY = [
    ({**SAID, "es": ""}, "no words"),
    ({**SAID, "en": "word " * 200}, "longer|too long|seconds|shorten|cannot"),
    ({**SAID, "en": "Hello {place}."}, "braces|placeholder"),
    ({**SAID, "en": "For the storm, press 5."}, "names a key"),
    ({**SAID, "es": SAID["en"]}, "same"),
    ({**SAID, "en": "A <Hangup/> storm."}, "cannot be spoken"),
    ({**SAID, "ends": "2026-03-01T10:00"}, "past"),
    ({**SAID, "ends": "2027-03-01T10:00"}, "days later"),
    ({**SAID, "starts": "soon"}, "no moment"),
]


@pytest.mark.parametrize(("fields", "words"), FAULTY, ids=[words for _, words in FAULTY])
def test_an_announcement_passes_the_gate_and_what_was_typed_comes_back(
    city: City, fields: dict, words: str
):
    someone, at = city.supervisor(), "/menus/announcement"
    answer = form(someone, at, at, **fields)
    assert answer.status_code == 422, answer.text
    assert any(word in answer.text for word in words.split("|")), answer.text
    assert answer.text.count("Take it away") == 0
    assert "Viene una tormenta" in answer.text or fields["es"] != SAID["es"]


def test_only_so_many_announcements_keep_a_caller_waiting(city: City):
    someone, at = city.supervisor(), "/menus/announcement"
    for number in range(2):
        fields = {"en": f"Storm number {number}.", "es": f"Tormenta número {number}."}
        assert form(someone, at, at, **fields).status_code == 303
    assert form(someone, at, at, **SAID).status_code == 409


def test_putting_up_asks_for_the_password_after_a_while_on_the_same_form(city: City):
    someone, at = city.supervisor(), "/menus/announcement"
    city.house.clock.pass_by(20 * 60)
    shown = page(someone.client, at)
    assert 'name="password"' in shown
    assert form(someone, at, at, **SAID).status_code == 428


@pytest.mark.parametrize("role", [Role.MENU_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_only_supervisors_announce_and_switch(city: City, role: Role):
    person = city.editor(role)
    assert page(person.client, "/menus/announcement").count("<textarea") == 0
    for path in ("/menus/announcement", "/menus/switches/storm"):
        token = token_of(page(person.client, "/menus"))
        answer = person.client.post(path, data={"csrf_token": token, **SAID, "is_on": "on"})
        assert answer.status_code == 403


MENU_WITH_SWITCH = """key: menu
nodes:
  storm: {kind: branch, by: switch, switch: storm, cases: {on: a, off: b}, otherwise: b}
menus:
  other: {nodes: {n: {kind: branch, by: switch, switch: cooling}}}
"""


def test_the_switches_of_the_live_menu_are_set_and_told(city: City):
    from models.publication import Publication

    with city.house.runtime.sessions() as session:
        live = session.query(Publication).filter_by(key="menu").one()
        live.document = MENU_WITH_SWITCH
        session.commit()
    someone = city.supervisor()
    shown = page(someone.client, "/menus")
    assert "storm" in shown
    assert "cooling" in shown
    assert form(someone, "/menus/switches/storm", "/menus", is_on="on").status_code == 303
    assert someone.post("/menus/switches/cooling", {"is_on": True}).json == {
        "key": "cooling",
        "is_on": True,
    }
    assert someone.post("/menus/switches/storm", {"is_on": False}).status_code == 200
    set_now = {row.key: row.is_on for row in city.house.rows(MenuSwitch)}
    assert set_now == {"storm": False, "cooling": True}
    assert someone.post("/menus/switches/unknown", {"is_on": True}).status_code == 404
    assert someone.post("/menus/switches/storm", {"is_on": "perhaps"}).status_code == 422
    catalogue = someone.state(MENU)["catalogue"]["switches"]
    assert catalogue == [{"key": "storm", "is_on": False}, {"key": "cooling", "is_on": True}]
