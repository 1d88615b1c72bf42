"""One dial: what is tried again, what is not, and never twice."""

import pytest

from ivr.errors import (
    AlreadyEndedError,
    GatewayError,
    GatewayTimeout,
    LabelInUseError,
    NotAllowedError,
)
from ivr.psap_dial import PAUSES, Order, Refused, Ringing, ring
from tests.fakes import FakeGateway

pytestmark = pytest.mark.rules

ORDER = Order(
    room_name="room-1",
    conference_sid="CF1",
    to="+15205550191",
    label="psap-e-1",
    ring_seconds=25,
    line_number="+15205550100",
    conference_callback="https://311.example.test/events",
    leg_callback="https://311.example.test/leg",
    caller_number="+15205550142",
    call_token="token",
)
BROKEN = GatewayError("broken", None, 500)
CASES = [
    # failures                                          shown, in order             pauses  rings
    ([], ["caller"], 0, True),
    ([GatewayError("number", 21210, 400)], ["caller", "line"], 0, True),
    ([GatewayError("number", 21212, 422)], ["caller", "line"], 0, True),
    ([GatewayError("gone", 20404, 404)], ["caller", "caller"], 1, True),
    ([GatewayError("slow down", 20429, 429)], ["caller", "caller"], 1, True),
    ([AlreadyEndedError("over", 20404, 404)], ["caller", "caller"], 1, True),
    ([BROKEN], ["caller", "caller"], 1, True),
    ([BROKEN] * 3, ["caller"] * 4, 3, True),
    ([BROKEN] * 4, ["caller"] * 4, 3, False),
    ([GatewayTimeout("no answer")], ["caller", "caller"], 1, True),
    ([GatewayError("number", 21210, 400)] * 2, ["caller", "line"], 0, False),
    ([NotAllowedError("not ours")], ["caller"], 0, False),
    ([LabelInUseError("in use", 16026, 400)], ["caller"], 0, True),
]


@pytest.mark.parametrize(("failures", "shown", "pauses", "rings"), CASES)
def test_what_is_tried_again_and_what_is_shown(failures, shown, pauses, rings):
    gateway, waited = FakeGateway(), []
    gateway.fail("dial_into_room", *failures)
    outcome = ring(gateway, ORDER, waited.append)
    names = {ORDER.caller_number: "caller", ORDER.line_number: "line"}
    assert [names[dial.from_number] for (dial,) in gateway.of("dial_into_room")] == shown
    assert waited == list(PAUSES[:pauses])
    assert isinstance(outcome, Ringing if rings else Refused)


def test_the_pauses_fit_into_five_seconds():
    assert sum(PAUSES) < 5


def test_a_token_is_only_shown_with_the_callers_number():
    gateway = FakeGateway()
    gateway.fail("dial_into_room", GatewayError("number", 21210, 400))
    ring(gateway, ORDER, lambda seconds: None)
    assert [dial.call_token for (dial,) in gateway.of("dial_into_room")] == ["token", None]


def test_every_leg_enters_by_the_rooms_name():
    gateway = FakeGateway()
    ring(gateway, ORDER, lambda seconds: None)
    assert [dial.room for (dial,) in gateway.of("dial_into_room")] == ["room-1"]


def test_after_no_answer_the_label_is_looked_up_first_and_found_it_is_the_leg():
    gateway = FakeGateway()
    gateway.fail("dial_into_room", GatewayTimeout("no answer"))
    gateway.labels["CF1", "psap-e-1"] = "CA1"
    assert ring(gateway, ORDER, lambda seconds: None) == Ringing("CA1", None, number_shown=True)
    assert [name for name, _ in gateway.asked] == ["dial_into_room", "find_in_room"]


def test_a_look_up_that_fails_too_leaves_the_label_to_refuse_a_second_dial():
    gateway = FakeGateway()
    gateway.fail("dial_into_room", GatewayTimeout("no answer"))
    gateway.fail("find_in_room", GatewayTimeout("no answer"))
    outcome = ring(gateway, ORDER, lambda seconds: None)
    assert isinstance(outcome, Ringing)
    labels = {dial.label for (dial,) in gateway.of("dial_into_room")}
    assert labels == {"psap-e-1"}
