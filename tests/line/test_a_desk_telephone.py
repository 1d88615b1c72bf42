"""A call-taker changes over to their desk telephone and back; no caller is alone meanwhile."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from ivr import desk_telephone
from ivr.desk_telephone import SwitchRefused, Wanted
from ivr.errors import GatewayError
from ivr.rooms import NotInCallError, leave
from ivr.runtime import AtTheDesk
from models.call import Leg
from models.desk_telephone import DESK_NUMBER, DeskTelephone, TelephoneSwitch
from models.escalation import Escalation
from models.states import (
    CallPhase,
    DeskDevice,
    LegState,
    LineState,
    OfferState,
    PresenceState,
    SwitchState,
    TransferState,
)
from tests.line.conftest import sid_of

pytestmark = pytest.mark.database
DESK = "+15205550168"


class Desk:
    """One call-taker's telephones."""

    def __init__(self, stage):
        self.stage = stage

    def registers(self, staff_id, number=DESK, approved=True):
        stage = self.stage
        row = DeskTelephone(
            staff_id=staff_id,
            number=stage.runtime.keyring.seal(DESK_NUMBER, staff_id, number),
            registered_at=stage.now,
            approved_at=stage.now if approved else None,
        )
        with stage.runtime.sessions() as session:
            session.add(row)
            session.commit()

    def asks(self, caller, staff_id, device=DeskDevice.DESK_TELEPHONE):
        wanted = Wanted(uuid4().hex, staff_id, device)
        desk_telephone.switch(self.stage.runtime, caller.call_id, wanted)
        return wanted.id

    def accepts(self, staff_id):
        """A caller in the line, accepted to be taken with the desk telephone."""
        stage = self.stage
        caller = stage.ring(phase=CallPhase.LINE)
        stage.join(caller)
        offer = next(each for each in stage.offers("open") if each.staff_id == staff_id)
        stage.accept(offer.id, staff_id)
        wanted = Wanted(uuid4().hex, staff_id, DeskDevice.DESK_TELEPHONE)
        desk_telephone.take_offer(stage.runtime, offer.id, wanted)
        return caller, offer.id, wanted.id

    def rung(self):
        return [ring.to for (ring,) in self.stage.gateway.of("ring")]

    def picks_up(self, switch_id, n=1, sid=None, **fields):
        path = f"/voice/desk-telephone/{switch_id}/{n}"
        return self.stage.post(path, CallSid=sid or self.row(switch_id).call_sid, **fields)

    def reports(self, switch_id, status):
        sid = self.row(switch_id).call_sid
        path = f"/voice/desk-telephone/{switch_id}/events"
        self.stage.post(path, CallSid=sid, CallStatus=status)

    def row(self, switch_id):
        with self.stage.runtime.sessions() as session:
            return session.get(TelephoneSwitch, switch_id)

    def legs(self, staff_id):
        with self.stage.runtime.sessions() as session:
            found = session.scalars(
                select(Leg).where(Leg.staff_id == staff_id, Leg.left_at.is_(None))
            )
            return {leg.call_sid: leg for leg in found}


@pytest.fixture
def desk(stage):
    return Desk(stage)


@pytest.fixture
def talking(stage, desk):
    """A caller, a call-taker with an approved desk telephone, and their softphone's leg."""
    caller, staff_id, soft = stage.talk()
    desk.registers(staff_id)
    return caller, staff_id, soft


