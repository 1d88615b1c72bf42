"""The packet says what is known, whole and valid, for one receiver."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.handoff import pidf, rendering, validation
from calltaker.handoff.agencies import Right
from calltaker.handoff.known import PlaceKnown
from calltaker.handoff.packet import essence_of
from tests.handoff.handoff_samples import (
    AGENCIES,
    BEGAN,
    CITY_911,
    CONTACTS,
    FIRE,
    WHOLE,
    document,
    ground,
)

pytestmark = pytest.mark.rules


@pytest.mark.parametrize("name", CONTACTS)
def test_the_packet_of_every_contact_is_valid_by_the_rules(name):
    known = CONTACTS[name]
    we_own = known.handoff is None or known.handoff.accepted_at is None
    assert validation.check(document(known, we_own=we_own), ground(first=we_own)) == ()


def test_a_better_number_stands_beside_the_shown_one_or_in_its_place():
    [shown] = document(CONTACTS["a better number"])["callbackComponent"]
    assert shown["callBackInformationUri"] == ["tel:+15205550142"]
    assert shown["updatedCbn"]["updatedCbnIdentifierUri"] == "tel:+15205550143"
    known = replace(WHOLE, number="", number_presentation="withheld", better_number="+15205550143")
    [alone] = document(known)["callbackComponent"]
    assert alone["callBackInformationUri"] == ["tel:+15205550143"]
    assert "updatedCbn" not in alone
    assert validation.check(document(known), ground()) == ()


def notes_of(packet):
    return "\n".join(note["notesActionComments"] for note in packet["notesComponent"])


def test_it_carries_what_911_asks_first():
    packet = document()
    incident = packet["incidentComponent"]
    assert packet["eidoVersion"] == "1.0"
    assert incident["incidentTypeCommonRegistryText"] == "GASLEAKI"
    assert incident["incidentTypeInternalCode"] == "GAS-1"
    assert (incident["incidentPriorityInternalText"], incident["incidentCommonPriorityNumber"]) == (
        "emergency",
        9,
    )
    assert packet["callbackComponent"][0]["callBackInformationUri"] == ["tel:+15205550142"]
    civic = pidf.read(packet["locationComponent"][0]["locationByValue"])
    assert civic.text.startswith("255 W Alameda Street")
    point = pidf.read(packet["locationComponent"][1]["locationByValue"]).point
    assert (point.latitude, point.longitude, point.radius_metres) == (32.22174, -110.97476, 25)
    assert packet["callComponent"][0]["answerDate"] == "2026-03-02T19:00:08.000+00:00"


def test_answers_are_notes_with_their_times_below_the_protocol_and_its_version():
    text = notes_of(document())
    lines = "protocol gas_smell v3\n+00:21 Is the smell inside? Yes\n+00:40 Is anyone dizzy or sick? Yes"
    assert lines in text
    assert "language: Spanish" in text
    assert "+00:41 asked for 911 because of: the answers to the protocol" in text


def test_what_is_unknown_is_said_with_its_reason():
    text = notes_of(document(CONTACTS["9 pressed, nothing known"]))
    assert "location unknown: the caller has not said where" in text
    assert "call-back number unknown: withheld" in text


def test_a_corner_is_a_point_with_both_streets():
    place = document(CONTACTS["a corner"])["locationComponent"]
    assert len(place) == 1
    streets = [pidf.read(each).civic["RD"] for each in place[0]["intersectingStreetByValue"]]
    assert streets == ["Speedway", "Campbell"]
    assert pidf.read(place[0]["locationByValue"]).point is not None


def test_the_same_part_has_the_same_name_in_every_update():
    before, after = document(), document(CONTACTS["911 has the caller"], we_own=False)
    names = [{part["$id"] for part in packet["locationComponent"]} for packet in (before, after)]
    assert names[0] == names[1]
    assert before["$id"] == after["$id"]
    assert after["agencyComponent"][0]["incidentOwningAgencyIndicator"] is False


def test_names_do_not_come_from_the_telephone_number():
    changed = document(replace(WHOLE, number="+15205550177"))
    assert {p["$id"] for p in changed["personComponent"]} == {
        p["$id"] for p in document()["personComponent"]
    }
    assert "5205550142" not in json.dumps(changed)


RIGHTS = [
    # right left out      what must not be in the packet
    (Right.NUMBER, "+15205550142"),
    (Right.WORDS, "huele a gas"),
    (Right.ANSWERS, "Is the smell inside?"),
    (Right.NOTES, "Gate code"),
]


@pytest.mark.parametrize(("right", "secret"), RIGHTS)
def test_what_the_receiver_has_no_right_to_is_not_in_it(right, secret):
    receiver = replace(CITY_911, rights=CITY_911.rights - {right})
    packet = document(receiver=receiver)
    assert secret not in json.dumps(packet, ensure_ascii=False)
    assert secret in json.dumps(document(), ensure_ascii=False)
    assert validation.check(packet, ground(receiver)) == ()


def test_details_of_health_need_their_own_right():
    found = replace(WHOLE.protocol.determinant, common_code="SICK")
    known = replace(WHOLE, protocol=replace(WHOLE.protocol, determinant=found))
    receiver = replace(CITY_911, rights=CITY_911.rights - {Right.HEALTH})
    packet = json.dumps(document(known, receiver), ensure_ascii=False)
    assert "dizzy" not in packet
    assert "huele" not in packet
    assert "255" in packet


def test_a_danger_chosen_makes_answers_about_health_no_less_private():
    found = replace(WHOLE.protocol.determinant, common_code="SICK", level="urgent")
    known = replace(WHOLE, protocol=replace(WHOLE.protocol, determinant=found), danger=FIRE)
    receiver = replace(CITY_911, rights=CITY_911.rights - {Right.HEALTH})
    assert "dizzy" not in json.dumps(document(known, receiver), ensure_ascii=False)
    assert "dizzy" in json.dumps(document(known), ensure_ascii=False)


@pytest.mark.parametrize(
    ("level", "told"), [("routine", "Fire or smoke"), ("emergency", "Gas inside")]
)
def test_a_danger_chosen_counts_before_anything_less(level, told):
    found = replace(WHOLE.protocol.determinant, level=level)
    known = replace(WHOLE, protocol=replace(WHOLE.protocol, determinant=found), danger=FIRE)
    assert known.determinant.title.startswith(told)
    assert replace(known, protocol=None).determinant == FIRE
    assert replace(known, danger=None).determinant == found
    packet = json.dumps(document(replace(WHOLE, protocol=None, danger=FIRE)))
    assert "Fire or smoke" in packet
    assert "red_flag_fire_smoke" in packet


def test_a_packet_that_tells_too_much_is_stopped_by_its_rule():
    poorer = replace(CITY_911, rights=frozenset())
    rules = {finding.rule for finding in validation.check(document(), ground(poorer))}
    assert rules == {"V16"}


def test_only_what_is_said_makes_a_new_version_not_the_time():
    one = document()
    other = document(replace(WHOLE, notes_at=WHOLE.notes_at + timedelta(seconds=3)))
    assert one != other
    assert essence_of(one) == essence_of(other)
    assert essence_of(one) != essence_of(document(replace(WHOLE, notes="Another dog.")))


texts = st.text(max_size=60)
places = st.builds(
    PlaceKnown,
    text=texts.filter(lambda text: text.strip(" \t\r\n") and any(each > " " for each in text)),
    number=st.sampled_from(["", "255"]),
    street=st.sampled_from(["", "Alameda", "Ñ & <Co>"]),
    cross_street=st.sampled_from(["", "Campbell"]),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    uncertainty_metres=st.none() | st.floats(1, 5000),
)


@given(
    words=st.lists(texts, max_size=3),
    notes=texts,
    place=st.none() | places,
    number=st.sampled_from(["", "+15205550142"]),
    answered=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_caller_says_the_packet_is_valid(words, notes, place, number, answered):
    known = replace(
        WHOLE,
        words=tuple(words),
        notes=notes,
        place=place,
        number=number,
        call_taker=WHOLE.call_taker if answered else None,
    )
    found = validation.check(document(known), ground())
    assert [each for each in found if each.blocks] == []


def test_moments_are_counted_from_the_beginning_of_the_call():
    rendered = rendering.render(
        replace(WHOLE, started_at=BEGAN - timedelta(minutes=61)), AGENCIES, CITY_911, we_own=True
    )
    assert any("+61:21 Is the smell inside?" in note.text for note in rendered.notes)
