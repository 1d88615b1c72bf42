"""The JSON of REST's answers, field by field as Twilio's published description of the API has it.

Values in, plain dictionaries out; a test holds the names against `FIELDS`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from simulator.conference import Participant, Room
from simulator.legs import CallStatus, Direction, Leg
from simulator.parameters import API_VERSION, rfc2822
from simulator.queues import Member, Queue
from simulator.recording import Recording
from simulator.texts import Text

ROOT = f"/{API_VERSION}/Accounts"
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "call": frozenset(
            [
                "sid",
                "date_created",
                "date_updated",
                "parent_call_sid",
                "account_sid",
                "to",
                "to_formatted",
                "from",
                "from_formatted",
                "phone_number_sid",
                "status",
                "start_time",
                "end_time",
                "duration",
                "price",
                "price_unit",
                "direction",
                "answered_by",
                "api_version",
                "forwarded_from",
                "group_sid",
                "caller_name",
                "queue_time",
                "trunk_sid",
                "uri",
                "subresource_uris",
            ]
        ),
        "conference": frozenset(
            [
                "account_sid",
                "date_created",
                "date_updated",
                "api_version",
                "friendly_name",
                "region",
                "sid",
                "status",
                "uri",
                "subresource_uris",
                "reason_conference_ended",
                "call_sid_ending_conference",
            ]
        ),
        "participant": frozenset(
            [
                "account_sid",
                "call_sid",
                "label",
                "call_sid_to_coach",
                "coaching",
                "conference_sid",
                "date_created",
                "date_updated",
                "end_conference_on_exit",
                "muted",
                "hold",
                "start_conference_on_enter",
                "status",
                "queue_time",
                "uri",
            ]
        ),
        "queue": frozenset(
            [
                "date_updated",
                "current_size",
                "friendly_name",
                "uri",
                "account_sid",
                "average_wait_time",
                "sid",
                "date_created",
                "max_size",
            ]
        ),
        "member": frozenset(
            ["call_sid", "date_enqueued", "position", "uri", "wait_time", "queue_sid"]
        ),
        "recording": frozenset(
            [
                "account_sid",
                "api_version",
                "call_sid",
                "conference_sid",
                "date_created",
                "date_updated",
                "start_time",
                "duration",
                "sid",
                "price",
                "uri",
                "price_unit",
                "status",
                "channels",
                "source",
                "error_code",
                "encryption_details",
                "subresource_uris",
                "media_url",
            ]
        ),
        "message": frozenset(
            [
                "body",
                "num_segments",
                "direction",
                "from",
                "to",
                "date_updated",
                "price",
                "error_message",
                "uri",
                "account_sid",
                "num_media",
                "status",
                "messaging_service_sid",
                "sid",
                "date_sent",
                "date_created",
                "error_code",
                "price_unit",
                "api_version",
                "subresource_uris",
            ]
        ),
        "user_defined_message": frozenset(["account_sid", "call_sid", "sid", "date_created"]),
    }
)


def call(leg: Leg) -> dict[str, Any]:
    """A Call resource."""
    uri = f"{ROOT}/{leg.account.sid}/Calls/{leg.sid}"
    status = leg.status
    return {
        "sid": leg.sid,
        "date_created": rfc2822(leg.created_at),
        "date_updated": rfc2822(leg.ended_at or leg.answered_at or leg.created_at),
        "parent_call_sid": leg.parent_sid,
        "account_sid": leg.account.sid,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "phone_number_sid": None,
        "status": status.value,
        "start_time": _time(leg.answered_at),
        "end_time": _time(leg.ended_at),
        "duration": str(leg.duration_seconds) if status is CallStatus.COMPLETED else None,
        "price": None,
        "price_unit": "USD",
        "direction": leg.direction.value,
        "answered_by": None,
        "api_version": API_VERSION,
        "forwarded_from": leg.fields.get("ForwardedFrom")
        if leg.direction is Direction.INBOUND
        else None,
        "group_sid": None,
        "caller_name": leg.fields.get("CallerName") if leg.direction is Direction.INBOUND else None,
        "queue_time": str(round(leg.queue_seconds * 1000)),
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": _below(uri, "notifications", "recordings", "user_defined_messages"),
    }


def conference(room: Room) -> dict[str, Any]:
    """A Conference resource."""
    uri = f"{ROOT}/{room.account.sid}/Conferences/{room.sid}"
    return {
        "account_sid": room.account.sid,
        "date_created": rfc2822(room.created_at),
        "date_updated": rfc2822(room.updated_at),
        "api_version": API_VERSION,
        "friendly_name": room.name,
        "region": "us1",
        "sid": room.sid,
        "status": room.status.value,
        "uri": f"{uri}.json",
        "subresource_uris": _below(uri, "participants", "recordings"),
        "reason_conference_ended": room.ended_because.value if room.ended_because else None,
        "call_sid_ending_conference": room.ended_by.leg.sid if room.ended_by else None,
    }


def participant(one: Participant) -> dict[str, Any]:
    """A Participant resource."""
    account, room = one.leg.account.sid, one.room
    return {
        "account_sid": account,
        "call_sid": one.leg.sid,
        "label": one.label,
        "call_sid_to_coach": one.coached_sid,
        "coaching": one.coaching,
        "conference_sid": room.sid,
        "date_created": rfc2822(one.created_at),
        "date_updated": rfc2822(one.updated_at),
        "end_conference_on_exit": one.end_on_exit,
        "muted": one.muted,
        "hold": one.hold,
        "start_conference_on_enter": one.start_on_enter,
        "status": one.status.value,
        "queue_time": str(round(one.leg.queue_seconds * 1000)),
        "uri": f"{ROOT}/{account}/Conferences/{room.sid}/Participants/{one.leg.sid}.json",
    }


def queue(line: Queue) -> dict[str, Any]:
    """A Queue resource."""
    return {
        "date_updated": rfc2822(line.updated_at),
        "current_size": len(line.members),
        "friendly_name": line.name,
        "uri": f"{ROOT}/{line.account.sid}/Queues/{line.sid}.json",
        "account_sid": line.account.sid,
        "average_wait_time": line.average_seconds,
        "sid": line.sid,
        "date_created": rfc2822(line.created_at),
        "max_size": line.max_size,
    }


def member(one: Member) -> dict[str, Any]:
    """A Member resource."""
    line = one.queue
    return {
        "call_sid": one.leg.sid,
        "date_enqueued": rfc2822(one.enqueued_at),
        "position": one.position,
        "uri": f"{ROOT}/{line.account.sid}/Queues/{line.sid}/Members/{one.leg.sid}.json",
        "wait_time": one.seconds,
        "queue_sid": line.sid,
    }


def recording(one: Recording, url: str) -> dict[str, Any]:
    """A Recording resource."""
    uri = f"{ROOT}/{one.account.sid}/Recordings/{one.sid}"
    return {
        "account_sid": one.account.sid,
        "api_version": API_VERSION,
        "call_sid": one.call_sid,
        "conference_sid": one.conference_sid,
        "date_created": rfc2822(one.created_at),
        "date_updated": rfc2822(one.created_at),
        "start_time": rfc2822(one.created_at),
        "duration": str(one.seconds) if one.status == "completed" else None,
        "sid": one.sid,
        "price": None,
        "uri": f"{uri}.json",
        "price_unit": "USD",
        "status": one.status,
        "channels": one.channels,
        "source": one.source,
        "error_code": None,
        "encryption_details": None,
        "subresource_uris": _below(uri, "transcriptions"),
        "media_url": url,
    }


def message(text: Text) -> dict[str, Any]:
    """A Message resource."""
    uri = f"{ROOT}/{text.account.sid}/Messages/{text.sid}"
    return {
        "body": text.body,
        "num_segments": str(1 + max(0, len(text.body) - 1) // 153),
        "direction": "outbound-api",
        "from": text.from_,
        "to": text.to,
        "date_updated": rfc2822(text.sent_at or text.created_at),
        "price": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "account_sid": text.account.sid,
        "num_media": "0",
        "status": text.status,
        "messaging_service_sid": None,
        "sid": text.sid,
        "date_sent": _time(text.sent_at),
        "date_created": rfc2822(text.created_at),
        "error_code": None,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "subresource_uris": _below(uri, "media"),
    }


def page(
    name: str, rows: Sequence[Mapping[str, Any]], path: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """One page of a list, with Twilio's envelope; `PageSize` at most 1000, `Page` from 0."""
    size = min(max(_whole(query.get("PageSize"), 50), 1), 1000)
    number = _whole(query.get("Page"), 0)
    first = number * size
    shown = rows[first : first + size]

    def address(which: int) -> str:
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': which})}"

    return {
        name: list(shown),
        "first_page_uri": address(0),
        "next_page_uri": address(number + 1) if first + size < len(rows) else None,
        "previous_page_uri": address(number - 1) if number else None,
        "uri": address(number),
        "page": number,
        "page_size": size,
        "start": first if shown else 0,
        "end": first + len(shown) - 1 if shown else 0,
    }


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default


def _time(at: datetime | None) -> str | None:
    return rfc2822(at) if at else None


def _below(uri: str, *names: str) -> dict[str, str]:
    return {
        name: f"{uri}/{''.join(word.title() for word in name.split('_'))}.json" for name in names
    }
