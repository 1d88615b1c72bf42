"""The other end of the desk's telephone: takes the real softphone's signalling and answers its media with silence."""

import asyncio
import json
from typing import Any

from aiohttp import web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

TEST_SECONDS = 3.5
keys: list[str] = []
"""What was pressed, on whichever line."""
_lines: dict[str, tuple[web.WebSocketResponse, RTCPeerConnection]] = {}


async def answer_telephone(socket: web.WebSocketResponse, text: str) -> None:
    """Answer one message of the softphone's signalling."""
    if not text.strip():
        await socket.send_str("\n")
        return
    message = json.loads(text)
    payload = message.get("payload", {})
    match message["type"]:
        case "listen":
            await _send(socket, "connected", token="t", edge="local", region="local", home="local")
        case "register":
            await _send(socket, "ready")
        case "invite":
            sdp = await _media(socket, payload["callsid"], payload["sdp"])
            await _send(socket, "answer", callsid=payload["callsid"], sdp=sdp)
            if "offer=" not in (payload.get("twilio") or {}).get("params", ""):
                asyncio.get_running_loop().create_task(_end_test(payload["callsid"]))
        case "dtmf":
            keys.append(payload["dtmf"])
        case "hangup":
            if line := _lines.pop(payload["callsid"], None):
                await line[1].close()


async def hang_up() -> None:
    """End every call from this side."""
    for call_sid, (socket, line) in list(_lines.items()):
        del _lines[call_sid]
        if not socket.closed:
            await _send(socket, "hangup", callsid=call_sid)
        await line.close()


async def _end_test(call_sid: str) -> None:
    """A call that names no offer is the softphone's own test: the line puts it down after a while."""
    await asyncio.sleep(TEST_SECONDS)
    if line := _lines.pop(call_sid, None):
        await _send(line[0], "hangup", callsid=call_sid)
        await line[1].close()


async def _send(socket: web.WebSocketResponse, kind: str, **payload: Any) -> None:
    await socket.send_str(json.dumps({"type": kind, "version": "1.6", "payload": payload}))


async def _media(socket: web.WebSocketResponse, call_sid: str, offer: str) -> str:
    line = RTCPeerConnection()
    _lines[call_sid] = (socket, line)
    await line.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    line.addTrack(AudioStreamTrack())
    await line.setLocalDescription(await line.createAnswer())
    return line.localDescription.sdp
