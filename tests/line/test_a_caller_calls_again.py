"""Whoever is cut off and calls again stands where they stood, once; and danger that was read is rung back."""

import pytest
from sqlalchemy import select

from ivr import record
from ivr.turns.caller import Caller
from models.call import Call
from models.call_back import EMERGENCY, CallBack
from models.contact_fields import ContactField
from models.line import LineEntry
from models.publication import Publication
from models.states import (
    Disposition,
    EmergencyLevel,
    Language,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
    PublicationKind,
    PublicationState,
)
from tests.doors.telephone import door
from tests.line.conftest import NUMBER, sid_of

pytestmark = pytest.mark.database


@pytest.fixture
def telephone(stage):
    """The whole voice door over the stage's line, with a menu to come through."""
    with stage.runtime.sessions() as session:
        session.add(
            Publication(
                id="1" * 32,
                kind=PublicationKind.MENU,
                key="menu",
                version=1,
                state=PublicationState.LIVE,
                digest="0" * 64,
                document="",
                author="city pack",
                reason="tests",
                created_at=stage.now,
                published_at=stage.now,
            )
        )
        session.commit()
    return door(stage.runtime)


class Resident:
    """Somebody at the telephone, from one number, in one call after the other."""

    def __init__(self, stage, telephone, number=NUMBER):
        self.stage, self.telephone, self.number, self.calls = stage, telephone, number, 0

    def rings(self, *pressed):
        """Ring in, and press a key at each prompt; "" is silence. Returns the last document."""
        self.calls += 1
        self.sid = sid_of(f"{self.number}-{self.calls}")
        fields = {"CallSid": self.sid, "From": self.number, "To": "+15205550100"}
        heard = self.telephone.says("/voice/incoming", **fields)
        assert "Emergency, press 9" in heard.words
        for key in pressed:
            said = {"Digits": key} if key else {}
            heard = self.telephone.says(heard.next_path, CallSid=self.sid, **said)
        return heard

    def is_cut_off(self):
        self.telephone.says("/voice/status", CallSid=self.sid, CallStatus="completed")

    def place(self):
        with self.stage.runtime.sessions() as session:
            return session.scalars(select(LineEntry).order_by(LineEntry.joined_at.desc())).first()


@pytest.fixture
def resident(stage, telephone):
    """In the line for three minutes, when the telephone dies; somebody is at the desk."""
    ana = Resident(stage, telephone)
    ana.carla = stage.staff("carla", state=PresenceState.ON_CALL)
    ana.rings("0")
    stage.runtime.clock.pass_by(180)
    ana.is_cut_off()
    stage.runtime.clock.pass_by(60)
    return ana


def test_the_greeting_and_911_come_first_then_the_place_is_theirs_again(stage, resident):
    first = resident.place()
    heard = resident.rings("2")
    assert heard.one("Enqueue").text == "line"
    assert "le guardamos su lugar" in heard.words
    again = resident.place()
    assert again.id != first.id
    assert (again.priority, again.language) == (PriorityClass.RETURNING, Language.ES)
    assert again.waiting_since == first.waiting_since
    assert again.continues_id == first.id


def test_silence_after_the_greeting_is_answered_in_the_language_of_before(resident):
    assert "we kept your place in line" in resident.rings("").words
    assert resident.place().priority is PriorityClass.RETURNING


@pytest.mark.parametrize(
    ("key", "does"), [("9", "connecting you to 911"), ("0", "taking you to a person")]
)
def test_what_the_greeting_is_answered_with_goes_before(stage, resident, key, does):
    assert does in resident.rings(key).words
    assert (len(stage.dialled()) == 1) is (key == "9")
    if key == "0":
        assert resident.place().priority is PriorityClass.RETURNING


def test_a_word_of_danger_after_the_greeting_is_asked_about_first(stage, resident):
    heard = resident.rings()
    asked = resident.telephone.says(
        heard.next_path, CallSid=resident.sid, SpeechResult="there is a fire"
    )
    assert "If nobody is in danger" in asked.words
    assert resident.place().ended_at is not None


def test_a_place_is_given_back_once_however_many_call_from_the_number(stage, telephone, resident):
    resident.rings("1")
    other = Resident(stage, telephone)
    other.calls = 7
    assert "we kept your place" not in other.rings("1").words


def test_cut_off_again_they_still_stand_where_they_stood(resident):
    since = resident.place().waiting_since
    for _ in range(2):
        assert "kept your place" in resident.rings("1").words
        resident.is_cut_off()
    assert resident.place().waiting_since == since


@pytest.mark.parametrize("number", ["anonymous", "+15205550143", "client:somebody"])
def test_nobody_else_has_the_place(stage, telephone, resident, number):
    assert "we kept your place" not in Resident(stage, telephone, number).rings("1").words


