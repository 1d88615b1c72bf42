"""The form fields of Twilio's requests: of every document, and of a call's progress reports.

Source: Twilio's "TwiML voice request" and "Call status callback".
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from math import ceil

from simulator.legs import Direction, Leg

API_VERSION = "2010-04-01"
PLACES: Mapping[str, tuple[str, str, str]] = {
    "+1520": ("TUCSON", "AZ", "85701"),
    "+1602": ("PHOENIX", "AZ", "85003"),
}
NORTH_AMERICAN = re.compile(r"\+1\d{10}")


def call_parameters(leg: Leg) -> dict[str, str]:
    """What every request about a leg says of it, as its status is now."""
    named = {
        "CallSid": leg.sid,
        "AccountSid": leg.account.sid,
        "From": leg.from_,
        "To": leg.to,
        "Caller": leg.from_,
        "Called": leg.to,
        "CallStatus": leg.status.value,
        "ApiVersion": API_VERSION,
        "Direction": leg.direction.value,
    }
    if leg.parent_sid:
        named["ParentCallSid"] = leg.parent_sid
    return named | _places("From", leg.from_) | _places("To", leg.to)


def turn_parameters(leg: Leg) -> dict[str, str]:
    """What a request for a document says: the call, what its carrier told, and a fresh CallToken."""
    token = {"CallToken": leg.new_token()} if leg.direction is Direction.INBOUND else {}
    return dict(leg.fields) | call_parameters(leg) | token


def progress_parameters(leg: Leg, status: str, sequence: int) -> dict[str, str]:
    """What a report of a leg's progress says; durations only when it has completed."""
    named = call_parameters(leg) | {
        "CallStatus": status,
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": rfc2822(datetime.now(UTC)),
    }
    if status == "completed":
        named["CallDuration"] = str(leg.duration_seconds)
        named["Duration"] = str(max(1, ceil(leg.duration_seconds / 60)))
    if leg.sip_code:
        named["SipResponseCode"] = leg.sip_code
    return named


def rfc2822(at: datetime) -> str:
    """A time as Twilio writes it: `Tue, 31 Aug 2010 20:36:28 +0000`."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0))


def _places(side: str, number: str) -> dict[str, str]:
    if not NORTH_AMERICAN.fullmatch(number):
        return {}
    city, state, code = PLACES.get(number[:5], ("", "", ""))
    return {f"{side}City": city, f"{side}State": state, f"{side}Zip": code, f"{side}Country": "US"}
