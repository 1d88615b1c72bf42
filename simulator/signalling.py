"""Serves the real `@twilio/voice-sdk` (2.18.5) by its signalling protocol on `WS /signal`.

The protocol is internal to the SDK and undocumented; what is here was read from its source and is held by a contract test.
Text frames of JSON `{type, version, payload}`. The server keeps the connection alive with a lone newline, which the SDK
answers with one; the server answers none, or the two would never stop. `caption` is the simulator's own message: what the
others say, and what is typed into the box that `/shim.js` adds. Knows softphones and legs; knows no TwiML.
"""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import WSMsgType, web

from simulator.errors import TokenError
from simulator.legs import Heard, Leg, What
from simulator.media import MediaLine
from simulator.ports import SoftphoneExchange
from simulator.tokens import VoiceGrant

VERSION = "1.6"
HEARTBEAT_SECONDS = 5.0  # the SDK gives up after 15 s without a frame
# The SDK knows an access token's faults by these codes of the signalling, and turns them into 20151, 20101, 20104.
SIGNALLING_CODES = {20151: 31201, 20101: 31204, 20104: 31205}
BAD_REQUEST = 31400
PLACE = {"edge": "local", "region": "local", "home": "local"}

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Line:
    """One call of a browser: its media, and its leg once there is one.

    `sdp` is the answer that the SDK waits for; `is_given_up`: hung up at the browser before there was a leg.
    """

    media: MediaLine
    leg: Leg | None = None
    sdp: str = ""
    is_incoming: bool = False
    is_accepted: bool = False
    is_given_up: bool = False


