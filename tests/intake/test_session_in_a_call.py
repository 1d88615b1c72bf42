"""What happens in a protocol besides its answers: choices by hand, jumps, leaving, resuming."""

import json
from uuid import uuid4

import pytest

from calltaker.authoring.first import Document, publish_first
from calltaker.intake import session_events
from models.call import Call
from models.intake import (
    EVENT_DETAIL,
    REQUEST_DESCRIPTION,
    SET_REASON,
    DeterminantSet,
    ProtocolAnswer,
    ProtocolEvent,
    ProtocolSession,
    ServiceRequest,
)
from models.states import (
    CallPhase,
    DeterminantSource,
    PresenceState,
    ProtocolEventKind,
    PublicationKind,
    Role,
)
from protocols.session import Answered, By, Ended, How
from tests.intake.protocol_calls import (
    ORDER,
    SMALL,
    answer,
    at_the_desk,
    begin,
    choose,
    kinds,
    story,
)
from tests.staff.staff_stage import House, open_door

pytestmark = pytest.mark.database


def test_the_words_of_rows_and_of_the_pure_session_are_the_same():
    assert {kind.value for kind in DeterminantSource} == {by.value for by in By}
    assert set(session_events.KINDS.values()) == set(ProtocolEventKind)


def test_every_question_is_stamped_once_when_shown_and_when_answered(desk):
    house, person, call = desk
    house.clock.pass_by(7)
    answer(person, call, {"danger_now": "no"})
    house.clock.pass_by(5)
    answer(person, call, {"seen": [], "danger_now": "no"})
    assert kinds(house) == ["shown", "answered", "shown", "answered", "shown", "answered"]
    shown = [row.question for row in house.rows(ProtocolEvent) if row.question]
    assert shown == ["danger_now", "seen", "width"]
    rows = sorted(house.rows(ProtocolAnswer), key=lambda row: row.id)
    waited = [(row.answered_at - row.shown_at).total_seconds() for row in rows]
    assert waited == [7, 5, 12]


def test_anybody_raises_the_level_and_an_override_needs_its_reason(desk, dialled):
    house, person, call = desk
    answer(person, call, SMALL)
    assert choose(person, call, "all_soon", "override").status_code == 409
    kept = choose(person, call, "all_soon", "override", "the school bus stops there")
    shown = kept.json["call"]["protocol"]
    assert (shown["determinant"]["id"], shown["standing_by"]) == ("all_soon", "override")
    assert shown["changes"][-1]["reason"] == "the school bus stops there"
    assert house.facts(call.id, "override") == ["nothing to all_soon"]
    assert dialled == []


def test_both_values_are_kept_and_the_reason_is_sealed(desk):
    house, person, call = desk
    answer(person, call, SMALL | {"width": 20})
    choose(person, call, "all_danger", "retriage", "she now says it is burning")
    row = house.rows(DeterminantSet)[-1]
    assert (row.determinant, row.source, row.computed) == (
        "all_danger",
        DeterminantSource.RETRIAGE,
        "all_soon",
    )
    assert b"burning" not in row.reason
    opened = house.runtime.keyring.unseal(SET_REASON, row.event_id, row.reason)
    assert opened == "she now says it is burning"
    event = house.rows(ProtocolEvent, ProtocolEvent.kind == ProtocolEventKind.RETRIAGED)[0]
    detail = json.loads(house.runtime.keyring.unseal(EVENT_DETAIL, event.event_id, event.detail))
    assert detail == {
        "determinant": "all_danger",
        "reason": "she now says it is burning",
        "role": "call_taker",
    }


def test_a_choice_of_an_emergency_dials_once_under_its_own_id(desk, dialled):
    house, person, call = desk
    for _ in range(2):
        assert choose(person, call, "all_danger").status_code == 200
    assert {ask[4] for ask in dialled} == {ORDER}
    assert kinds(house).count("retriaged") == 1


