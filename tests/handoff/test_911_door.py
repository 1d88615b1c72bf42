"""911's door: who comes in, what they get, what they may say, and what bad input leaves behind."""

import json

import pytest

from calltaker.handoff import openapi, sheet, short_address, validation
from models.handoff import Handoff, HandoffPacket
from models.states import AcceptedBy, EscalationCause
from tests.handoff.handoff_samples import AGENCIES, CONTACTS, WHOLE, from_911, ground
from tests.handoff.test_validation import FAULTS, TO_US, UNREADABLE, planted

pytestmark = pytest.mark.database

INCIDENTS = "/handoff/v1/incidents"


@pytest.fixture
def escalated(centre):
    caller, staff_id = centre.known_caller()
    centre.publish_library()
    escalation = centre.escalate(caller, EscalationCause.RED_BUTTON, staff_id)
    return caller, staff_id, escalation


def test_911_reads_the_caller_who_is_on_the_line_to_them(centre, escalated):
    _, _, escalation = escalated
    answer = centre.ask(f"{INCIDENTS}/{escalation}")
    assert answer.status_code == 200
    packet = answer.get_json()
    assert validation.check(packet, ground(now=centre.now)) == ()
    assert packet["locationComponent"][0]["locationDescriptionText"].startswith("1200 East")
    assert "huele a gas" in json.dumps(packet, ensure_ascii=False)
    assert answer.headers["Packet-Version"] == "1"
    assert "packet_read" in centre.facts_of(escalation)


