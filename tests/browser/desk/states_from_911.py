"""What the door shows of a caller whom 911 hands over: announced, and beside the call."""

from typing import Any

from tests.browser.desk import desk_states as states


def told(dispatcher: str = "with_dispatcher", *, has_packet: bool = True) -> dict[str, Any]:
    """One handoff of 911's as the desk is told of it."""
    packet = {
        "version": 1,
        "type": "GASLEAKI gas Gas smell inside (gas_smell v1)",
        "level": "urgent",
        "priority": "6",
        "places": [
            {
                "role": "CurrentIncident",
                "text": "255 W Alameda Street, Tucson, AZ 85701",
                "description": "255 West Alameda Street, second floor rear",
            }
        ],
        "call_backs": ["+15205550142"],
        "notes": ["+00:21 Do you smell it inside? Yes", "caller: <b>huele</b> a gas"],
    }
    return {
        "handoff_id": "a" * 32,
        "incident_id": "b" * 32,
        "agency": "city-911",
        "dispatcher": dispatcher,
        "answered_by_911": ["where"] if has_packet else [],
        "packet": packet if has_packet else None,
    }


def announced() -> dict[str, Any]:
    """Nothing rings yet, and 911 has said that a caller is coming."""
    return {**states.idle("available", states.busy_line()), "announced": [told()]}


def in_call(dispatcher: str = "with_dispatcher", *, has_packet: bool = True) -> dict[str, Any]:
    """The call itself."""
    desk = states.in_call(language="en")
    desk["call"]["from_911"] = told(dispatcher, has_packet=has_packet)
    return desk