@pytest.mark.parametrize(
    ("role", "reason", "status"),
    [
        (Role.CALL_TAKER, "it is small", 403),
        (Role.SENIOR, "", 409),
        (Role.SENIOR, "it is small", 200),
        (Role.SUPERVISOR, "it is small", 200),
    ],
)
def test_only_a_senior_or_a_supervisor_lowers_and_with_a_reason(stage, role, reason, status):
    house, person, call = at_the_desk(stage, role)
    shown = answer(person, call, {"danger_now": "no", "seen": [], "width": 20})["protocol"]
    lower = next(one for one in shown["choices"] if one["id"] == "all_later")
    assert lower["lower"]
    assert (lower["why_not"] is None) == (status != 403)
    refused = choose(person, call, "all_later", "retriage", reason)
    assert refused.status_code == status
    if status == 200:
        shown = refused.json["call"]["protocol"]
        assert shown["determinant"]["id"] == "all_later"
        assert shown["computed"]["id"] == "all_soon"
    else:
        assert refused.json["problem"]
        assert "retriaged" not in kinds(house)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "guess"}, 422),
        ({"determinant": "nothing"}, 409),
        ({"reason": "x" * 2001}, 422),
        ({"reason": None}, 422),
        ({"escalation_id": "short"}, 422),
        ({"escalation_id": None}, 422),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_words(desk, dialled, changes, status):
    house, person, call = desk
    told = {"determinant": "all_soon", "kind": "override", "reason": "so", "escalation_id": ORDER}
    refused = person.order(f"/calls/{call.id}/determinant", told | changes)
    assert refused.status_code == status
    assert refused.json["problem"]
    assert (kinds(house), dialled) == (["shown"], [])


def test_going_to_another_protocol_ends_the_first_and_takes_its_answers_along(desk):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    assert person.state()["call"]["protocol"]["jumps"] == [
        {
            "protocol": "pothole",
            "title": {"en": "A pothole after all", "es": "Siempre era un bache"},
        }
    ]
    house.clock.pass_by(3)
    shown = begin(person, call, "pothole")
    assert [one["question"] for one in shown["answered"]] == ["danger_now"]
    assert shown["question"]["id"] == "crash"
    assert kinds(house)[:4] == ["shown", "answered", "shown", "ended"]
    first = next(row for row in house.rows(ProtocolSession) if row.protocol == "everything")
    with house.runtime.sessions() as session:
        events = session_events.read(session, house.runtime.keyring, first)
    assert events[-1] == Ended(3.0, How.JUMPED)
    assert story(house, call)[0] == Answered(0.0, "danger_now", "no", carried=True)


def test_an_emergency_is_not_left_for_another_protocol_while_911_is_called(desk):
    _, person, call = desk
    shown = answer(person, call, {"danger_now": "yes"})
    assert "Emergency: Danger." in shown["escalation"]["script"]["en"]
    assert "Emergencia: Peligro." in shown["escalation"]["script"]["es"]
    refused = person.order(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    assert refused.status_code == 409
    assert person.state()["call"]["protocol"]["protocol"] == "everything"


def test_leaving_early_makes_what_stands_the_outcome_and_beginning_again_goes_on(desk):
    house, person, call = desk
    answer(person, call, {"danger_now": "no", "seen": [], "width": 20})
    shown = person.ordered(f"/calls/{call.id}/protocol/leave")["call"]
    assert shown["protocol"]["ended"] == "early_exit"
    assert shown["protocol"]["question"] is None
    assert shown["protocol"]["determinant"]["final"]
    assert shown["service_request"]["category"] == "pothole"
    assert person.order(f"/calls/{call.id}/protocol/leave").status_code == 409
    told = {"question": "width", "value": 3}
    assert person.order(f"/calls/{call.id}/answers", told).status_code == 409
    again = begin(person, call)
    assert again["ended"] is None
    assert again["question"]["id"] == "where"
    assert kinds(house)[-1] == "shown"


@pytest.mark.parametrize(
    ("given", "how"),
    [
        (SMALL, How.WRAPPED_UP),
        (
            SMALL
            | {
                "where": {"text": "x", "confirmed": True},
                "since": "unknown",
                "who": "refused",
            },
            How.COMPLETED,
        ),
        ({"danger_now": "yes"}, How.EMERGENCY),
    ],
)
def test_the_wrap_up_ends_a_session_as_what_it_was(desk, dialled, given, how):
    house, person, call = desk
    answer(person, call, given)
    with house.runtime.sessions() as session:
        session.get(Call, call.id).end_commanded_at = house.clock()
        session.commit()
    house.leave_room(call)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    assert person.state()["wrap_up"]["left_open"] is None
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "information"})
    assert story(house, call)[-1].how is how
    assert house.rows(Call)[0].phase is CallPhase.ENDED


def test_a_live_protocol_that_cannot_be_read_costs_nobody_the_desk(desk):
    house, person, call = desk
    broken = Document(PublicationKind.PROTOCOL, "broken", "id: broken\nquestions: 7\n")
    with house.runtime.sessions() as session:
        publish_first(session, [broken], house.clock(), lambda: uuid4().hex)
        session.commit()
    for _ in range(2):
        listed = [one["protocol"] for one in person.state()["call"]["protocols"]]
        assert sorted(listed) == ["everything", "loose_dog", "pothole"]
    assert answer(person, call, {"danger_now": "no"})["protocol"]["question"]["id"] == "seen"


