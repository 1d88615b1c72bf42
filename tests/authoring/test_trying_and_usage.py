"""Playing a draft in the page and by telephone, and counting how callers went through the live one."""

from datetime import timedelta
from uuid import uuid4

import pytest

from calltaker.authoring import usage
from models.journal import JournalEntry
from models.publication import Publication
from models.states import CallOutcome, CallPhase, PublicationState
from tests.authoring.authoring_stage import MENU, City, Editor, menu

pytestmark = pytest.mark.database


@pytest.fixture
def writer(city: City) -> Editor:
    return city.editor()


class Played:
    """A call to a document, as the page plays it."""

    def __init__(self, writer: Editor, document: dict | None = None, **facts) -> None:
        self.writer, self.document, self.facts = writer, document or menu(), facts
        self.state: str | None = None

    def send(self, **given) -> dict:
        order = {
            "document": self.document,
            "state": self.state,
            "input": given,
            "facts": self.facts,
        }
        answer = self.writer.post(f"{MENU}/try", order)
        assert answer.status_code == 200, answer.text
        self.state = answer.json["state"]
        return answer.json


def test_a_draft_is_played_turn_by_turn_and_nothing_is_stored(city: City, writer: Editor):
    call = Played(writer)
    greeted = call.send()
    assert greeted["path"][0] == "greeting"
    assert greeted["listens"] is True
    assert {said["language"] for said in greeted["spoken"]} == {"en", "es"}
    assert "311" in "".join(said["text"] for said in greeted["spoken"]).replace("-", "")
    chosen = call.send(digits="2")
    assert {said["language"] for said in chosen["spoken"]} == {"es"}
    assert call.send(silent=True)["listens"] is True
    assert city.house.rows(Publication, Publication.state == PublicationState.TRIAL) == []
    assert writer.state(MENU)["draft"]["state"] == "none"


def test_key_9_in_a_played_call_says_that_911_would_be_dialled(writer: Editor):
    call = Played(writer)
    call.send()
    ended = call.send(digits="9")
    assert ended["over"] is True
    assert "911" in ended["ended"]
    assert ended["listens"] is False


def test_what_was_understood_stands_beside_the_words(writer: Editor):
    call = Played(writer)
    call.send()
    call.send(digits="1")
    notes = call.send(speech="there is a pothole on speedway")["notes"]
    assert any("pothole" in note["text"] for note in notes)


def test_the_authors_facts_count_and_not_those_of_now(writer: Editor):
    document = menu()
    document["start"] = "by_storm"
    document["nodes"]["by_storm"] = {
        "kind": "branch",
        "by": "switch",
        "switch": "storm",
        "cases": {"on": "storm_goodbye"},
        "otherwise": "greeting",
    }
    document["nodes"]["storm_goodbye"] = {
        "kind": "goodbye",
        "text": {"en": "Stay at home.", "es": "Quédese en casa."},
    }
    assert Played(writer, document).send()["path"][:2] == ["by_storm", "greeting"]
    stormy = Played(writer, document, switches={"storm": True}).send()
    assert stormy["path"] == ["by_storm", "storm_goodbye"]
    assert (stormy["over"], stormy["listens"]) == (True, False)


STATES = ["", "{}", "made-up", '{"node": "greeting"}', "x" * 5000]


@pytest.mark.parametrize("state", STATES)
def test_a_state_that_the_door_did_not_give_out_is_refused(writer: Editor, state: str):
    order = {"document": menu(), "state": state, "input": {"digits": "1"}, "facts": {}}
    answer = writer.post(f"{MENU}/try", order)
    assert answer.status_code == 422
    assert "again" in answer.json["what_to_do"]


def test_a_menu_that_cannot_be_walked_is_not_played_and_says_why(writer: Editor):
    broken = menu()
    broken["start"] = "nowhere"
    order = {"document": broken, "state": None, "input": {}, "facts": {}}
    answer = writer.post(f"{MENU}/try", order)
    assert answer.status_code == 422
    assert "nowhere" in answer.json["findings"][0]["message"]
    assert writer.post(f"{MENU}/trial", {"document": broken}).status_code == 422


