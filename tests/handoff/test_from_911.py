"""A caller whom 911 hands to us: known before the voice, never asked twice, never left waiting."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from calltaker.handoff import duties, story
from ivr.turns import opening
from ivr.turns.caller import Caller, Ringing
from models.call import CALLER_NUMBER, PLACE
from models.handoff import Handoff, HandoffPacket
from models.intake import ProtocolAnswer, ProtocolSession
from models.states import (
    CallPhase,
    EscalationCause,
    NumberPresentation,
    Origin,
    PriorityClass,
    Role,
)
from tests.fakes import OneMenu
from tests.handoff.conftest import Centre
from tests.handoff.handoff_samples import CITY_911, WHOLE, from_911
from tests.line.conftest import sid_of
from tests.staff.staff_stage import House, open_door

pytestmark = pytest.mark.database

INCIDENTS = "/handoff/v1/incidents"
TRUNK = CITY_911.trunks[0]
SECRET = "a-secret-of-24-characters"


@pytest.fixture
def runtime(runtime):
    city = replace(runtime.city, trunks={TRUNK: "city-911"}, trunk_header=SECRET)
    return replace(runtime, city=city, menus=OneMenu(None))


@pytest.fixture
def centre(runtime):
    return Centre(runtime)


def rings(centre, word="trunk", number="+15205550142", dialled=TRUNK, header=""):
    """A call on 911's trunk, opened and in the line as its document orders."""
    ringing = Ringing(
        call_sid=sid_of(word),
        caller_number=number,
        presentation=NumberPresentation.GIVEN,
        dialled_number=dialled,
        trunk_header=header,
    )
    opening.open_call(centre.runtime, ringing)
    return Caller.of(ringing.call_sid)


def alone(packet):
    """The packet of a caller whose dispatcher has left the line."""
    packet = json.loads(json.dumps(packet))
    for call in packet["callComponent"]:
        call.pop("agentReference", None)
    return packet


def in_of(centre, caller):
    with centre.runtime.sessions() as session:
        return session.scalar(select(Handoff).where(Handoff.call_id == caller.call_id))


def opened(centre, caller, column, name):
    call = centre.call(caller)
    return centre.runtime.keyring.unseal(column, call.id, getattr(call, name))


def test_a_call_on_the_trunk_skips_the_menu_and_stands_before_ordinary_calls(centre):
    for word, dialled, header in (("a", TRUNK, ""), ("b", "+15205550100", SECRET)):
        caller = rings(centre, word, dialled=dialled, header=header)
        assert centre.call(caller).origin is Origin.TRANSFER_IN
        assert centre.entry(caller).priority is PriorityClass.FROM_911
    for header in ("", SECRET[:-1], SECRET + "x", "ñ"):
        caller = rings(centre, f"c{header}", dialled="+15205550100", header=header)
        assert centre.call(caller).origin is Origin.LINE_311


def test_the_call_finds_its_packet_and_the_place_is_put_in_to_be_verified(centre):
    said = centre.say(INCIDENTS, from_911()).get_json()
    caller = rings(centre)
    duties.run_due(centre.exchange)
    row = in_of(centre, caller)
    assert row.id == said["handoff_id"]
    assert "claimed" in centre.facts_of(row.id)
    place = json.loads(opened(centre, caller, PLACE, "place"))
    assert place["text"] == WHOLE.place.text
    assert place["confirmed"] is False
    assert round(place["latitude"], 3) == 32.222


def test_the_call_back_number_is_the_packets_where_the_trunk_shows_its_own(centre):
    centre.say(INCIDENTS, from_911())
    caller = rings(centre, number="+15205550199")
    duties.run_due(centre.exchange)
    assert opened(centre, caller, CALLER_NUMBER, "caller_number") == "+15205550142"


def test_of_two_announced_the_number_decides_and_else_nobody_guesses(centre):
    first = centre.say(INCIDENTS, from_911()).get_json()["handoff_id"]
    other = replace(WHOLE, incident_id="e" * 32, number="+15205550177")
    centre.say(INCIDENTS, from_911(other))
    known, unknown = rings(centre, "a"), rings(centre, "b", number="+15205550188")
    duties.run_due(centre.exchange)
    assert in_of(centre, known).id == first
    assert in_of(centre, unknown).their_incident_urn is None