def test_after_ten_minutes_they_begin_anew(stage, resident):
    stage.runtime.clock.pass_by(541)
    assert "we kept your place" not in resident.rings("1").words
    resident.is_cut_off()


def test_with_nobody_at_the_desk_the_menu_goes_on(stage, resident):
    stage.set_presence(resident.carla, PresenceState.OFFLINE)
    assert "we kept your place" not in resident.rings("1").words


def in_a_call(stage, telephone):
    """In a call with Carla."""
    ana = Resident(stage, telephone)
    ana.carla = stage.staff("carla")
    ana.rings("0")
    (offer,) = stage.offers(OfferState.OPEN)
    stage.accept(offer.id, ana.carla)
    desk_sid, _ = stage.connect(offer.id, ana.carla)
    caller = Caller.of(ana.sid)
    stage.enters(caller)
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    return ana


@pytest.fixture
def talking(stage, telephone):
    """In a call with Carla, when the telephone dies."""
    ana = in_a_call(stage, telephone)
    stage.leaves(Caller.of(ana.sid))
    ana.is_cut_off()
    return ana


def test_cut_off_in_a_call_they_come_back_to_who_had_them(stage, talking):
    assert talking.place().state is LineState.TAKEN
    stage.runtime.clock.pass_by(30)
    assert "kept your place" in talking.rings("1").words
    again = talking.place()
    assert (again.priority, again.first_for) == (PriorityClass.RETURNING, talking.carla)
    assert again.first_for_until > stage.now


@pytest.mark.parametrize(
    ("disposition", "kept"), [(Disposition.CALLER_GONE, True), (Disposition.REPORT_TAKEN, False)]
)
def test_a_call_that_somebody_has_closed_is_over(stage, talking, disposition, kept):
    call_id = Caller.of(talking.sid).call_id
    with stage.runtime.sessions() as session:
        field = ContactField.DISPOSITION
        record.fact(session, call_id, field, stage.now, disposition.value, actor=talking.carla)
        session.commit()
    assert ("kept your place" in talking.rings("1").words) is kept


def test_a_call_that_we_ended_is_over(stage, talking):
    with stage.runtime.sessions() as session:
        session.get(Call, Caller.of(talking.sid).call_id).end_commanded_at = stage.now
        session.commit()
    assert "kept your place" not in talking.rings("1").words


# Danger was read, and nobody had spoken to them.


def tasks(stage):
    with stage.runtime.sessions() as session:
        return [row.node for row in session.scalars(select(CallBack))]


MENU, LINE = "menu", "line"
LOST = [
    # where they say it, what they say, and what they still say before they are gone
    (MENU, ["there is a fire"], [EMERGENCY]),
    (MENU, ["I smell smoke"], [EMERGENCY]),
    (MENU, ["I smell smoke", "well I do not know"], [EMERGENCY]),
    (MENU, ["I smell smoke", "no"], []),
    (MENU, ["there is a fire", "no"], []),
    (MENU, ["a pothole"], []),
    (LINE, ["there is a fire"], [EMERGENCY]),
    (LINE, ["I smell smoke"], [EMERGENCY]),
    (LINE, ["I smell smoke", "no"], []),
    (LINE, ["I smell smoke", "no", "now there is a fire"], [EMERGENCY]),
    (LINE, ["how long will it take"], []),
]


@pytest.mark.parametrize(("where", "words", "opened"), LOST)
def test_a_caller_cut_off_after_a_sign_of_danger_is_rung_back_once(
    stage, telephone, where, words, opened
):
    stage.staff("carla", state=PresenceState.ON_CALL)
    ana = Resident(stage, telephone)
    heard = ana.rings(*(["0"] if where == LINE else []))
    if where == LINE:
        heard = telephone.says(f"/voice/wait/{ana.sid}/1", CallSid=ana.sid)
    for word in words:
        if not list(heard.root.iter("Gather")):
            heard = telephone.says(f"/voice/wait/{ana.sid}/2", CallSid=ana.sid)
        heard = telephone.says(heard.next_path, CallSid=ana.sid, SpeechResult=word)
    assert stage.dialled() == []
    ana.is_cut_off()
    ana.is_cut_off()
    assert tasks(stage) == opened


def test_whom_a_call_taker_has_spoken_to_is_no_task_of_the_line(stage, telephone):
    ana = in_a_call(stage, telephone)
    with stage.runtime.sessions() as session:
        call = session.get(Call, Caller.of(ana.sid).call_id)
        call.emergency_level = EmergencyLevel.EMERGENCY
        session.commit()
    stage.leaves(Caller.of(ana.sid))
    ana.is_cut_off()
    assert tasks(stage) == []