def test_a_trial_keeps_a_snapshot_for_half_an_hour_and_no_version(city: City, writer: Editor):
    document = menu()
    first = writer.post(f"{MENU}/trial", {"document": document}).json
    assert first["number"] == "+15205550199"
    document["nodes"]["emergency_sentence"]["text"]["en"] += " Thank you."
    second = writer.post(f"{MENU}/trial", {"document": document})
    assert second.status_code == 200
    rows = city.house.rows(Publication, Publication.state == PublicationState.TRIAL)
    assert sorted(row.version for row in rows) == [-2, -1]
    state = writer.state(MENU)
    assert state["trial"]["number"] == "+15205550199"
    assert [row["version"] for row in state["history"]] == [1]
    city.house.clock.pass_by(31 * 60)
    assert city.editor().state(MENU)["trial"] is None
    city.house.clock.pass_by(86_400)
    city.editor().post(f"{MENU}/trial", {"document": document})
    rows = city.house.rows(Publication, Publication.state == PublicationState.TRIAL)
    assert len(rows) == 1, "old snapshots that no call began with are cleared away"


def call_of(city: City, live: str, *turns: tuple[list[str], str], **changes) -> None:
    """A call with its journal: what was entered in each turn, and the keys that led there."""
    call = city.house.call(CallPhase.MENU, menu_publication_id=live, **changes)
    for path, keys in turns:
        at = path[-1] if path else "need"
        heard = {"node": at if keys == "0" else "", "keys": keys, "silent": False}
        action = "JoinLine" if keys == "0" else "Listen"
        for kind, data in (
            ("caller_input", heard),
            ("line_spoke", {"node": at, "action": action, "path": [] if keys == "0" else path}),
        ):
            city.house.add(
                JournalEntry(
                    entry_id=uuid4().hex,
                    call_id=call.id,
                    at=city.house.clock(),
                    kind=kind,
                    actor="line",
                    data=data,
                )
            )


def test_usage_says_when_it_counts_the_newest_callers_alone(city: City, monkeypatch):
    [live] = [row.id for row in city.house.rows(Publication, Publication.key == "menu")]
    person = city.editor()
    for _ in range(2):
        call_of(city, live, (["greeting"], ""))
    assert person.client.get(f"{MENU}/usage?days=7").json["newest_only"] is False
    monkeypatch.setattr(usage, "MOST_CALLS", 2)
    call_of(city, live, (["greeting"], ""))
    counted = person.client.get(f"{MENU}/usage?days=7").json
    assert (counted["callers"], counted["newest_only"]) == (2, True)


def test_usage_counts_callers_by_node_and_way_of_the_live_version(city: City):
    [live] = [row.id for row in city.house.rows(Publication, Publication.key == "menu")]
    greeting, need = (["greeting"], ""), (["emergency_sentence", "need"], "1")
    call_of(city, live, greeting, need, (["where"], "1"))
    call_of(city, live, greeting, need, (["need"], "0"), outcome=CallOutcome.HELPED)
    call_of(city, live, greeting, need, outcome=CallOutcome.ABANDONED)
    call_of(city, live, greeting, (["greeting"], ""), outcome=CallOutcome.ABANDONED)
    long_ago = city.house.clock() - timedelta(days=20)
    call_of(city, live, greeting, started_at=long_ago)
    person = city.editor()
    week = person.client.get(f"{MENU}/usage?days=7").json
    assert (week["callers"], week["version"], week["days"]) == (4, 1, 7)
    assert week["nodes"]["greeting"] == {"callers": 4, "to_person": 0, "hung_up": 1}
    assert week["nodes"]["need"] == {"callers": 3, "to_person": 1, "hung_up": 1}
    assert week["nodes"]["where"]["callers"] == 1
    ways = {(edge["from"], edge["to"]): edge["callers"] for edge in week["edges"]}
    assert ways == {
        ("greeting", "emergency_sentence"): 3,
        ("emergency_sentence", "need"): 3,
        ("need", "where"): 1,
    }
    assert person.client.get(f"{MENU}/usage?days=30").json["callers"] == 5
    assert person.client.get(f"{MENU}/usage?days=365").status_code == 422
