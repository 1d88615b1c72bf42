"""A link by text message: who may be texted one, what it takes and what it never takes."""

import json
import math
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from calltaker.handoff.gathering import Sources, gather
from calltaker.intake import location_links
from calltaker.intake.here_words import WORDS
from calltaker.intake.published import PublishedProtocols
from ivr import record
from ivr.jobs import send_text
from models.call import PLACE, Call
from models.journal import JournalEntry
from models.location_link import LocationLink
from models.states import CallPhase, Language, NumberPresentation, Origin
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

GOOD = {"latitude": 32.2217, "longitude": -110.9265, "accuracy": 12.4}
HTML = {"Accept": "text/html"}


class Caller:
    """A caller in the room with their call-taker, and the telephone that gets the text."""

    def __init__(self, house: House, **changes) -> None:
        self.house = house
        self.person = house.person()
        self.call = house.in_room(self.person.staff_id, **changes)
        self.phone = house.app.test_client()

    def text(self):
        return self.person.order(f"/calls/{self.call.id}/location-link")

    def link(self) -> str:
        """The path of the newest link, from the text message as it goes out."""
        assert self.text().status_code == 200
        newest = self.links()[-1]
        send_text(self.house.runtime, newest.text_message_id)
        _, words = self.house.gateway.of("send_text")[-1]
        return re.search(r"https://311\.example\.test(/here/[\w-]{22}) ", words).group(1)

    def links(self) -> list[LocationLink]:
        rows = self.house.rows(LocationLink, LocationLink.call_id == self.call.id)
        return sorted(rows, key=lambda row: row.made_at)

    def tells(self, path: str, body=None, **raw):
        page = self.phone.get(path, headers=HTML).text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        headers = {"X-CSRFToken": found.group(1)}
        sent = raw or {"json": GOOD if body is None else body}
        return self.phone.post(path, headers=headers, **sent)

    def place(self) -> dict | None:
        row = self.house.rows(Call, Call.id == self.call.id)[0]
        if row.place is None:
            return None
        return json.loads(self.house.runtime.keyring.unseal(PLACE, row.id, row.place))

    def expire(self) -> None:
        with self.house.runtime.sessions() as session:
            past = record.database_now(session) - timedelta(seconds=1)
            session.execute(update(LocationLink).values(expires_at=past))
            session.commit()


@pytest.fixture
def caller(house: House) -> Caller:
    return Caller(house)


def test_the_position_becomes_the_calls_place_unconfirmed_with_its_doubt(caller):
    path = caller.link()
    answer = caller.tells(path)
    assert (answer.status_code, answer.json) == (200, {"outcome": "taken"})
    shown = caller.person.state()["call"]
    assert shown["place"] == {
        "text": "Sent by the caller's telephone (said before: 1200 East Speedway Boulevard)",
        "latitude": 32.2217,
        "longitude": -110.9265,
        "uncertainty_metres": 12.4,
        "confirmed": False,
        "jurisdiction": "tucson",
        "jurisdiction_certain": False,
        "source": "location_link",
    }
    assert shown["location_link"]["state"] == "used"
    assert caller.house.facts(caller.call.id, "location_method") == ["location_link"]
    assert caller.house.facts(caller.call.id, "clock.location_verified") == []


def test_the_desk_is_told_at_once(caller):
    path = caller.link()
    rings, before = caller.house.runtime.bell.rings, caller.person.state()["as_of_event"]
    caller.tells(path)
    assert caller.house.runtime.bell.rings == rings + 1
    assert caller.person.state()["as_of_event"] > before


def test_911_is_told_the_point_and_no_street_that_was_only_said_before(caller):
    runtime = caller.house.runtime
    sources = Sources(runtime.keyring, PublishedProtocols(), {}, "Tucson 3-1-1")
    with runtime.reading() as session:
        call = session.get(Call, caller.call.id)
        assert gather(session, sources, call, "i").place.street == "Speedway"
    caller.tells(caller.link())
    with runtime.reading() as session:
        place = gather(session, sources, session.get(Call, caller.call.id), "i").place
    assert (place.latitude, place.uncertainty_metres, place.is_confirmed) == (32.2217, 12.4, False)
    assert (place.number, place.street) == ("", "")
    assert "said before: 1200 East Speedway" in place.text


def test_confirming_makes_it_no_more_exact_and_keeps_its_source(caller):
    caller.tells(caller.link())
    place = caller.person.state()["call"]["place"]
    told = {name: place[name] for name in ("text", "latitude", "longitude")}
    confirmed = caller.person.ordered(f"/calls/{caller.call.id}/place", told)["call"]["place"]
    assert confirmed == {**place, "confirmed": True}


