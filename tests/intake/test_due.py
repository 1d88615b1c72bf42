"""From when on a follow-up is due, by the city's own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.errors import RefusedError
from calltaker.intake.due import FARTHEST, Preset, due_at

pytestmark = pytest.mark.rules

TUCSON = "America/Phoenix"
EVENING = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
"""Half past seven in the evening of 2 March in Tucson, and already the third in UTC."""

CASES = [
    ("today", EVENING),
    ("2026-03-02", EVENING),
    ("tomorrow", datetime(2026, 3, 3, 7, tzinfo=UTC)),
    ("in_3_days", datetime(2026, 3, 5, 7, tzinfo=UTC)),
    ("2026-03-05", datetime(2026, 3, 5, 7, tzinfo=UTC)),
    ("2027-03-03", datetime(2027, 3, 3, 7, tzinfo=UTC)),
]


@pytest.mark.parametrize(("when", "due"), CASES)
def test_a_day_begins_at_the_citys_midnight_and_today_is_now(when, due):
    assert due_at(when, TUCSON, EVENING) == due


@pytest.mark.parametrize(
    "wrong",
    ["2026-03-01", "2027-03-04", "soon", "", "TODAY", "2026-02-30", "2026-03-05T10:00", "0"],
)
def test_what_is_no_day_to_come_is_refused_with_what_to_do(wrong):
    with pytest.raises(RefusedError) as refused:
        due_at(wrong, TUCSON, EVENING)
    assert refused.value.what_to_do


@settings(max_examples=60)
@given(
    st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: EVENING + timedelta(minutes=minutes)),
    st.sampled_from([*Preset]),
    st.sampled_from([TUCSON, "America/New_York", "Pacific/Kiritimati"]),
)
def test_a_preset_is_never_past_and_never_too_far(now, preset, zone):
    assert now <= due_at(preset, zone, now) < now + timedelta(days=4) < now + FARTHEST
