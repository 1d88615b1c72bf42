"""Who may be dialled: what is not written exactly as allowed is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.dialling import Allowed, is_domestic, may_dial, may_text

pytestmark = pytest.mark.rules

REHEARSAL = frozenset({"+15205550110", "+15205550191"})
DIRECTORY = frozenset(
    {"+15207914242", "sip:911@psap.example.gov", "+19005551234", "+18095551234", "+34911234567"}
)
TEST = Allowed(production=False, rehearsal=REHEARSAL, directory=DIRECTORY, emergency=True)
LIVE = Allowed(production=True, rehearsal=REHEARSAL, directory=DIRECTORY)

HOSTILE = [
    "911",
    "9-1-1",
    "+911",
    "+1911",
    "1911",
    " 911",
    "911 ",
    "911\n",
    "９１１",
    "٩١١",
    "933",
    "tel:911",
    "tel:+1-520-555-0191",
    "sip:911@example.test",
    "sip:911@psap.example.gov:5060",
    "sips:911@psap.example.gov",
    "SIP:911@psap.example.gov",
    "client:911",
    "client:resident-1",
    "client:staff-1 911",
    "client:staff-1;911",
    "client:staff-",
    "client:STAFF-1",
    "+15205550191;ext=911",
    "+15205550191,,911",
    "+1 520 555 0191",
    "+1520555019１",
    "+15205550191\n",
    "15205550191",
    "520-555-0191",
    "+19005551234",
    "+15209761234",
    "+18095551234",
    "+34911234567",
    "+882161234567",
    "00441632960000",
    "011441632960000",
    "+15205550000",
    "whatsapp:+15205550191",
    "",
]


@pytest.mark.parametrize("to", HOSTILE)
@pytest.mark.parametrize("policy", [TEST, LIVE], ids=["rehearsal", "production"])
def test_a_hostile_target_is_never_dialled(policy, to):
    assert not may_dial(policy, to)
    assert not may_text(policy, to) or policy.production


ALLOWED = [
    # policy, to, may be dialled
    (TEST, "+15205550110", True),
    (TEST, "+15205550191", True),
    (TEST, "client:staff-0f3c", True),
    (TEST, "+15207914242", False),
    (TEST, "sip:911@psap.example.gov", False),
    (TEST, "911", False),
    (LIVE, "+15207914242", True),
    (LIVE, "sip:911@psap.example.gov", True),
    (LIVE, "client:staff-0f3c", True),
    (LIVE, "+15205550191", False),
    (LIVE, "911", False),
    (replace(LIVE, emergency=True), "911", True),
    (replace(LIVE, emergency=True), "933", True),
    (replace(LIVE, emergency=True), "9-1-1", False),
]


@pytest.mark.parametrize(("policy", "to", "expected"), ALLOWED)
def test_each_place_dials_only_what_is_its_own(policy, to, expected):
    assert may_dial(policy, to) is expected


@settings(max_examples=200)
@given(st.text(max_size=30) | st.from_regex(r"\+?[0-9 ]{2,16}", fullmatch=True))
def test_outside_production_nothing_but_the_list_is_dialled(to):
    assert may_dial(TEST, to) is (to in REHEARSAL)
    assert may_text(TEST, to) is (to in REHEARSAL)


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("+15207914242", True),
        ("+19005551234", False),
        ("+15209761234", False),
        ("+18765551234", False),
        ("+15209111234", False),
        ("+12115551234", False),
        ("+11205551234", False),
        ("+442071234567", False),
        ("5207914242", False),
    ],
)
def test_premium_and_foreign_numbers_are_not_domestic(to, expected):
    assert is_domestic(to) is expected
    assert may_text(LIVE, to) is expected
