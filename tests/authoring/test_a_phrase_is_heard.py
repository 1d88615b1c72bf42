"""A phrase that two supervisors publish is heard by the line: in new calls, and in those under way."""

from pathlib import Path
from uuid import uuid4

import pytest

from models.states import Role
from tests.authoring.authoring_stage import Editor
from tests.authoring.product_stage import secure, standing
from tests.doors.telephone import Twilio
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

API = "/menus/api/phrases/phrases"
CANOPY = "the canopy walk let go with my class on it"
CONNECTS = "Connecting you to 911"
ADDED = {
    "language": "en",
    "level": "emergency",
    "words": ["canopy walk .. let go"],
    "why": "missed in July",
    "examples": [CANOPY],
}


@pytest.fixture
def house(database_url: str, tmp_path: Path):
    with standing(database_url, tmp_path) as stood:
        yield stood


class Caller:
    """Somebody who has chosen English and is asked what they need."""

    def __init__(self, house: House) -> None:
        self.twilio = Twilio(house.app)
        self.sid = "CA" + uuid4().hex
        self.sent("/voice/incoming", CallStatus="ringing")
        self.sent(f"/voice/t/{self.sid}/1", Digits="1")

    def says(self, words: str) -> str:
        return self.sent(f"/voice/t/{self.sid}/2", SpeechResult=words, Confidence="0.9")

    def sent(self, path: str, **more: str) -> str:
        call = {"CallSid": self.sid, "From": "+15205550142", "To": "+15205550100"}
        return self.twilio.post(path, {**call, "Direction": "inbound", **more}).text


def test_a_phrase_is_heard_once_a_second_supervisor_approved_it_and_not_after_the_roll_back(
    house: House,
):
    writer, second = (secure(house, Editor(house.person(Role.SUPERVISOR))) for _ in range(2))
    under_way = Caller(house)
    assert CONNECTS not in Caller(house).says(CANOPY)

    document = {"key": "phrases", "phrases": [ADDED]}
    assert writer.save(document, API).status_code == 200
    assert writer.propose(API).status_code == 200
    house.runtime.menus.refresh()
    assert CONNECTS not in Caller(house).says(CANOPY), "a proposal is not heard"

    assert second.approve(API).status_code == 200
    house.runtime.menus.refresh()
    assert CONNECTS in Caller(house).says(CANOPY)
    assert CONNECTS in under_way.says(CANOPY)

    assert second.post(f"{API}/roll-back", {"version": 1, "reason": "too soon"}).status_code == 200
    house.runtime.menus.refresh()
    assert CONNECTS not in Caller(house).says(CANOPY)
