"""A protocol is taken out of use and comes back; what is not live is never out of reach."""

from dataclasses import replace
from datetime import timedelta

import pytest

from calltaker.authoring import schedule
from calltaker.authoring.protocol_beginning import smallest
from models.draft import PublicationEvent
from models.publication import Publication
from models.states import HistoryEvent, PublicationState
from tests.authoring.protocol_stage import GROUNDS, A, Author, Kennel, dog, reworded

pytestmark = pytest.mark.database

TREE = "/protocols/api/tree"
TITLE = {"en": "Tree", "es": "Árbol"}
JUMP = "jumps:\n  - {to: dog, title: {en: Loose dog, es: Perro suelto}}\n"
CALM = {"danger_now": "no", "biting": "no"}


def retire(author: Author, version: int = 1, at: str = A, reason: str = "no longer ours"):
    return author.post(f"{at}/retire", {"version": version, "reason": reason})


def offered(kennel: Kennel) -> list[str]:
    """What a call-taker in a call can choose."""
    taker = kennel.house.person()
    kennel.house.in_room(taker.staff_id)
    return [one["protocol"] for one in taker.state()["call"]["protocols"]]


def test_the_desk_offers_it_no_longer_and_a_running_call_ends_on_it(kennel: Kennel):
    kennel.publish_first("tree", smallest("tree", TITLE))
    taker = kennel.house.person()
    running = kennel.house.in_room(taker.staff_id)
    taker.ordered(f"/calls/{running.id}/protocol", {"protocol": "dog"})
    done = retire(kennel.supervisor())
    assert done.status_code == 200, done.text
    assert done.json["live"] is None
    assert offered(kennel) == ["tree"]
    told = {"question": "danger_now", "value": "no"}
    after = taker.ordered(f"/calls/{running.id}/answers", told)["call"]["protocol"]
    assert "biting anyone" in after["question"]["text"]["en"]
    [noted] = kennel.house.rows(PublicationEvent, PublicationEvent.what == HistoryEvent.TAKEN_AWAY)
    assert (noted.key, noted.version, noted.reason) == ("dog", 1, "no longer ours")


def test_its_page_its_sheet_and_its_text_stay_and_it_comes_back_in_one_step(kennel: Kennel):
    second = kennel.supervisor()
    assert retire(second).status_code == 200
    state = second.state(A)
    assert (state["draft"]["state"], state["draft"]["text"]) == ("none", dog())
    page = second.client.get("/protocols").get_data(as_text=True)
    assert "Loose dog" in page
    assert "out of use" in page
    for what in ("", "/print?version=draft", "/export?version=1"):
        assert second.client.get(f"/protocols/dog{what}").status_code == 200, what
    anew = {"key": "dog", "title": TITLE}
    assert second.post("/protocols/api/new", anew).status_code == 409, "its name stays its own"
    back = second.post(f"{A}/roll-back", {"version": 1, "reason": "needed after all"})
    assert back.status_code == 200, back.text
    assert kennel.live().version == 1
    assert "dog" in offered(kennel)


def test_the_library_does_not_bring_it_back_by_itself(kennel: Kennel):
    assert retire(kennel.supervisor()).status_code == 200
    kennel.publish_first()
    assert kennel.house.rows(Publication, Publication.state == PublicationState.LIVE) == []


def test_what_another_protocol_leads_to_stays_until_that_is_changed(kennel: Kennel):
    kennel.publish_first("tree", smallest("tree", TITLE) + JUMP)
    refused = retire(kennel.supervisor())
    assert refused.status_code == 422
    assert "Tree" in refused.json["problem"]
    assert kennel.live().version == 1
    assert retire(kennel.supervisor(), at=TREE).status_code == 200
    assert retire(kennel.supervisor()).status_code == 200


def test_the_opening_of_every_call_cannot_be_taken_away(kennel: Kennel):
    kennel.publish_first("opening", smallest("opening", TITLE))
    refused = retire(kennel.supervisor(), at="/protocols/api/opening")
    assert refused.status_code == 422
    assert kennel.live("opening").version == 1