def test_a_call_without_a_packet_is_a_handoff_all_the_same(centre):
    caller = rings(centre)
    duties.run_due(centre.exchange)
    duties.run_due(centre.exchange)
    row = in_of(centre, caller)
    assert (row.agency, row.return_to) == ("city-911", "city-911")
    assert centre.facts_of(row.id) == ["with_dispatcher", "claimed"]


def test_an_announcement_grows_old(centre):
    centre.say(INCIDENTS, from_911())
    centre.runtime.clock.pass_by(601)
    caller = rings(centre)
    duties.run_due(centre.exchange)
    assert in_of(centre, caller).their_incident_urn is None


def test_a_caller_left_alone_and_unanswered_goes_back_to_the_line_they_came_from(centre):
    centre.agencies.agencies["city-911"] = replace(
        centre.agencies.agencies["city-911"], return_to="city-911-second"
    )
    handoff = centre.say(INCIDENTS, alone(from_911())).get_json()["handoff_id"]
    centre.staff("carla")
    rings(centre)
    duties.run_due(centre.exchange)
    centre.runtime.clock.pass_by(29)
    duties.run_due(centre.exchange)
    assert centre.dialled() == []
    centre.runtime.clock.pass_by(2)
    duties.run_due(centre.exchange)
    duties.run_due(centre.exchange)
    assert [number for number, _ in centre.dialled()] == ["+15205550192"]
    assert centre.facts_of(handoff).count("returned") == 1
    redirected = [url for _, url in centre.gateway.of("redirect")]
    assert any("/voice/" in url for url in redirected)
    with centre.runtime.sessions() as session:
        rows = session.scalars(select(Handoff).order_by(Handoff.begun_at)).all()
        assert len({row.incident_id for row in rows}) == 1
        assert [row.direction.value for row in rows] == ["in", "out"]
    assert "to and fro" in centre.news("supervisor_alert")[-1].data["why"]
    packet = centre.ask(f"{INCIDENTS}/{rows[1].id}").get_json()
    assert packet["linkComponent"][0]["incidentTrackingIdentifier"] == from_911()["$id"]


def test_with_a_dispatcher_on_the_line_nothing_returns_by_itself(centre):
    centre.say(INCIDENTS, from_911())
    rings(centre)
    duties.run_due(centre.exchange)
    centre.runtime.clock.pass_by(31)
    duties.run_due(centre.exchange)
    duties.run_due(centre.exchange)
    assert centre.dialled() == []
    alerts = [event.data["why"] for event in centre.news("supervisor_alert")]
    assert alerts == ["911 waits with its caller and nobody has answered"]
    centre.say(INCIDENTS, alone(from_911()))
    duties.run_due(centre.exchange)
    assert len(centre.dialled()) == 1


def leaves_the_wait(centre, caller):
    return "<Leave" in centre.post(f"/voice/wait/{caller.call_sid}/1", CallSid=caller.call_sid)


def test_at_an_empty_desk_a_caller_left_alone_goes_back_at_once_and_rings_no_other_line(centre):
    centre.say(INCIDENTS, alone(from_911()))
    caller = rings(centre)
    assert not leaves_the_wait(centre, caller)
    duties.run_due(centre.exchange)
    assert [number for number, _ in centre.dialled()] == ["+15205550191"]
    assert centre.call(caller).phase is CallPhase.ROOM


def test_whom_911_does_not_take_back_either_leaves_an_empty_desk_like_everybody(centre):
    centre.say(INCIDENTS, alone(from_911()))
    caller = rings(centre)
    duties.run_due(centre.exchange)
    centre.join(caller, PriorityClass.RETURNING)
    assert leaves_the_wait(centre, caller)
    assert len(centre.dialled()) == 1


