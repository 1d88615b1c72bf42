"""Which numbers a call-taker's own telephone may have, and which of them may be rung."""

import pytest

from ivr.rules.dialling import Allowed, may_be_desk_telephone, may_ring
from ivr.rules.holding import SENTENCES, sentence_of
from models.states import HoldReason

pytestmark = pytest.mark.rules

PSAP, OWN = "+15205550191", "+15205550168"
CITY = frozenset({PSAP})
REHEARSAL = Allowed(production=False, rehearsal=frozenset({OWN}))
PRODUCTION = Allowed(production=True, rehearsal=frozenset(), directory=CITY, emergency=True)


@pytest.mark.parametrize(
    ("number", "may"),
    [
        (OWN, True),
        (PSAP, False),
        ("911", False),
        ("933", False),
        ("+1911", False),
        ("+19005550168", False),
        ("+18765550168", False),
        ("+5215555550168", False),
        ("5205550168", False),
        (f"{OWN} ", False),
        (f"{OWN},911", False),
        ("client:staff-" + "a" * 32, False),
        ("sip:911@psap.example", False),
        ("", False),
    ],
)
def test_a_desk_telephone_is_an_ordinary_number_and_never_911s(number, may):
    assert may_be_desk_telephone(number, CITY) is may
    assert may_ring(PRODUCTION, number) is may


@pytest.mark.parametrize(("number", "may"), [(OWN, True), ("+15205550199", False), ("911", False)])
def test_outside_production_only_rehearsal_numbers_are_rung(number, may):
    assert may_ring(REHEARSAL, number) is may


def test_every_reason_to_hold_has_its_own_sentence_and_none_has_the_first():
    assert len(set(SENTENCES.values())) == len(HoldReason)
    assert {sentence_of(reason.value) for reason in HoldReason} == set(SENTENCES.values())
    assert sentence_of(None) == sentence_of("music") == SENTENCES[HoldReason.LOOKING_UP]