def test_only_the_version_that_was_looked_at_is_taken_away_and_only_by_who_approves(kennel: Kennel):
    assert retire(kennel.author()).status_code == 403
    assert retire(kennel.supervisor(), version=2).status_code == 409
    assert retire(kennel.supervisor(), reason=" ").status_code == 422
    assert retire(kennel.supervisor(), at="/protocols/api/cat").status_code == 404
    assert kennel.live().version == 1


def waiting(kennel: Kennel, at: str, text: str) -> str:
    """Have a version of a text approved for in five minutes; returns that moment."""
    writer, second = kennel.author(), kennel.supervisor()
    later = (kennel.house.clock() + timedelta(minutes=5)).isoformat()
    assert writer.put_forward(text, at, publish_at=later).status_code == 200
    approved = second.agree(at)
    assert approved.status_code == 200, approved.text
    return later


def test_a_version_that_waits_would_bring_it_back_so_it_is_called_off_first(kennel: Kennel):
    waiting(kennel, A, reworded())
    second = kennel.supervisor()
    refused = retire(second)
    assert refused.status_code == 409
    assert "Version 2" in refused.json["problem"]
    called_off = second.post(f"{A}/cancel", {"version": 2, "reason": "out of use"})
    assert called_off.status_code == 200
    assert retire(second).status_code == 200


def test_a_new_protocol_that_waits_for_its_time_is_listed_and_can_be_called_off(kennel: Kennel):
    second = kennel.supervisor()
    assert second.post("/protocols/api/new", {"key": "tree", "title": TITLE}).status_code == 200
    waiting(kennel, TREE, smallest("tree", TITLE))
    page = second.client.get("/protocols").get_data(as_text=True)
    assert "/protocols/tree" in page
    assert second.state(TREE)["scheduled"][0]["version"] == 1
    assert second.client.get("/protocols/tree").status_code == 200
    called_off = second.post(f"{TREE}/cancel", {"version": 1, "reason": "not yet"})
    assert called_off.status_code == 200
    assert called_off.json["draft"]["state"] == "editing"


def test_a_new_protocol_that_is_kept_back_at_its_time_is_told(kennel: Kennel):
    second = kennel.supervisor()
    assert second.post("/protocols/api/new", {"key": "tree", "title": TITLE}).status_code == 200
    waiting(kennel, TREE, smallest("tree", TITLE))
    house = kennel.house
    house.clock.pass_by(300)
    strict = replace(GROUNDS, may_go_live=True)
    assert schedule.run_due(house.runtime, lambda: strict, house.clock()) == 0
    page = second.client.get("/protocols").get_data(as_text=True)
    assert "version 1 did not go live" in page


def test_a_caller_who_is_gone_is_played_with_the_rules_for_what_was_left_open(kennel: Kennel):
    writer = kennel.author()
    order = {"text": dog(), "answers": {"danger_now": "no"}}
    there = writer.post(f"{A}/try", order).json["run"]
    assert there["question"]["id"] == "biting"
    assert there["determinant"] is None
    gone = writer.post(f"{A}/try", {**order, "caller_gone": True}).json["run"]
    assert (gone["question"], gone["coming"]) == (None, [])
    assert gone["determinant"]["emergency"], "nobody knows whether the dog bites"


def test_a_live_text_that_cannot_be_read_any_more_is_replaced_without_a_replay(kennel: Kennel):
    kennel.publish_first("tree", "id: tree")
    writer, second = kennel.author(), kennel.supervisor()
    assert writer.put_forward(smallest("tree", TITLE), TREE).status_code == 200
    told = second.client.get(f"{TREE}/replay")
    assert told.status_code == 404
    assert "cannot be read any more" in told.json["problem"]
    approved = second.approve(TREE)
    assert approved.status_code == 200, approved.text
    assert kennel.live("tree").version == 2
