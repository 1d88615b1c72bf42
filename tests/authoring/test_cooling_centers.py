"""The city adds cooling centers: stopped by the gate, mended, tried, approved, heard, rolled back.

The whole product on one origin, with the city pack's own menu, gate and refresher; Twilio's requests
are signed as Twilio signs them.
"""

import time
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from models.states import Role
from tests.authoring.authoring_stage import MENU, Editor
from tests.authoring.product_stage import secure, standing
from tests.doors.telephone import Twilio
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

REACHES_SECONDS = 5.0
WORDS = {
    "en": "Cooling centers are open today from noon to 6.",
    "es": "Los centros para refrescarse abren hoy de 12 a 6.",
}
CHOICE = {
    "en": " For cooling centers, press 4.",
    "es": " Para centros para refrescarse, oprima 4.",
}
KEYS = ("1", "3", "3", "4")
"""English, other topics, help, and then the new choice."""


@pytest.fixture
def house(database_url: str, tmp_path: Path):
    with standing(database_url, tmp_path) as stood:
        yield stood


class Resident:
    """A resident's telephone, as Twilio asks for it."""

    def __init__(self, house: House) -> None:
        self.twilio = Twilio(house.app)

    def hears(self, to: str = "+15205550100") -> str:
        """What a new call hears that presses the keys of the new choice."""
        sid = "CA" + uuid4().hex
        call = {"CallSid": sid, "From": "+15205550142", "To": to, "Direction": "inbound"}
        said = self.words(self.twilio.post("/voice/incoming", {**call, "CallStatus": "ringing"}))
        for step, key in enumerate(KEYS, start=1):
            said += self.words(self.twilio.post(f"/voice/t/{sid}/{step}", {**call, "Digits": key}))
        return said

    @staticmethod
    def words(answer) -> str:
        return " ".join(say.text or "" for say in ET.fromstring(answer.data).iter("Say"))

    def hears_within(self, seconds: float, words: str, *, heard: bool = True) -> bool:
        until = time.monotonic() + seconds
        while (words in self.hears()) is not heard:
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        return True


def offer(document: dict) -> None:
    """Say and take a fourth choice among the topics of help."""
    prompt = document["nodes"]["help_topics"]["prompt"]
    for text in (prompt["text"], *prompt["reprompts"]):
        for language, words in CHOICE.items():
            text[language] += words
    document["nodes"]["help_topics"]["options"].append(
        {
            "key": "4",
            "next": "cooling_centers",
            "words": {"en": ["four", "cooling"], "es": ["cuatro", "refrescarse"]},
        }
    )


def answer_like(node: dict) -> dict:
    """An answer with the same ways on as another."""
    return {**node, "text": WORDS, "text_message": WORDS}


def test_cooling_centers_go_from_a_draft_to_the_telephone_and_back(house: House):
    writer = secure(house, Editor(house.person(Role.MENU_ADMIN)))
    second = secure(house, Editor(house.person(Role.SUPERVISOR)))
    document = writer.state(MENU)["draft"]["document"]
    document["nodes"]["cooling_centers"] = {"kind": "say", "text": WORDS, "next": "cooling_centers"}
    offer(document)

    assert writer.save(document, MENU).status_code == 200
    stopped = writer.propose(MENU)
    assert stopped.status_code == 422
    about = [one for one in stopped.json["findings"] if one["where"] == "cooling_centers"]
    assert any(one["severity"] == "error" for one in about), stopped.json["findings"]

    document["nodes"]["cooling_centers"] = answer_like(document["nodes"]["other_ways_answer"])
    assert writer.save(document, MENU).status_code == 200
    examined = writer.post(f"{MENU}/check", {"document": document}).json
    errors = [one for one in examined["findings"] if one["severity"] == "error"]
    assert errors == []

    tried = writer.post(f"{MENU}/trial", {"document": document}).json
    resident = Resident(house)
    house.runtime.menus.refresh()
    assert WORDS["en"] in resident.hears(tried["number"])
    assert WORDS["en"] not in resident.hears()

    assert writer.propose(MENU).status_code == 200, "proposed"
    approved = second.approve(MENU)
    assert approved.status_code == 200, approved.text
    assert approved.json["live"]["version"] == 2
    assert resident.hears_within(REACHES_SECONDS, WORDS["en"])

    back = {"version": 1, "reason": "the heat is over"}
    assert second.post(f"{MENU}/roll-back", back).json["live"]["version"] == 1
    assert resident.hears_within(REACHES_SECONDS, WORDS["en"], heard=False)
    told = [event["what"] for event in writer.state(MENU)["events"]]
    assert told[:4] == ["rolled_back", "published", "approved", "proposed"]