def test_the_text_goes_once_in_the_callers_language_and_its_word_stays_nowhere(caller):
    path = caller.link()
    to, words = caller.house.gateway.of("send_text")[0]
    assert to == "+15205550142"
    assert words.startswith("Tucson 311: para mandar su ubicación")
    word = path.rsplit("/", 1)[1]
    (link,) = caller.links()
    assert link.token is None
    assert link.token_digest == location_links.digest_of(word)
    assert link.expires_at - link.made_at == timedelta(minutes=10)
    with caller.house.runtime.reading() as session:
        kept = [entry.data for entry in session.query(JournalEntry)]
    assert word not in json.dumps(kept)


def test_a_link_that_has_expired_is_not_texted_any_more(caller):
    caller.text()
    caller.expire()
    send_text(caller.house.runtime, caller.links()[0].text_message_id)
    assert caller.house.gateway.of("send_text") == []
    assert caller.person.state()["call"]["location_link"]["state"] == "failed"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": None, "number_presentation": NumberPresentation.WITHHELD}, "withheld"),
        ({"number": None}, "withheld"),
        ({"number_presentation": NumberPresentation.CLIENT}, "no telephone number"),
        ({"number": "+18005550199"}, "takes no text messages"),
        ({"number": "+19005550199"}, "takes no text messages"),
        ({"origin": Origin.TRANSFER_IN}, "911's"),
    ],
)
def test_who_can_take_no_text_is_sent_none_and_the_desk_says_why(house, changes, reason):
    caller = Caller(house, **changes)
    assert reason in caller.person.state()["call"]["location_link"]["why_not"]
    answer = caller.text()
    assert answer.status_code == 409
    assert reason in answer.json["problem"]
    assert caller.links() == []


def test_a_call_has_three_links_and_the_newest_alone_works(caller):
    first, second, third = caller.link(), caller.link(), caller.link()
    assert caller.text().status_code == 409
    for old in (first, second):
        assert caller.phone.get(old, headers=HTML).status_code == 410
    assert caller.tells(third).status_code == 200


def test_a_call_that_was_left_or_has_ended_gets_no_link(caller):
    caller.house.leave_room(caller.call)
    assert caller.text().status_code == 409
    assert caller.links() == []


def late(caller, path):
    page = caller.phone.get("/login", headers=HTML).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    return caller.phone.post(path, json=GOOD, headers={"X-CSRFToken": token})


TOO_LATE = {
    "unknown": lambda caller, path: "/here/" + "A" * 22,
    "cut short": lambda caller, path: path[:-1],
    "longer": lambda caller, path: path + "A",
    "other case": lambda caller, path: path[:6] + path[6:].swapcase(),
    "digest": lambda caller, path: "/here/" + caller.links()[0].token_digest,
    "very long": lambda caller, path: "/here/" + "x" * 3000,
    "not a letter": lambda caller, path: "/here/%00%ff'--",
    "expired": lambda caller, path: caller.expire() or path,
    "used": lambda caller, path: caller.tells(path) and path,
    "ended": lambda caller, path: caller.house.leave_room(caller.call) or path,
}


@pytest.mark.parametrize("why", TOO_LATE)
def test_a_link_that_takes_nothing_says_the_same_whatever_the_reason(caller, why):
    path = TOO_LATE[why](caller, caller.link())
    before = caller.place()
    answer = late(caller, path)
    assert (answer.status_code, answer.json) == (410, {"outcome": "late"})
    page = caller.phone.get(path, headers=HTML)
    assert page.status_code == 410
    for language in Language:
        assert WORDS[language]["late"] in page.text
    assert caller.place() == before


def test_of_two_posts_of_one_link_the_first_is_taken(caller):
    path = caller.link()
    assert caller.tells(path).status_code == 200
    second = late(caller, path)
    assert second.json == {"outcome": "late"}
    assert caller.house.journal(caller.call.id).count("location_link_used") == 1


def test_a_link_reaches_its_own_call_and_no_other(house):
    mine, other = Caller(house), Caller(house)
    assert mine.tells(mine.link()).status_code == 200
    assert other.place() is None
    assert mine.place()["source"] == "location_link"


