"""REST's Queues and Members, Recordings, Messages and IncomingPhoneNumbers."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from simulator import rest_shapes
from simulator.callbacks import Callback
from simulator.config import E164
from simulator.errors import RestError
from simulator.exchange import Exchange
from simulator.parameters import API_VERSION
from simulator.queues import Member, Queue
from simulator.recording import Recording, recording_parameters
from simulator.rest_api import Query, add_resource
from simulator.rest_calls import leg_of
from simulator.rest_form import BAD_FROM, BAD_PARAMETER, BAD_TO
from simulator.steps import GoTo
from simulator.texts import Text
from simulator.webhooks import Request

Body = Mapping[str, Any] | None
QUEUE_EXISTS, QUEUE_NOT_EMPTY, NO_BODY, NO_CALLER, TOO_LONG = 22003, 22002, 21602, 21603, 21617
LONGEST_TEXT = 1600
DELIVERY_SECONDS = 0.2


def add_routes(app: web.Application, exchange: Exchange) -> None:
    """Serve them all."""
    add_resource(app, exchange, "Queues", get=_queues, post=_make_queue)
    add_resource(
        app, exchange, "Queues/{queue}", get=_queue, post=_change_queue, delete=_remove_queue
    )
    add_resource(app, exchange, "Queues/{queue}/Members", get=_members)
    add_resource(app, exchange, "Queues/{queue}/Members/{call}", get=_member, post=_take_member)
    add_resource(app, exchange, "Calls/{call}/Recordings", get=_recordings_of_call, post=_record)
    one = {"get": _recording, "post": _change_recording, "delete": _remove_recording}
    add_resource(app, exchange, "Calls/{call}/Recordings/{recording}", **one)
    add_resource(app, exchange, "Recordings", get=_recordings)
    add_resource(app, exchange, "Recordings/{recording}", get=_recording, delete=_remove_recording)
    add_resource(app, exchange, "Messages", get=_messages, post=_send)
    add_resource(app, exchange, "Messages/{message}", get=_message)
    add_resource(app, exchange, "IncomingPhoneNumbers", get=_numbers)


def _line(query: Query) -> Queue:
    line = query.exchange.lines.find(query.account, query.names["queue"])
    if line is None:
        raise query.missing()
    return line


def _whoever(query: Query) -> Member:
    member = _line(query).member(query.names["call"])
    if member is None:
        raise query.missing()
    return member


async def _queues(query: Query) -> tuple[int, Body]:
    lines = query.exchange.lines.of(query.account)
    return 200, query.listed("queues", [rest_shapes.queue(line) for line in lines])


async def _make_queue(query: Query) -> tuple[int, Body]:
    name, lines = query.form.needed("FriendlyName"), query.exchange.lines
    if len(name) > 64:
        raise RestError(400, BAD_PARAMETER, "FriendlyName is longer than 64 characters.")
    if any(line.name == name for line in lines.of(query.account)):
        raise RestError(400, QUEUE_EXISTS, f"A queue named {name} exists already.")
    return 201, rest_shapes.queue(lines.open(query.account, name, _size(query)))


def _size(query: Query) -> int | None:
    size = query.form.text("MaxSize")
    if size is None:
        return None
    if not size.isdigit() or not 1 <= int(size) <= 5000:
        raise RestError(400, BAD_PARAMETER, "MaxSize must be from 1 to 5000.")
    return int(size)


async def _queue(query: Query) -> tuple[int, Body]:
    return 200, rest_shapes.queue(_line(query))


async def _change_queue(query: Query) -> tuple[int, Body]:
    line = _line(query)
    line.name = query.form.text("FriendlyName") or line.name
    line.max_size = _size(query) or line.max_size
    return 200, rest_shapes.queue(line)


async def _remove_queue(query: Query) -> tuple[int, Body]:
    line = _line(query)
    if line.members:
        raise RestError(400, QUEUE_NOT_EMPTY, "The queue is not empty.")
    query.exchange.lines.remove(line)
    return 204, None


async def _members(query: Query) -> tuple[int, Body]:
    rows = [rest_shapes.member(member) for member in _line(query).members]
    return 200, query.listed("queue_members", rows)


async def _member(query: Query) -> tuple[int, Body]:
    return 200, rest_shapes.member(_whoever(query))


async def _take_member(query: Query) -> tuple[int, Body]:
    member, url = _whoever(query), query.form.needed("Url")
    shown = rest_shapes.member(member)
    await query.exchange.calls.redirect(member.leg, GoTo(url, query.form.method("Method")))
    return 200, shown


def _shown(query: Query, recording: Recording) -> dict[str, Any]:
    return rest_shapes.recording(recording, query.exchange.recording_url(recording))


def _found(query: Query) -> Recording:
    sid, call = query.names["recording"], query.names.get("call")
    mine = list(query.exchange.recordings.of(query.account))
    if sid == "Twilio.CURRENT":
        mine = [one for one in mine if one.status in ("in-progress", "paused")]
        sid = mine[-1].sid if mine else ""
    for recording in mine:
        if recording.sid == sid and call in (None, recording.call_sid):
            return recording
    raise query.missing()


async def _recordings(query: Query) -> tuple[int, Body]:
    rows = [_shown(query, one) for one in query.exchange.recordings.of(query.account)]
    return 200, query.listed("recordings", rows)


async def _recordings_of_call(query: Query) -> tuple[int, Body]:
    leg = leg_of(query)
    rows = [
        _shown(query, one) for one in query.exchange.recordings.of(query.account, call_sid=leg.sid)
    ]
    return 200, query.listed("recordings", rows)


async def _record(query: Query) -> tuple[int, Body]:
    leg, exchange = leg_of(query), query.exchange
    if not leg.is_live:
        raise RestError(400, 21220, "Requested resource is not eligible for recording")
    recording = exchange.recordings.add(Recording(query.account, "StartCallRecordingAPI", leg.sid))
    url = query.form.text("RecordingStatusCallback")

    async def until_over() -> None:
        await leg.over.wait()
        recording.close()
        if url and recording.status == "completed":
            told = recording_parameters(exchange.recording_url(recording), recording)
            exchange.report(leg, "recording-completed", url, told)

    exchange.spawn(until_over())
    return 201, _shown(query, recording)


async def _recording(query: Query) -> tuple[int, Body]:
    return 200, _shown(query, _found(query))


async def _change_recording(query: Query) -> tuple[int, Body]:
    recording, status = _found(query), query.form.needed("Status")
    if status not in ("in-progress", "paused", "stopped") or recording.status == "completed":
        raise RestError(400, BAD_PARAMETER, f"The recording cannot become {status}.")
    recording.status = status
    if status == "stopped":
        recording.status = "in-progress"
        recording.close()
    return 200, _shown(query, recording)


async def _remove_recording(query: Query) -> tuple[int, Body]:
    query.exchange.recordings.remove(_found(query))
    return 204, None


async def _messages(query: Query) -> tuple[int, Body]:
    texts = query.exchange.texts.of(query.account)
    return 200, query.listed("messages", [rest_shapes.message(text) for text in texts])


async def _message(query: Query) -> tuple[int, Body]:
    for text in query.exchange.texts.of(query.account):
        if text.sid == query.names["message"]:
            return 200, rest_shapes.message(text)
    raise query.missing()


async def _send(query: Query) -> tuple[int, Body]:
    form, exchange = query.form, query.exchange
    to, from_, body = (
        form.needed("To", BAD_TO),
        form.needed("From", NO_CALLER),
        form.needed("Body", NO_BODY),
    )
    if not E164.fullmatch(to):
        raise RestError(400, BAD_TO, f"Invalid 'To' Phone Number: {to}")
    if from_ not in {number.number for number in query.account.numbers}:
        raise RestError(400, BAD_FROM, f"The 'From' number {from_} is not a number of the account.")
    if len(body) > LONGEST_TEXT:
        raise RestError(400, TOO_LONG, f"The message is longer than {LONGEST_TEXT} characters.")
    text = exchange.texts.add(Text(query.account, from_, to, body))
    exchange.spawn(_deliver(exchange, text, form.text("StatusCallback")))
    return 201, rest_shapes.message(text)


async def _deliver(exchange: Exchange, text: Text, url: str | None) -> None:
    for status in ("sent", "delivered"):
        await asyncio.sleep(DELIVERY_SECONDS / exchange.rates.timers)
        text.status, text.sent_at = status, text.sent_at or datetime.now(UTC)
        if url:
            params = {
                "MessageSid": text.sid, "SmsSid": text.sid, "MessageStatus": status, "SmsStatus": status,
                "AccountSid": text.account.sid, "From": text.from_, "To": text.to, "ApiVersion": API_VERSION,
            }  # fmt: skip
            exchange.callbacks.send(
                Callback(f"message-{status}", Request(text.account, url, params), None)
            )
    exchange.scribe.note_message(
        text.from_, text.to, {"sid": text.sid, "body": text.body, "to": text.to}
    )


async def _numbers(query: Query) -> tuple[int, Body]:
    rows = [
        {
            "account_sid": query.account.sid,
            "api_version": API_VERSION,
            "friendly_name": number.number,
            "phone_number": number.number,
            "voice_url": number.urls.voice_url,
            "voice_fallback_url": number.urls.voice_fallback_url,
            "status_callback": number.urls.status_callback,
            "voice_method": "POST",
            "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        }
        for number in query.account.numbers
    ]
    return 200, query.listed("incoming_phone_numbers", rows)
