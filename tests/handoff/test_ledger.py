"""The ledger: both sides' names, every handoff with its times, and the incident drawn over time."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from calltaker.handoff import duties, lanes, ledger, story
from calltaker.handoff.lanes import LABEL, WIDTH
from calltaker.handoff.pages import handoff_pages
from calltaker.handoff.story import Lane, Mark, Span, Story
from models.states import EscalationCause, Role
from tests.handoff.conftest import made_key
from tests.handoff.handoff_samples import BEGAN, at
from tests.staff.staff_stage import House, open_door

INCIDENTS = "/handoff/v1/incidents"


@pytest.fixture
def handed(centre):
    """A transfer that 911 read, acknowledged, took and completed."""
    caller, staff_id = centre.known_caller()
    escalation = centre.escalate(caller, EscalationCause.RED_BUTTON, staff_id)
    duties.run_due(centre.exchange)
    centre.psap(escalation, 1, "ringing")
    centre.runtime.clock.pass_by(3)
    centre.psap_answers(caller, escalation)
    sha = centre.ask(f"{INCIDENTS}/{escalation}").headers["Packet-Sha256"]
    now = centre.now.isoformat()
    urn = "urn:emergency:uid:incidentid:0123456789ab:911.tucsonaz.example"
    body = {"status": "received", "packet_sha256": sha, "has_caller": True, "at": now}
    centre.say(f"{INCIDENTS}/{escalation}/acknowledgement", {**body, "incident": urn})
    duties.run_due(centre.exchange)
    centre.say(f"{INCIDENTS}/{escalation}/completion", {"outcome": "accepted", "at": now})
    return caller, staff_id, escalation


@pytest.fixture
def house(centre, tmp_path):
    app = open_door(centre.runtime, tmp_path)
    app.register_blueprint(handoff_pages(centre.exchange))
    return House(app, centre.runtime)


@pytest.mark.database
def test_the_row_of_a_handoff_holds_both_sides_and_every_moment(centre, handed):
    _, _, escalation = handed
    with centre.runtime.sessions() as session:
        handoff = ledger.of_call(session, centre.escalation(escalation).call_id)[0]
        row = story.row_of(centre.exchange, session, handoff)
    assert row.their_incident_urn.endswith("911.tucsonaz.example")
    assert row.our_incident_urn.endswith("311.tucsonaz.example")
    moments = [row.requested_at, row.dialled_at, row.answered_at, row.accepted_at]
    assert moments == sorted(moments)
    assert (row.target_number_id, row.attempt, row.outcome) == ("city-911", 1, "accepted")
    assert row.packet_version == 2
    assert row.acknowledged_at is not None
    assert row.completed_at is not None


@pytest.mark.database
def test_the_page_draws_the_incident_and_says_the_same_in_a_table(centre, handed, house):
    caller, _, _ = handed
    person = house.person(Role.SUPERVISOR)
    found = person.client.get(f"/handoffs/of/{caller.call_id}", follow_redirects=True)
    assert found.status_code == 200
    drawn = re.search(r"<svg.*?</svg>", found.text, re.DOTALL).group(0)
    ET.fromstring(drawn)
    for words in (
        "city-911",
        "acknowledged the packet",
        "911 has the caller",
        "Caller",
        "accepted",
    ):
        assert words in found.text
    assert "huele" not in found.text
    assert "5550142" not in found.text
    assert "to 911" in person.client.get("/handoffs").text


@pytest.mark.database
def test_the_sheet_is_for_who_has_the_call_and_every_showing_is_kept(centre, handed, house):
    _, staff_id, escalation = handed
    path = f"/handoffs/{escalation}/sheet"
    own = house.signed_in(staff_id).client.get(path)
    assert "huele a gas" in own.text
    code = re.search(r"/handoff/page/([0-9A-HJKMNP-TV-Z]{10})", own.text).group(1)
    assert "huele a gas" in centre.door.get(f"/handoff/page/{code}").text
    assert house.person(Role.CALL_TAKER).client.get(path).status_code == 404
    assert house.person(Role.AUDITOR).client.get(path).status_code == 403
    assert house.person(Role.CALL_TAKER).client.get("/handoffs").status_code == 403
    assert centre.facts_of(escalation).count("packet_read") == 3


@pytest.mark.database
def test_a_packet_that_nobody_acknowledges_is_told_to_a_supervisor_once(centre):
    key = centre.agencies.agencies
    key["city-911"] = replace(key["city-911"], address="http://127.0.0.1:9")
    centre.exchange = replace(centre.exchange, own_key=made_key())
    caller, staff_id = centre.known_caller()
    escalation = centre.escalate(caller, EscalationCause.RED_BUTTON, staff_id)
    duties.run_due(centre.exchange)
    assert centre.facts_of(escalation) == ["packet_saved"], "no door of another's is waited for"
    duties.speak_due(centre.exchange)
    assert "packet_unsent" in centre.facts_of(escalation)
    centre.runtime.clock.pass_by(16)
    for _ in range(8):
        duties.run_due(centre.exchange)
        duties.speak_due(centre.exchange)
    facts = centre.facts_of(escalation)
    assert facts.count("unacknowledged") == 1
    assert facts.count("packet_unsent") == 5
    assert len(centre.dialled()) == 1


@pytest.mark.rules
def test_the_picture_keeps_everything_within_its_frame_and_in_its_lane():
    told = Story(
        incident_id="a" * 32,
        begun_at=BEGAN,
        spans=(
            Span(Lane.CALLER, "on the telephone", BEGAN, at(120)),
            Span(Lane.PSAP, "city-911: ringing", at(41), at(44)),
            Span(Lane.PSAP, "city-911", at(44), None),
        ),
        marks=(
            Mark(Lane.LINE_311, at(41), "911 asked for", "line"),
            *(Mark(Lane.PSAP, at(120), f"word {n}", "911") for n in range(5)),
        ),
        rows=(),
    )
    picture = lanes.draw(told, BEGAN + timedelta(hours=9))
    assert [name for name, _ in picture.lanes] == ["Caller", "311", "911"]
    for bar in picture.bars:
        assert LABEL <= bar.x <= bar.x + bar.width <= WIDTH
    assert [bar.kind for bar in picture.bars] == ["there", "waiting", "there"]
    assert picture.bars[1].y == picture.bars[2].y > picture.bars[0].y
    assert picture.dots[0].words == "+0:41 911 asked for"
    assert 2 <= len(picture.ticks) <= 12
    at_the_end = [dot.x for dot in picture.dots[1:]]
    assert all(later - one >= 18 for one, later in pairwise(at_the_end))
    assert max(at_the_end) <= WIDTH