def test_another_process_resumes_the_session_exactly(desk, tmp_path, dialled):
    house, person, call = desk
    answer(person, call, SMALL | {"danger_now": "no"})
    choose(person, call, "all_soon", "override", "the school bus stops there")
    before = person.state()["call"]["protocol"]
    fresh = House(open_door(house.runtime, tmp_path), house.runtime)
    same = fresh.signed_in(person.staff_id)
    assert same.state()["call"]["protocol"] == before
    after = answer(same, call, {"where": "unknown"})["protocol"]
    assert after["question"]["id"] == "since"
    assert after["determinant"]["id"] == "all_soon"


def test_every_kind_of_answer_is_kept_as_it_was_given(desk):
    house, person, call = desk
    given = SMALL | {
        "where": {"text": "behind the school", "confirmed": False, "unverified_reason": "new road"},
        "since": {"text": "since last night", "at": "2026-03-01T21:30"},
        "who": {"name": "Maruca", "relation": "neighbor"},
    }
    shown = answer(person, call, given)
    listed = {one["question"]: one for one in shown["protocol"]["answered"]}
    assert {name: one["value"] for name, one in listed.items()} == given
    assert listed["seen"]["option_text"] == {"en": "Noise", "es": "Ruido"}
    assert listed["width"]["option_text"] == {"en": "3 feet", "es": "3 pies"}
    assert listed["where"]["told"] == "behind the school (not verified: new road)"
    assert listed["since"]["told"] == "since last night (2026-03-01 21:30)"
    assert listed["who"]["told"] == "Maruca, neighbor"
    assert listed["width"]["asked"]["unit"] == {"en": "feet", "es": "pies"}
    assert shown["protocol"]["determinant"]["final"]
    request = house.rows(ServiceRequest)[0]
    told = house.runtime.keyring.unseal(REQUEST_DESCRIPTION, request.id, request.description)
    assert told == "since last night (2026-03-01 21:30)"
    fresh = story(house, call)
    assert [event.value for event in fresh if isinstance(event, Answered)][1] == ("noise",)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("seen", ["smoke", "smoke"]),
        ("seen", ["fog"]),
        ("seen", "smoke"),
        ("seen", [["smoke"]]),
        ("width", "3"),
        ("width", 101),
        ("where", {"text": "x", "confirmed": False}),
        ("where", "x"),
        ("where", {"text": "x" * 301, "confirmed": True}),
        ("since", {"text": "x", "at": "yesterday"}),
        ("who", {}),
        ("who", {"weight": "70"}),
    ],
)
def test_an_answer_of_the_wrong_shape_is_refused_and_nothing_is_kept(desk, question, value):
    house, person, call = desk
    refused = person.order(f"/calls/{call.id}/answers", {"question": question, "value": value})
    assert refused.status_code == 422
    assert refused.json["problem"]
    assert house.rows(ProtocolAnswer) == []


def test_a_place_confirmed_in_a_protocol_is_the_calls_place(desk):
    house, person, call = desk
    where = {"text": "the alley", "latitude": 32.25, "longitude": -110.9, "confirmed": True}
    shown = answer(person, call, {"where": where})
    assert (shown["place"]["text"], shown["place"]["confirmed"]) == ("the alley", True)
    assert (shown["place"]["latitude"], shown["place"]["longitude"]) == (32.25, -110.9)
    assert house.facts(call.id, "location_method") == ["map"]


def test_a_place_that_nobody_can_verify_does_not_replace_a_better_one(desk):
    _, person, call = desk
    where = {"text": "somewhere", "confirmed": False, "unverified_reason": "does not know"}
    shown = answer(person, call, {"where": where})
    assert shown["place"]["text"] == "1200 East Speedway Boulevard"
    assert shown["place"]["confirmed"]


def test_words_typed_suggest_the_next_protocol(stage: House):
    person = stage.person()
    call = stage.in_room(person.staff_id)
    begin(person, call, "loose_dog")
    with stage.runtime.sessions() as session:
        session.get(Call, call.id).intent = "loose_dog"
        session.commit()
    shown = answer(person, call, {"dog_looks": "it sleeps in a pothole"})
    assert shown["protocols"][0]["protocol"] == "pothole"
    assert shown["protocols"][0]["suggested"]
