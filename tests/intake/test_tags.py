"""Tags of a contact: the city's words, proposals that stay sealed, and what is no tag."""

import pytest

from models.call_tag import CallTag
from models.journal import JournalEntry
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


@pytest.fixture
def desk(house: House):
    person = house.person()
    return house, person, house.in_room(person.staff_id)


def tagged(person, call, text) -> list[str]:
    desk = person.ordered(f"/calls/{call.id}/tags", {"tag": text})
    return [one["title"] for one in desk["call"]["tags"]]


@pytest.mark.parametrize("typed", ["bus_stop", "Bus stop", "  bus   STOP "])
def test_a_word_of_the_list_is_kept_by_its_key_however_it_is_typed(desk, typed):
    house, person, call = desk
    assert tagged(person, call, typed) == ["Bus stop"]
    [row] = house.rows(CallTag)
    assert (row.tag, row.word, row.staff_id) == ("bus_stop", None, person.staff_id)


def test_another_word_is_a_proposal_sealed_to_its_call_and_suggested_to_nobody(desk):
    house, person, call = desk
    assert tagged(person, call, "Señora López") == ["Señora López"]
    [row] = house.rows(CallTag)
    assert row.tag is None
    assert "López".encode() not in row.word
    assert [entry.data for entry in house.rows(JournalEntry)] == [{"tag": None}]
    listed = person.client.get(f"/desk/calls/{call.id}/card")
    assert "pez" not in listed.text
    assert person.state()["call"]["tags"][0]["is_proposal"]


@pytest.mark.parametrize(("first", "again"), [("monsoon", "Monsoon"), ("New word", "new WORD")])
def test_the_same_tag_twice_is_one(desk, first, again):
    house, person, call = desk
    tagged(person, call, first)
    assert len(tagged(person, call, again)) == 1
    assert house.journal(call.id) == ["tagged"]


@pytest.mark.parametrize(
    "wrong", ["", "  ", "520 555 0142", "flat 4", "x" * 31, "one two three four five", "a@b", "<b>"]
)
def test_what_is_no_short_word_is_refused(desk, wrong):
    house, person, call = desk
    answer = person.order(f"/calls/{call.id}/tags", {"tag": wrong})
    assert answer.status_code == 422
    assert answer.json["what_to_do"]
    assert house.rows(CallTag) == []


def test_a_contact_has_at_most_eight(desk):
    house, person, call = desk
    for letter in "abcdefgh":
        tagged(person, call, f"word {letter}")
    assert person.order(f"/calls/{call.id}/tags", {"tag": "thanks"}).status_code == 422
    assert len(house.rows(CallTag)) == 8


def test_a_tag_is_taken_away_and_the_journal_keeps_that_it_was_there(desk):
    house, person, call = desk
    desk_now = person.ordered(f"/calls/{call.id}/tags", {"tag": "thanks"})
    [tag] = desk_now["call"]["tags"]
    path = f"/calls/{call.id}/tags/{tag['tag_id']}/remove"
    assert person.ordered(path)["call"]["tags"] == []
    assert person.order(path).status_code == 404
    assert house.journal(call.id) == ["tagged", "untagged"]


def test_tags_in_use_are_suggested_first(desk):
    _, person, call = desk
    tagged(person, call, "thanks")
    listed = person.client.get(f"/desk/calls/{call.id}/card").json["tags"]
    assert [one["title"] for one in listed] == ["Thanks", "Bus stop", "Monsoon"]


def test_nobody_tags_a_call_of_somebody_else(desk):
    house, _, call = desk
    assert house.person().order(f"/calls/{call.id}/tags", {"tag": "thanks"}).status_code == 404