def test_only_the_one_enters_the_room_and_only_then_the_softphone_leaves(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    assert desk.rung() == [DESK]
    asked = desk.picks_up(switch_id)
    assert "Press 1 to take it" in asked
    assert "<Conference" not in asked
    entered = desk.picks_up(switch_id, 2, Digits="1")
    assert f'participantLabel="desk-telephone-{switch_id}"' in entered
    assert stage.gateway.of("hang_up") == []
    sid = desk.row(switch_id).call_sid
    stage.enters(caller, sid, f"desk-telephone-{switch_id}")
    assert stage.gateway.of("hang_up") == [(soft,)]
    stage.leaves(caller, soft, label="call-taker")
    stage.pass_by(5)
    assert stage.presence(staff_id) is PresenceState.ON_CALL
    assert "call_taker_lost" not in stage.journal(caller)
    assert stage.call(caller).phase is CallPhase.ROOM
    assert list(desk.legs(staff_id)) == [sid]
    assert desk.row(switch_id).state is SwitchState.TAKEN


def test_the_way_back_is_the_same_the_other_way_round(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    desk.picks_up(switch_id, 2, Digits="1")
    sid = desk.row(switch_id).call_sid
    stage.enters(caller, sid, f"desk-telephone-{switch_id}")
    stage.leaves(caller, soft, label="call-taker")
    back = desk.asks(caller, staff_id, DeskDevice.SOFTPHONE)
    assert desk.rung() == [DESK]
    new, document = stage.connect(back, staff_id, "again")
    assert f"call-taker-{back}" in document
    stage.enters(caller, new, f"call-taker-{back}")
    assert stage.gateway.of("hang_up") == [(soft,), (sid,)]
    stage.leaves(caller, sid, label="desk-telephone")
    stage.pass_by(5)
    assert list(desk.legs(staff_id)) == [new]
    assert stage.call(caller).phase is CallPhase.ROOM


def test_a_late_report_of_the_device_that_was_left_does_not_end_the_other(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    desk.picks_up(switch_id, 2, Digits="1")
    sid = desk.row(switch_id).call_sid
    stage.gateway.fail("hang_up", GatewayError("busy", 20429, 429))
    stage.enters(caller, sid, f"desk-telephone-{switch_id}")
    stage.enters(caller, soft, "call-taker")
    assert stage.gateway.of("hang_up") == [(soft,), (soft,)]
    assert set(desk.legs(staff_id)) == {soft, sid}


@pytest.mark.parametrize("pressed", [{}, {"Digits": "9"}])
def test_nothing_else_enters_and_two_sentences_are_the_last(stage, desk, talking, pressed):
    caller, staff_id, _ = talking
    switch_id = desk.asks(caller, staff_id)
    assert "<Gather" in desk.picks_up(switch_id, 2, **pressed)
    last = desk.picks_up(switch_id, 3, **pressed)
    assert "<Hangup" in last
    assert "<Gather" not in last
    assert len(desk.legs(staff_id)) == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("completed", SwitchState.UNANSWERED),
        ("failed", SwitchState.FAILED),
    ],
)
def test_a_ring_that_leads_nowhere_leaves_the_softphone_where_it_is(
    stage, desk, talking, status, state
):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    desk.reports(switch_id, status)
    assert desk.row(switch_id).state is state
    assert "no longer waiting" in desk.picks_up(switch_id, 2, Digits="1")
    assert list(desk.legs(staff_id)) == [soft]
    desk.asks(caller, staff_id)


def test_a_one_that_is_told_twice_gets_the_same_room(stage, desk, talking):
    caller, staff_id, _ = talking
    switch_id = desk.asks(caller, staff_id)
    assert desk.picks_up(switch_id, 2, Digits="1") == desk.picks_up(switch_id, 2, Digits="1")
    assert len(desk.legs(staff_id)) == 2


def test_another_leg_cannot_press_the_one(stage, desk, talking):
    caller, staff_id, _ = talking
    switch_id = desk.asks(caller, staff_id)
    text = desk.picks_up(switch_id, 2, sid_of("stranger"), Digits="1")
    assert "<Conference" not in text
    assert len(desk.legs(staff_id)) == 1


def test_a_softphone_cannot_take_somebody_elses_way(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    for who in (staff_id, stage.staff("other")):
        _, document = stage.connect(switch_id, who, f"thief-{who}")
        assert "<Conference" not in document
    assert list(desk.legs(staff_id)) == [soft]


def test_a_call_that_went_back_to_the_line_is_entered_by_nobody(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    stage.leaves(caller, soft, label="call-taker")
    stage.pass_by(3)
    assert stage.call(caller).phase is CallPhase.LINE
    assert "<Conference" not in desk.picks_up(switch_id, 2, Digits="1")


def test_the_telephone_rescues_a_call_whose_softphone_has_just_gone(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    stage.leaves(caller, soft, label="call-taker")
    assert "<Conference" in desk.picks_up(switch_id, 2, Digits="1")
    stage.enters(caller, desk.row(switch_id).call_sid, f"desk-telephone-{switch_id}")
    stage.pass_by(5)
    assert stage.call(caller).phase is CallPhase.ROOM


def test_a_desk_telephone_that_goes_without_an_order_is_a_loss(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    desk.picks_up(switch_id, 2, Digits="1")
    sid = desk.row(switch_id).call_sid
    stage.enters(caller, sid, f"desk-telephone-{switch_id}")
    stage.leaves(caller, soft, label="call-taker")
    stage.leaves(caller, sid, label="desk-telephone")
    stage.pass_by(3)
    assert "call_taker_lost" in stage.journal(caller)
    assert stage.entry(caller).first_for == staff_id


def test_an_accepted_call_is_taken_by_the_desk_telephone(stage, desk):
    staff_id = stage.staff("carla")
    desk.registers(staff_id)
    caller, offer_id, switch_id = desk.accepts(staff_id)
    stage.pass_by(20)
    assert stage.entry(caller).state is LineState.RESERVED
    text = desk.picks_up(switch_id, 2, Digits="1")
    assert f'participantLabel="call-taker-{offer_id}"' in text
    assert stage.gateway.of("redirect")[-1][0] == caller.call_sid
    stage.enters(caller)
    stage.enters(caller, desk.row(switch_id).call_sid, f"call-taker-{offer_id}")
    assert stage.entry(caller).state is LineState.TAKEN
    stage.pass_by(30)
    assert stage.call(caller).phase is CallPhase.ROOM


def test_an_accepted_call_goes_on_at_once_when_the_telephone_is_not_answered(stage, desk):
    staff_id = stage.staff("carla")
    desk.registers(staff_id)
    caller, offer_id, switch_id = desk.accepts(staff_id)
    desk.reports(switch_id, "no-answer")
    stage.pass_by(0.1)
    assert stage.entry(caller).state is LineState.WAITING
    assert [each.id for each in stage.offers(OfferState.EXPIRED)] == [offer_id]


def test_an_accepted_call_waits_no_longer_than_the_ring_and_the_one(stage, desk):
    staff_id = stage.staff("carla")
    desk.registers(staff_id)
    caller, _, _ = desk.accepts(staff_id)
    stage.pass_by(36)
    assert stage.entry(caller).state is LineState.WAITING


def test_a_refusal_of_the_telephone_company_changes_nothing(stage, desk, talking):
    caller, staff_id, soft = talking
    stage.gateway.fail("ring", GatewayError("no", 20429, 429))
    with pytest.raises(GatewayError):
        desk.asks(caller, staff_id)
    assert list(desk.legs(staff_id)) == [soft]
    desk.asks(caller, staff_id)


@pytest.mark.parametrize(
    ("number", "approved"),
    [(DESK, False), ("+15205550191", True), ("+15205550128", True), ("+15205550110", True)],
    ids=["not approved", "911", "the directory", "the staffed line"],
)
def test_no_telephone_is_rung_that_is_not_approved_or_somebody_elses(stage, desk, number, approved):
    caller, staff_id, _ = stage.talk()
    desk.registers(staff_id, number, approved)
    with pytest.raises(SwitchRefused, match="not_approved"):
        desk.asks(caller, staff_id)
    assert desk.rung() == []


def test_the_hours_rings_have_an_end(stage, desk, talking):
    caller, staff_id, _ = talking
    object.__setattr__(stage.runtime.city, "at_the_desk", AtTheDesk(rings_an_hour=2))
    for _ in range(2):
        desk.reports(desk.asks(caller, staff_id), "busy")
    with pytest.raises(SwitchRefused, match="too_often"):
        desk.asks(caller, staff_id)


def test_nothing_is_rung_while_911_is_being_dialled(stage, desk, talking):
    caller, staff_id, _ = talking
    escalation_id = stage.escalate(caller)
    with pytest.raises(SwitchRefused, match="911_dials"):
        desk.asks(caller, staff_id)
    stage.psap(escalation_id, 1, "ringing")
    desk.asks(caller, staff_id)
    assert desk.rung() == [DESK]


def test_there_is_one_way_at_a_time_and_none_to_where_one_is(stage, desk, talking):
    caller, staff_id, _ = talking
    with pytest.raises(SwitchRefused, match="is_there"):
        desk.asks(caller, staff_id, DeskDevice.SOFTPHONE)
    desk.asks(caller, staff_id)
    with pytest.raises(SwitchRefused, match="is_on_the_way"):
        desk.asks(caller, staff_id)
    with pytest.raises(NotInCallError):
        desk.asks(caller, stage.staff("other"))


def test_leaving_takes_every_device_of_the_call_taker_out(stage, desk, talking):
    caller, staff_id, soft = talking
    switch_id = desk.asks(caller, staff_id)
    desk.picks_up(switch_id, 2, Digits="1")
    escalation_id = stage.escalate(caller)
    stage.psap_answers(caller, escalation_id)
    stage.pass_by(25)
    with stage.runtime.sessions() as session:
        session.get(Escalation, escalation_id).state = TransferState.ACCEPTED
        session.commit()
    leave(stage.runtime, caller.call_id, staff_id)
    taken_out = {sid for _, sid in stage.gateway.of("remove")}
    assert taken_out == {soft, desk.row(switch_id).call_sid}
    assert all(leg.leave_commanded_at for leg in desk.legs(staff_id).values())
    assert all(leg.state is not LegState.LEFT for leg in desk.legs(staff_id).values())
