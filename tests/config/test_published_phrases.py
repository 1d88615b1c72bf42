"""Published phrases reach the next utterance in every process, and a roll-back takes them away."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from calltaker.authoring import documents, publishing
from calltaker.authoring.first import Document, publish_first
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.publishing import Approved
from config.published import Published, Snapshot
from models.states import EmergencyLevel, Language, PublicationKind
from tests.fakes import StandingClock
from tests.rules.tucson_pack import PACK, tucson

pytestmark = pytest.mark.database

SUBJECT = Subject(PublicationKind.PHRASES, "phrases")
CANOPY = "the canopy walk let go with my class on it"
ADDED = {
    "key": "phrases",
    "phrases": [
        {
            "language": "en",
            "level": "emergency",
            "words": ["canopy walk .. let go"],
            "why": "missed in July",
            "examples": [CANOPY],
        }
    ],
}


@pytest.fixture
def publish(sessions) -> Callable[[str], None]:
    """Publish the pack's own phrases first, then hand out a way to publish more."""
    clock = StandingClock()
    text = (Path(PACK) / "first/phrases.yaml").read_text("utf-8")
    with sessions() as session:
        publish_first(
            session, [Document(SUBJECT.kind, SUBJECT.key, text)], clock(), lambda: uuid4().hex
        )
        session.commit()

    def put(text: str) -> None:
        clock.pass_by(1)
        approved, doing = Approved(text, "a" * 32, "why"), Doing("b" * 32, clock())
        with sessions() as session:
            publishing.lock(session, SUBJECT)
            publishing.publish(session, SUBJECT, approved, doing, lambda: uuid4().hex)
            session.commit()

    return put


@pytest.fixture
def process(sessions) -> Callable[[], Published]:
    """Another process of the line, as it starts."""
    pack = tucson()
    start = Snapshot(pack.hours, pack.destinations, signs=pack.signs)
    return lambda: Published(sessions, start, StandingClock())


def level(published: Published, text: str = CANOPY) -> EmergencyLevel:
    return published.emergency(text, Language.EN).level


def test_phrases_reach_the_next_utterance_in_every_process_and_a_roll_back_takes_them_away(
    sessions, publish, process
):
    here, there = process(), process()
    here.refresh()
    assert level(here) is EmergencyLevel.NONE
    publish(documents.text_of(ADDED))
    for one in (here, there):
        one.refresh()
        assert level(one) is EmergencyLevel.EMERGENCY
    with sessions() as session:
        publishing.roll_back(session, SUBJECT, 1, "back", Doing("c" * 32, StandingClock()()))
        session.commit()
    for one in (here, there):
        one.refresh()
        assert level(one) is EmergencyLevel.NONE


def test_before_anything_was_read_the_packs_own_signs_are_heard(process):
    assert level(process(), "my dad can't breathe") is EmergencyLevel.EMERGENCY


@pytest.mark.parametrize("broken", ["{}", "phrases: [", "phrases: [no map]"])
def test_broken_phrases_leave_the_last_good_ones(publish, process, broken: str):
    here = process()
    publish(documents.text_of(ADDED))
    here.refresh()
    publish(broken)
    here.refresh()
    assert level(here) is EmergencyLevel.EMERGENCY
    fresh = process()
    fresh.refresh()
    assert level(fresh, "my dad can't breathe") is EmergencyLevel.EMERGENCY