def test_at_an_empty_desk_a_dispatcher_reaches_the_staffed_line_with_their_caller(centre):
    centre.say(INCIDENTS, from_911())
    caller = rings(centre)
    duties.run_due(centre.exchange)
    assert leaves_the_wait(centre, caller)
    assert centre.dialled() == []


def test_one_packet_that_opens_no_more_delays_nobody(centre):
    """Its caller too goes back; only what it said is lost."""
    centre.staff("carla")
    first = centre.say(INCIDENTS, alone(from_911())).get_json()["handoff_id"]
    other = replace(WHOLE, incident_id="e" * 32, number="+15205550177")
    centre.say(INCIDENTS, alone(from_911(other)))
    with centre.runtime.sessions() as session:
        session.execute(
            update(HandoffPacket).where(HandoffPacket.handoff_id == first).values(body=b"shut")
        )
        session.commit()
    callers = [rings(centre, "a"), rings(centre, "b", number="+15205550177")]
    duties.run_due(centre.exchange)
    assert [in_of(centre, caller).their_incident_urn is None for caller in callers] == [False] * 2
    centre.runtime.clock.pass_by(31)
    duties.run_due(centre.exchange)
    assert len(centre.dialled()) == 2


def test_a_deed_that_fails_stops_no_other(centre, monkeypatch):
    def fails(*_given):
        raise RuntimeError("a fault nobody thought of")

    monkeypatch.setattr(duties.known_answers, "fitting", fails)
    monkeypatch.setattr(duties.arrivals, "claim", fails)
    rings(centre)
    caller, staff_id = centre.known_caller("beto")
    escalation = centre.escalate(caller, EscalationCause.RED_BUTTON, staff_id)
    duties.run_due(centre.exchange)
    assert centre.facts_of(escalation) == ["packet_saved"]


def test_the_trunk_may_show_911s_own_number_and_911_calling_back_is_no_handoff(centre):
    own = centre.runtime.city.answering_points(None)[0].number
    handed = rings(centre, "a", number=own)
    back = rings(centre, "b", number=own, dialled="+15205550100")
    duties.run_due(centre.exchange)
    assert in_of(centre, handed) is not None
    assert in_of(centre, back) is None
    assert centre.call(back).origin is Origin.TRANSFER_IN


def taken(centre, caller, staff_id):
    """A call-taker has the caller in the room; returns the desk's leg."""
    centre.offer()
    offer = next(each for each in centre.offers() if each.staff_id == staff_id)
    centre.accept(offer.id, staff_id)
    desk_sid, _ = centre.connect(offer.id, staff_id)
    centre.enters(caller)
    centre.enters(caller, desk_sid, f"call-taker-{offer.id}")
    return desk_sid


def test_nobody_holds_911s_dispatcher_and_the_call_taker_says_when_they_have_left(centre, tmp_path):
    house = House(open_door(centre.runtime, tmp_path), centre.runtime)
    staff_id = centre.staff("carla")
    person = house.signed_in(staff_id)
    centre.say(INCIDENTS, from_911())
    caller = rings(centre)
    duties.run_due(centre.exchange)
    taken(centre, caller, staff_id)
    path = f"/calls/{caller.call_id}"
    refused = person.order(f"{path}/hold", {"on": True})
    assert refused.status_code == 409
    assert "dispatcher" in refused.json["problem"]
    assert centre.gateway.of("hold") == []
    told = person.ordered(f"{path}/dispatcher", {"is_there": False})
    assert told["call"]["from_911"]["dispatcher"] == "alone"
    person.ordered(f"{path}/dispatcher", {"is_there": False})
    assert centre.facts_of(in_of(centre, caller).id).count("alone") == 1
    person.ordered(f"{path}/hold", {"on": True})
    assert len(centre.gateway.of("hold")) == 1
    assert house.person(Role.CALL_TAKER).order(f"{path}/dispatcher", {}).status_code in (400, 422)
    strange = house.person(Role.CALL_TAKER).order(f"{path}/dispatcher", {"is_there": True})
    assert strange.status_code == 404