class BrowserSoftphone:
    """One connected browser: plays the exchange's `Softphone` role on one side, the SDK's server on the other."""

    def __init__(self, exchange: SoftphoneExchange) -> None:
        self._exchange = exchange
        self._grant: VoiceGrant | None = None
        self._is_registered = False
        # By CallSid, and for an outgoing call also by the name that the SDK gave it before it had one.
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.outbox: asyncio.Queue[str] = asyncio.Queue()

    # What the exchange asks of a softphone

    @property
    def grant(self) -> VoiceGrant:
        """The verified token."""
        if self._grant is None:
            raise TokenError(20101, "no token has been verified yet")
        return self._grant

    def ring(self, leg: Leg) -> None:
        """Call the browser; one that has unregistered refuses."""
        if not self._is_registered:
            self._exchange.softphone_hung_up(leg)
            return
        line = self._lines[leg.sid] = Line(MediaLine(), leg, is_incoming=True)
        self._start(self._invite(line, leg))

    def answered(self, leg: Leg) -> None:
        """Open the call: for the SDK the echo of its own answer, or the answer to its invitation."""
        line = self._lines.get(leg.sid)
        if line is not None:
            line.is_accepted = True
            self._send("answer", callsid=leg.sid, sdp=line.sdp)

    def hangup(self, leg: Leg) -> None:
        """End the call at the browser; one that it has not accepted yet is cancelled, as the SDK wants it."""
        line = self._lines.get(leg.sid)
        if line is None:
            return
        is_ringing_here = line.is_incoming and not line.is_accepted
        self._send("cancel" if is_ringing_here else "hangup", callsid=leg.sid)
        self._start(self._forget(line))

    def heard(self, leg: Leg, heard: Heard) -> None:
        """Ring in the ear, and send words as captions."""
        line = self._lines.get(leg.sid)
        if line is None:
            return
        line.media.tone.is_ringing = heard.what is What.RING
        if heard.what in (What.CAPTION, What.SAY, What.KEYS) and heard.text:
            speaker = heard.speaker or "The line"
            self._send(
                "caption",
                callsid=leg.sid,
                text=heard.text,
                language=heard.language,
                **{"from": speaker},
            )

    def message(self, leg: Leg, content: str) -> None:
        """Hand over a message of the product to its page."""
        self._send(
            "message",
            callsid=leg.sid,
            content=json.loads(content),
            contenttype="application/json",
            messagetype="user-defined-message",
            voiceeventsid="KX" + secrets.token_hex(16),
        )

    # What the browser sends

    def receive(self, text: str) -> None:
        """Take one frame; a frame that makes no sense is answered by an error, not by the end of the connection."""
        if not text.strip():
            return  # the SDK's answer to our heartbeat
        try:
            message = json.loads(text)
            self._take(str(message["type"]), message.get("payload") or {})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("signalling_message_refused", exc_info=error)
            self._error(BAD_REQUEST, f"the message cannot be understood: {type(error).__name__}")

    def _take(self, kind: str, payload: Mapping[str, Any]) -> None:
        match kind:
            case "listen":
                self._listen(str(payload["token"]))
            case "register":
                self._register(payload.get("media") or {})
            case "invite":
                self._start(self._connect(payload))
            case "message":
                event = payload.get("voiceeventsid")
                self._send(
                    "ack", acktype="message", callsid=payload["callsid"], voiceeventsid=event
                )
            case _:
                self._take_of_call(kind, payload)

    def _take_of_call(self, kind: str, payload: Mapping[str, Any]) -> None:
        line = self._lines.get(str(payload.get("callsid")))
        if line is None:
            return  # it has crossed our own hang-up
        if line.leg is None:
            line.is_given_up = line.is_given_up or kind == "hangup"
            return
        match kind:
            case "answer":
                self._start(self._accept(line, line.leg, str(payload["sdp"])))
            case "hangup" | "reject":
                self._exchange.softphone_hung_up(line.leg)
            case "dtmf":
                self._exchange.softphone_pressed(line.leg, str(payload["dtmf"]))
            case "caption":
                self._exchange.softphone_said(line.leg, str(payload["text"]))

    def _listen(self, token: str) -> None:
        """Verify a token: the first one, or a fresh one for the same connection."""
        try:
            self._grant = self._exchange.verify_softphone(token)
        except TokenError as error:
            self._error(SIGNALLING_CODES.get(error.code, SIGNALLING_CODES[20101]), str(error))
            return
        ttl = max(0, int(self._grant.expires_at - time.time()))
        self._send("connected", token={"identity": self._grant.identity, "ttl": ttl}, **PLACE)

    def _register(self, media: Mapping[str, Any]) -> None:
        if self._grant is None:
            self._error(SIGNALLING_CODES[20101], "register came before a good token")
            return
        self._is_registered = bool(media.get("audio"))
        if self._is_registered:
            self._exchange.register_softphone(self)
        self._send("ready" if self._is_registered else "offline")

    async def _connect(self, payload: Mapping[str, Any]) -> None:
        """An outgoing call: answer the media, then call the TwiML App with the page's parameters."""
        if self._grant is None:
            self._error(SIGNALLING_CODES[20101], "invite came before a good token")
            return
        asked_as = str(payload["callsid"])
        line = self._lines[asked_as] = Line(MediaLine())
        try:
            line.sdp = await line.media.answer(str(payload["sdp"]))
        except ValueError as error:
            self._send(
                "hangup", callsid=asked_as, error={"code": BAD_REQUEST, "message": str(error)}
            )
            line.is_given_up = True
        if line.is_given_up:
            await self._forget(line)
        else:
            self._call_app(line, str((payload.get("twilio") or {}).get("params") or ""))

    def _call_app(self, line: Line, params: str) -> None:
        leg = line.leg = self._exchange.connect_softphone(
            self, dict(parse_qsl(params, keep_blank_values=True))
        )
        self._lines[leg.sid] = line
        self._send("ringing", callsid=leg.sid)
        # What the exchange said before it had told us the leg:
        if leg.is_live:
            self.answered(leg)
        elif leg.is_over:
            self.hangup(leg)

    async def _invite(self, line: Line, leg: Leg) -> None:
        """An incoming call: offer the media, with who calls and the custom parameters."""
        offer = await line.media.offer()
        parameters = {
            "From": leg.from_,
            "To": leg.to,
            "CallSid": leg.sid,
            "AccountSid": leg.account.sid,
        }
        if not leg.is_over:
            self._send(
                "invite",
                callsid=leg.sid,
                sdp=offer,
                parameters=parameters | {"Params": urlencode(leg.fields)},
            )

    async def _accept(self, line: Line, leg: Leg, sdp: str) -> None:
        try:
            await line.media.accepted(sdp)
        except ValueError as error:
            self._error(BAD_REQUEST, str(error))
            self._exchange.softphone_hung_up(leg)
            return
        line.sdp = sdp
        self._exchange.softphone_answered(leg)

    async def _forget(self, line: Line) -> None:
        for name in [name for name, other in self._lines.items() if other is line]:
            del self._lines[name]
        await line.media.close()

    def _send(self, kind: str, **payload: Any) -> None:
        self.outbox.put_nowait(json.dumps({"type": kind, "version": VERSION, "payload": payload}))

    def _error(self, code: int, message: str) -> None:
        self._send("error", error={"code": code, "message": message})

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("signalling_task_failed", exc_info=error)
            self._error(BAD_REQUEST, f"the call failed: {type(error).__name__}")

    async def close(self) -> None:
        """The connection is gone, and with it every call of this browser."""
        if self._grant is not None:
            self._exchange.unregister_softphone(self)
        for line in set(self._lines.values()):
            await self._forget(line)
        for task in tuple(self._tasks):
            with suppress(asyncio.CancelledError):
                await task


def add_routes(app: web.Application, exchange: SoftphoneExchange) -> None:
    """Serve the signalling at `/signal`."""

    async def signal(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        softphone = BrowserSoftphone(exchange)
        sending = asyncio.create_task(_send_all(socket, softphone.outbox))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    softphone.receive(frame.data)
        finally:
            sending.cancel()
            await softphone.close()
        return socket

    app.router.add_get("/signal", signal)


async def _send_all(socket: web.WebSocketResponse, outbox: asyncio.Queue[str]) -> None:
    """Send messages in their order, and a newline whenever there was none for a while."""
    while not socket.closed:
        try:
            text = await asyncio.wait_for(outbox.get(), HEARTBEAT_SECONDS)
        except TimeoutError:
            text = "\n"
        with suppress(ConnectionError):
            await socket.send_str(text)