HOSTILE = [
    ({**GOOD, "latitude": 90.1}, 422, "unreadable"),
    ({**GOOD, "latitude": -91}, 422, "unreadable"),
    ({**GOOD, "longitude": 180.5}, 422, "unreadable"),
    ({**GOOD, "latitude": math.nan}, 422, "unreadable"),
    ({**GOOD, "longitude": math.inf}, 422, "unreadable"),
    ({**GOOD, "latitude": 10**400}, 422, "unreadable"),
    ({**GOOD, "latitude": "32.2"}, 422, "unreadable"),
    ({**GOOD, "latitude": True}, 422, "unreadable"),
    ({**GOOD, "longitude": None}, 422, "unreadable"),
    ({**GOOD, "longitude": [1]}, 422, "unreadable"),
    ({"latitude": 32.2, "longitude": -110.9}, 422, "unreadable"),
    ({**GOOD, "accuracy": -1}, 422, "unreadable"),
    ({**GOOD, "accuracy": math.nan}, 422, "unreadable"),
    ({**GOOD, "accuracy": "12"}, 422, "unreadable"),
    ({**GOOD, "accuracy": 2001}, 422, "inaccurate"),
    ({**GOOD, "accuracy": 10**400}, 422, "inaccurate"),
    ({**GOOD, "accuracy": math.inf}, 422, "inaccurate"),
    ([], 422, "unreadable"),
    ("32,-110", 422, "unreadable"),
]


@pytest.mark.parametrize(("body", "status", "outcome"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_position_is_not_taken_and_uses_nothing_up(caller, body, status, outcome):
    path = caller.link()
    answer = caller.tells(path, body)
    assert (answer.status_code, answer.json) == (status, {"outcome": outcome})
    assert caller.place() is None
    assert caller.tells(path).json == {"outcome": "taken"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ({"data": b"{"}, 422),
        ({"data": b""}, 422),
        ({"data": b"\xff\xfe"}, 422),
        ({"data": b'{"a":' * 300}, 413),
        ({"data": b"x" * 1001}, 413),
        ({"data": b"[" * 900}, 422),
    ],
)
def test_a_body_that_is_broken_or_huge_is_not_taken(caller, raw, status):
    path = caller.link()
    assert caller.tells(path, **raw).status_code == status
    assert caller.place() is None


def test_a_post_without_the_pages_token_is_not_taken(caller):
    path = caller.link()
    assert caller.phone.post(path, json=GOOD).status_code == 403
    assert caller.place() is None


def test_the_page_speaks_to_nobody_else_and_is_kept_by_nobody(caller):
    answer = caller.phone.get(caller.link(), headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r'(src|href)="(https?:|//)', answer.text)
    staff = caller.phone.get("/login", headers=HTML)
    assert "geolocation=()" in staff.headers["Permissions-Policy"]


def test_the_page_is_in_the_callers_language_and_offers_the_other(caller):
    path = caller.link()
    page = caller.phone.get(path, headers=HTML).text
    assert '<html lang="es">' in page
    assert WORDS[Language.ES]["button"] in page
    other = caller.phone.get(f"{path}?in=en", headers=HTML).text
    assert '<html lang="en">' in other
    assert '<html lang="es">' in caller.phone.get(f"{path}?in=%3Cx%3E", headers=HTML).text
    for private in ("5550142", "Speedway", "pothole", caller.call.id):
        assert private not in page


def test_both_languages_have_the_same_words():
    names = [set(WORDS[language]) for language in Language]
    assert names[0] == names[1]
    assert all("{metres}" in WORDS[language]["taken"] for language in Language)


def test_too_many_from_one_address_wait(caller, monkeypatch):
    pace = caller.house.app.extensions["here_pace"]
    monkeypatch.setattr(pace, "_most", 2)
    path = caller.link()
    assert caller.tells(path, []).status_code == 422
    answer = caller.phone.get(path, headers=HTML)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "61"
    assert WORDS[Language.ES]["busy"] in answer.text


def test_nothing_of_the_position_is_logged(caller, capsys):
    path = caller.link()
    capsys.readouterr()
    caller.tells(path)
    told = "".join(capsys.readouterr())
    with caller.house.runtime.reading() as session:
        kept = json.dumps([entry.data for entry in session.query(JournalEntry)])
    for figure in ("32.22", "110.92", "12.4"):
        assert figure not in told + kept


@pytest.mark.parametrize("phase", [phase for phase in CallPhase if phase is not CallPhase.ENDED])
def test_as_long_as_the_caller_is_there_the_link_works(caller, phase):
    path = caller.link()
    with caller.house.runtime.sessions() as session:
        session.execute(update(Call).where(Call.id == caller.call.id).values(phase=phase))
        session.commit()
    assert caller.tells(path).json == {"outcome": "taken"}