def test_the_packet_follows_what_becomes_known_and_stays_where_nothing_does(centre, escalated):
    caller, staff_id, escalation = escalated
    first = centre.ask(f"{INCIDENTS}/{escalation}")
    again = centre.ask(f"{INCIDENTS}/{escalation}", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    centre.answers(caller, staff_id, "gas_smell", danger_now="yes")
    newer = centre.ask(f"{INCIDENTS}/{escalation}")
    assert newer.headers["Packet-Version"] == "2"
    assert "protocol gas_smell v1" in json.dumps(newer.get_json())
    changes = centre.ask("/handoff/v1/changes?since=0").get_json()
    assert [each["packet_version"] for each in changes["changes"]] == [1, 2]
    rest = centre.ask(f"/handoff/v1/changes?since={changes['changes'][0]['position']}").get_json()
    assert [each["packet_version"] for each in rest["changes"]] == [2]


def test_every_name_of_a_handoff_leads_to_it(centre, escalated):
    _, _, escalation = escalated
    packet = centre.ask(f"{INCIDENTS}/{escalation}").get_json()
    urn = packet["$id"]
    unique = urn.split(":")[4]
    for name in (urn, unique, escalation):
        assert centre.ask(f"{INCIDENTS}/{name}").get_json()["$id"] == urn
    alias = centre.ask(f"/IncidentData/v1/references/{urn}")
    assert alias.get_data(as_text=True).endswith(f"{INCIDENTS}/{unique}")
    assert centre.ask(f"/IncidentData/v1/incidents/{urn}").status_code == 200


def test_another_agency_sees_nothing_of_it(centre, escalated):
    _, _, escalation = escalated
    assert centre.ask(f"{INCIDENTS}/{escalation}", agency="county-911").status_code == 404
    assert centre.ask("/handoff/v1/changes", agency="county-911").get_json()["changes"] == []
    body = {"status": "received", "packet_sha256": "0" * 64, "at": centre.now.isoformat()}
    path = f"{INCIDENTS}/{escalation}/acknowledgement"
    assert centre.say(path, body, agency="county-911").status_code == 404


def test_without_a_good_token_nobody_comes_in_and_is_told_why(centre):
    for words in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer a.b.c"}):
        answer = centre.door.get("/handoff/v1/changes", headers=words)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.get_json()["what_to_do"]


def test_a_key_that_is_taken_away_opens_nothing_any_more(centre):
    token = centre.token()
    assert centre.ask("/handoff/v1/changes", token=token).status_code == 200
    centre.agencies = AGENCIES
    assert centre.ask("/handoff/v1/changes", token=token).status_code == 401


def test_a_packet_from_911_is_taken_and_kept_sealed(centre):
    answer = centre.say(INCIDENTS, from_911())
    assert answer.status_code == 201
    said = answer.get_json()
    assert said["acknowledgement"]["status"] == "received"
    assert said["call_to"] == ["+15205550102"]
    row = centre.handoff(said["handoff_id"])
    assert row.their_incident_urn == from_911()["$id"]
    assert centre.facts_of(row.id) == ["announced", "packet_received", "with_dispatcher"]
    assert [event.data["handoff"] for event in centre.news("handoff_announced")] == [row.id]
    with centre.runtime.sessions() as session:
        body = session.query(HandoffPacket).one().body
    assert b"Gate code" not in body


def test_their_news_of_a_caller_of_ours_belongs_to_our_handoff(centre, escalated):
    _, _, escalation = escalated
    packet = centre.ask(f"{INCIDENTS}/{escalation}").get_json()
    theirs = "urn:emergency:uid:incidentid:0123456789ab:911.tucsonaz.example"
    body = {"outcome": "accepted", "incident": theirs, "at": centre.now.isoformat()}
    centre.say(f"{INCIDENTS}/{escalation}/completion", body)
    answer = centre.say(INCIDENTS, {**packet, "$id": theirs})
    assert (answer.status_code, answer.get_json()["handoff_id"]) == (200, escalation)
    assert centre.count(Handoff) == 1
    back = from_911()
    answer = centre.say(INCIDENTS, {**back, "$id": theirs})
    assert answer.status_code == 201
    assert answer.get_json()["incident"] == packet["$id"]


def test_the_same_packet_again_changes_nothing_and_a_newer_one_is_the_next_version(centre):
    first = centre.say(INCIDENTS, from_911()).get_json()
    again = centre.say(INCIDENTS, from_911())
    assert (again.status_code, again.get_json()) == (200, first)
    assert (centre.count(Handoff), centre.count(), centre.messages()) == (1, 1, 1)
    newer = centre.say(INCIDENTS, from_911(CONTACTS["a better number"]))
    assert newer.status_code == 200
    assert newer.get_json()["handoff_id"] == first["handoff_id"]
    assert (centre.count(Handoff), centre.count()) == (1, 2)


def test_a_token_that_brought_one_message_brings_no_other(centre):
    token = centre.token()
    assert centre.say(INCIDENTS, from_911(), token=token).status_code == 201
    assert centre.say(INCIDENTS, from_911(), token=token).status_code == 200
    other = centre.say(INCIDENTS, from_911(CONTACTS["a corner"]), token=token)
    assert other.status_code == 401
    assert centre.count() == 1


BLOCKING = [
    (path, value, rule)
    for path, value, rule in FAULTS
    if rule not in ("V12", "V16", "V04")
    and (path, rule) not in {(p, r) for p, _, r in TO_US}
    and not (rule in ("V08", "V14") and path != "incidentComponent.incidentCommonPriorityNumber")
    and not (rule == "V15" and not isinstance(value, str))
    and value != "&lt;b&gt;bold"
    and value != 0
    and "$id" not in path
    and "$ref" not in path
]


def test_hostile_packets_leave_nothing_behind(centre):
    for path, value, rule in BLOCKING:
        answer = centre.say(INCIDENTS, planted(path, value, from_911()))
        assert answer.status_code == 422, (path, rule)
        said = answer.get_json()
        assert rule in {each["rule"] for each in said["findings"]}, (path, rule)
        assert all(each["path"].startswith("$") for each in said["findings"])
    assert (centre.count(Handoff), centre.count(), centre.messages()) == (0, 0, 0)
    assert len(BLOCKING) > 30


def test_what_cannot_be_read_at_all_is_refused_with_the_reason(centre):
    for raw, _ in UNREADABLE:
        answer = centre.say(INCIDENTS, None, raw=raw)
        assert answer.status_code in (400, 413)
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["what_to_do"]
    form = centre.door.post(
        INCIDENTS, data={"a": "b"}, headers={"Authorization": f"Bearer {centre.token()}"}
    )
    assert form.status_code == 415
    assert centre.messages() == 0


def test_an_acknowledgement_names_the_packet_and_may_say_that_a_person_has_the_caller(
    centre, escalated
):
    caller, _, escalation = escalated
    sha = centre.ask(f"{INCIDENTS}/{escalation}").headers["Packet-Sha256"]
    centre.psap(escalation, 1, "ringing")
    centre.psap_answers(caller, escalation)
    body = {
        "status": "received",
        "packet_sha256": sha,
        "has_caller": True,
        "incident": "urn:emergency:uid:incidentid:0123456789ab:911.tucsonaz.example",
        "at": centre.now.isoformat(),
    }
    answer = centre.say(f"{INCIDENTS}/{escalation}/acknowledgement", body)
    assert answer.status_code == 200
    assert centre.escalation(escalation).accepted_by is AcceptedBy.ACKNOWLEDGEMENT
    assert centre.handoff(escalation).their_incident_urn == body["incident"]
    assert centre.ask(f"{INCIDENTS}/{body['incident']}").status_code == 200
    packet = centre.ask(f"{INCIDENTS}/{escalation}").get_json()
    assert packet["agencyComponent"][0]["incidentOwningAgencyIndicator"] is False


def test_an_acknowledgement_before_the_leg_is_up_accepts_nothing(centre, escalated):
    _, _, escalation = escalated
    sha = centre.ask(f"{INCIDENTS}/{escalation}").headers["Packet-Sha256"]
    body = {
        "status": "received",
        "packet_sha256": sha,
        "has_caller": True,
        "at": centre.now.isoformat(),
    }
    path = f"{INCIDENTS}/{escalation}/acknowledgement"
    assert centre.say(path, body).status_code == 200
    assert centre.escalation(escalation).accepted_at is None


def test_a_refused_packet_is_told_to_a_supervisor(centre, escalated):
    _, _, escalation = escalated
    sha = centre.ask(f"{INCIDENTS}/{escalation}").headers["Packet-Sha256"]
    body = {
        "status": "rejected",
        "packet_sha256": sha,
        "reasons": ["V11"],
        "at": centre.now.isoformat(),
    }
    path = f"{INCIDENTS}/{escalation}/acknowledgement"
    assert centre.say(path, body).status_code == 200
    assert centre.news("supervisor_alert")[-1].data["why"] == "911 refused our packet"
    assert "rejected" in centre.facts_of(escalation)


def test_a_completion_says_what_became_of_it_once(centre, escalated):
    _, _, escalation = escalated
    centre.ask(f"{INCIDENTS}/{escalation}")
    body = {
        "outcome": "accepted",
        "final_common_type": "GASLEAKI",
        "disposition": "05",
        "at": centre.now.isoformat(),
    }
    path = f"{INCIDENTS}/{escalation}/completion"
    assert centre.say(path, body).status_code == 200
    assert centre.say(path, body).status_code == 200
    assert centre.facts_of(escalation).count("completed") == 1


MESSAGES = [
    ("acknowledgement", {}, ["status", "packet_sha256", "at"]),
    ("acknowledgement", {"status": "maybe", "packet_sha256": 5, "at": "now"}, ["status", "at"]),
    (
        "acknowledgement",
        {"status": "received", "packet_sha256": "0" * 64, "at": "2026-03-02T19:00:00Z"},
        ["packet_sha256: no packet"],
    ),
    ("completion", {"outcome": [], "disposition": {}, "at": "2099-01-01T00:00:00Z"}, ["at: lies"]),
    (
        "completion",
        {"outcome": "accepted", "at": "2026-03-02T19:00:00Z", "incident": "x", "call": 4},
        ["incident", "call"],
    ),
]


def test_a_message_that_cannot_be_is_refused_with_every_fault(centre, escalated):
    _, _, escalation = escalated
    centre.ask(f"{INCIDENTS}/{escalation}")
    for kind, body, faults in MESSAGES:
        answer = centre.say(f"{INCIDENTS}/{escalation}/{kind}", body)
        assert answer.status_code == 422
        said = answer.get_json()["faults"]
        assert all(any(each.startswith(fault) for each in said) for fault in faults), said
    assert centre.messages() == 0


def test_a_message_that_cannot_be_is_refused_even_about_nothing_we_know(centre):
    answer = centre.say(f"{INCIDENTS}/{'f' * 32}/completion", {"outcome": "gone"})
    assert answer.status_code == 422
    assert {each.split(":")[0] for each in answer.get_json()["faults"]} == {"outcome", "at"}
    assert centre.messages() == 0


def test_a_completion_that_declines_dials_the_next_once(centre, escalated):
    caller, _, escalation = escalated
    body = {"outcome": "declined", "at": centre.now.isoformat()}
    path = f"{INCIDENTS}/{escalation}/completion"
    centre.ask(f"{INCIDENTS}/{escalation}")
    assert centre.say(path, body).status_code == 200
    assert len(centre.attempts(escalation)) == 1
    centre.psap_answers(caller, escalation)
    for _ in range(2):
        assert centre.say(path, {**body, "disposition": "15"}).status_code == 200
        states = [each.state.value for each in centre.attempts(escalation)]
        assert (states[0], len(states)) == ("declined", 2)


def test_a_packet_of_ours_that_breaks_a_rule_is_not_given_but_its_faults_are(centre, escalated):
    _, _, escalation = escalated
    assert centre.ask(f"{INCIDENTS}/{escalation}").status_code == 200
    with centre.runtime.sessions() as session:
        fault = {"rule": "V10", "severity": "error", "path": "$.locationComponent", "message": "x"}
        for row in session.query(HandoffPacket):
            row.findings = [fault]
        session.commit()
    answer = centre.ask(f"{INCIDENTS}/{escalation}")
    assert answer.status_code == 503
    assert answer.get_json()["findings"] == [fault]
    assert answer.content_type == "application/problem+json"


def test_a_message_about_nothing_we_know_is_kept_all_the_same(centre):
    body = {"outcome": "accepted", "at": centre.now.isoformat()}
    answer = centre.say(f"{INCIDENTS}/{'f' * 32}/completion", body)
    assert answer.status_code == 404
    assert centre.messages() == 1
    hostile = centre.say(f"{INCIDENTS}/%00%27;--/completion", body)
    assert hostile.status_code == 404
    assert centre.messages() == 1


def test_too_many_requests_wait_a_minute(centre):
    codes = {centre.ask("/handoff/v1/changes", token=centre.token()).status_code for _ in range(3)}
    assert codes == {200}
    for _ in range(237):
        centre.ask("/handoff/v1/changes")
    refused = centre.ask("/handoff/v1/changes")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert centre.ask("/handoff/v1/changes", agency="county-911").status_code == 200
    centre.runtime.clock.pass_by(61)
    assert centre.ask("/handoff/v1/changes").status_code == 200


def test_versions_are_agreed_upon(centre, escalated):
    _, _, escalation = escalated
    assert centre.door.get("/handoff/versions").get_json()["eido"] == ["1.0"]
    assert centre.door.get("/IncidentData/Versions").get_json()["versions"] == ["1"]
    path = f"{INCIDENTS}/{escalation}"
    assert centre.ask(path, Accept="text/html").status_code == 406
    assert centre.ask(path, **{"Accept-Eido-Version": "2.0"}).status_code == 406
    eido = centre.ask(path, Accept=openapi.EIDO_FORM)
    assert eido.content_type == openapi.EIDO_FORM


def test_a_short_address_shows_the_plain_page_for_a_quarter_of_an_hour(centre, escalated):
    _, _, escalation = escalated
    centre.ask(f"{INCIDENTS}/{escalation}")
    code = short_address.code_of("s" * 32, escalation, centre.now)
    page = centre.door.get(f"/handoff/page/{code.lower()}")
    assert page.status_code == 200
    assert "huele a gas" in page.get_data(as_text=True)
    assert centre.door.get("/handoff/page/AAAAAAAAAA").status_code == 404
    assert centre.door.get("/handoff/page/ñandú").status_code == 404
    centre.runtime.clock.pass_by(31 * 60)
    assert centre.door.get(f"/handoff/page/{code}").status_code == 404


def test_what_a_hostile_packet_says_is_never_markup_on_the_page(centre):
    packet = planted("notesComponent.0.notesActionComments", "<script>x()</script>", from_911())
    shown = sheet.read(packet)
    assert "<" not in " ".join(line for note in shown.notes for line in note.lines)


def test_the_document_names_every_address_and_no_other(centre):
    described = set(openapi.document("https://x.example")["paths"])
    app = centre.door.application
    served = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("handoff.")
    }
    assert served == described
    assert WHOLE.number not in json.dumps(openapi.document("https://x.example"))
