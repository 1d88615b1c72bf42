"""No order of the desk sets what its caller may not: whatever else is sent with it reaches nobody.

Every order is walked as the application has it, so that a new one is held to this by being there.
"""

import re
from uuid import uuid4

import pytest

from ivr.gateway import Dial, Ring
from tests.fakes import PUBLIC_URL
from tests.staff.staff_stage import House, house

pytestmark = [pytest.mark.promise, pytest.mark.database]
__all__ = ["house"]

EVIL = "evil"
URL, NUMBER, SID = f"https://{EVIL}.example/x", f"+1520{EVIL}", f"CA{EVIL}"
FIELDS = {
    **dict.fromkeys(("HoldUrl", "hold_url", "AnnounceUrl", "WaitUrl", "Url", "url", "Twiml"), URL),
    **dict.fromkeys(("To", "From", "to", "from_number", "CallerId", "number_by_hand"), NUMBER),
    **dict.fromkeys(
        ("CallSidToCoach", "call_sid", "conference_sid", "room", "Label", "label"), SID
    ),
    **dict.fromkeys(("staff_id", "identity", "role", "approved_by", "is_approved"), EVIL),
    **dict.fromkeys(("Status", "state_of", "ring_seconds", "phase", "leave_commanded_at"), EVIL),
    **dict.fromkeys(("Hold", "Muted", "Coaching", "EndConferenceOnExit", "Beep"), True),
}
KNOWN = {
    "presence": {"state": "break"},
    "hold": {"on": True, "reason": "looking_up"},
    "emergency": {"escalation_id": "1" * 32},
    "referrals": {"referral_id": "2" * 32, "destination": "water"},
    "page": {"page": "3" * 32},
    "dispatcher": {"is_there": False},
}
"""What an order needs so that it does something; without it, it is refused, which is right too."""
DOES = {"hold", "emergency", "referrals", "hang-up"}
"""Orders that certainly ask something of the telephone company in this walk."""


def orders(house: House) -> list[str]:
    """The address of every order of the desk, its ids left open."""
    rules = house.app.url_map.iter_rules()
    return sorted(
        re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)
        for rule in rules
        if rule.rule.startswith("/desk/") and "POST" in rule.methods
    )


def named(order: str) -> str:
    return order.rsplit("/", 1)[-1]


def at(order: str, call_id: str) -> str:
    """The order about this call; every other id is nobody's."""
    address = order.replace("<call_id>", call_id).removeprefix("/desk")
    return re.sub(r"<[^>]+>", "0" * 32, address)


def is_ours(argument: object, known: set[object]) -> bool:
    """Whether something that went to the telephone company is of our own making."""
    if isinstance(argument, Dial):
        return argument.conference_callback.startswith(PUBLIC_URL)
    if isinstance(argument, Ring):
        return argument.document.startswith(PUBLIC_URL)
    text = str(argument)
    return argument in known or text.startswith((PUBLIC_URL, "staff-", "psap-", "refer-", "room-"))


def test_nothing_but_the_known_fields_of_an_order_reaches_the_telephone_company(house: House):
    did = set()
    assert len(orders(house)) > 25
    for order in orders(house):
        person = house.person()
        call = house.in_room(person.staff_id)
        house.gateway.asked.clear()
        answer = person.order(at(order, call.id), {**FIELDS, **KNOWN.get(named(order), {})})
        assert answer.status_code < 500, f"{order}: {answer.text}"
        assert EVIL not in repr(house.gateway.asked), f"{order}: {house.gateway.asked}"
        known = {None, call.call_sid, call.conference_sid, 900}
        for method, arguments in house.gateway.asked:
            did.add(named(order))
            assert all(is_ours(each, known) for each in arguments), f"{order}: {method} {arguments}"
    assert did >= DOES


def test_no_order_touches_the_call_of_somebody_else(house: House):
    owner = house.person()
    call = house.in_room(owner.staff_id)
    stranger = house.person()
    for order in orders(house):
        if "<call_id>" not in order:
            continue
        told = {**FIELDS, **KNOWN.get(named(order), {}), "switch_id": uuid4().hex}
        answer = stranger.order(at(order, call.id), told)
        assert answer.status_code in {404, 422}, f"{order}: {answer.status}"
        assert house.gateway.asked == [], order