def test_a_call_of_the_line_has_no_dispatcher(centre, tmp_path):
    house = House(open_door(centre.runtime, tmp_path), centre.runtime)
    caller, staff_id, _ = centre.talk()
    answer = house.signed_in(staff_id).order(
        f"/calls/{caller.call_id}/dispatcher", {"is_there": False}
    )
    assert answer.status_code == 404
    assert answer.json["problem"] == "This call did not come from 911."


def outcome(centre, caller):
    with centre.runtime.sessions() as session:
        row = session.get(Handoff, in_of(centre, caller).id)
        return story.row_of(centre.exchange, session, row).outcome


def test_the_ledger_says_what_became_of_a_caller_without_a_packet(centre):
    staff_id = centre.staff("carla")
    answered, lost = rings(centre, "a"), rings(centre, "b")
    duties.run_due(centre.exchange)
    assert (outcome(centre, answered), outcome(centre, lost)) == (None, None)
    centre.ends(lost.call_sid)
    taken(centre, answered, staff_id)
    assert (outcome(centre, answered), outcome(centre, lost)) == ("accepted", "caller_lost")


def test_the_protocol_begins_with_what_911_knew_and_danger_is_asked_again(centre):
    centre.publish_library()
    with centre.runtime.sessions() as session:
        protocol = centre.exchange.protocols.live_one(session, "dog_bite").protocol
    plain = next(q for q in protocol.questions if not q.safety and q.options)
    danger = next(q for q in protocol.questions if q.safety and q.options)
    packet = from_911(replace(WHOLE, protocol=None))
    lines = [
        "protocol dog_bite v1",
        f"+00:21 {plain.text.en} {plain.options[0].text.en}",
        f"+00:30 {danger.text.en} {danger.options[0].text.en}",
    ]
    packet["notesComponent"][0]["notesActionComments"] = "\n".join(lines)
    centre.say(INCIDENTS, packet)
    staff_id = centre.staff("carla")
    caller = rings(centre)
    duties.run_due(centre.exchange)
    taken(centre, caller, staff_id)
    duties.run_due(centre.exchange)
    duties.run_due(centre.exchange)
    with centre.runtime.sessions() as session:
        runs = session.scalars(select(ProtocolSession)).all()
        answered = session.scalars(select(ProtocolAnswer.question)).all()
    assert [run.protocol for run in runs] == ["dog_bite"]
    assert answered == [plain.id]
    assert "answers_filled" in centre.facts_of(in_of(centre, caller).id)


def test_a_contact_that_comes_again_is_one_incident(centre):
    first = centre.say(INCIDENTS, from_911()).get_json()
    again = from_911(replace(WHOLE, incident_id="f" * 32))
    again["linkComponent"] = [
        {
            **{k: again["notesComponent"][0][k] for k in ("updatedByAgencyReference",)},
            "$id": "urn:emergency:uid:eidodatacomponent:0123456789ab:911.tucsonaz.example",
            "lastUpdateTimeStamp": again["lastUpdateTimeStamp"],
            "incidentTrackingIdentifier": first["incident"],
            "linkDirectionCode": "RELATED",
        }
    ]
    answer = centre.say(INCIDENTS, again)
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["incident"] == first["incident"]
    with centre.runtime.sessions() as session:
        assert len({row.incident_id for row in session.scalars(select(Handoff))}) == 1


def test_the_packet_is_on_every_desk_before_it_rings_and_beside_the_call_then(centre, tmp_path):
    house = House(open_door(centre.runtime, tmp_path), centre.runtime)
    staff_id = centre.staff("carla")
    person = house.signed_in(staff_id)
    centre.say(INCIDENTS, from_911())
    told = person.state()["announced"]
    assert told[0]["packet"]["type"].startswith("GASLEAKI")
    assert told[0]["packet"]["call_backs"] == ["+15205550142"]
    assert told[0]["dispatcher"] == "with_dispatcher"
    caller = rings(centre)
    duties.run_due(centre.exchange)
    assert person.state()["announced"] == []
    taken(centre, caller, staff_id)
    call = person.state()["call"]
    assert call["from_911"]["packet"]["places"][0]["description"] == WHOLE.place.text
    assert call["place"]["confirmed"] is False
