"""The sound of a softphone's leg: a ringing tone until the leg is answered, silence afterwards.

One browser's media connection, answered or offered by aiortc. What the browser sends is received and thrown away; what
people say to each other travels as captions. Knows nothing of calls.
"""

import fractions
import math
from array import array
from typing import Any, cast

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole
from aiortc.mediastreams import AudioStreamTrack
from av import AudioFrame

RATE = 8000
FRAME_SAMPLES = RATE // 50
RING_SECONDS, PAUSE_SECONDS = 2, 4
LOUDNESS = 2500


def _ringing_cycle() -> bytes:
    """Two seconds of the North American ringing tone (440 and 480 Hz) and four of silence, 16 bit."""
    tone = (
        int(
            LOUDNESS
            * (math.sin(2 * math.pi * 440 * n / RATE) + math.sin(2 * math.pi * 480 * n / RATE))
        )
        for n in range(RATE * RING_SECONDS)
    )
    return array("h", tone).tobytes() + bytes(2 * RATE * PAUSE_SECONDS)


RINGING = _ringing_cycle()


class LineTone(AudioStreamTrack):
    """What the line sounds like: ringing while `is_ringing`, else silence."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ringing = False
        self._samples = 0

    async def recv(self) -> AudioFrame:
        """The next fiftieth of a second; the base class keeps the time."""
        frame = cast(AudioFrame, await super().recv())
        if self.is_ringing:
            start = 2 * self._samples % len(RINGING)
            frame.planes[0].update(RINGING[start : start + 2 * FRAME_SAMPLES])
        self._samples += FRAME_SAMPLES
        frame.time_base = fractions.Fraction(1, RATE)
        return frame


class MediaLine:
    """The media connection of one leg with one browser."""

    def __init__(self) -> None:
        self._connection: Any = RTCPeerConnection()
        self._sink = MediaBlackhole()
        self.tone = LineTone()
        # Received sound must be read, or it would pile up.
        self._connection.on("track", self._sink.addTrack)

    async def answer(self, offer_sdp: str) -> str:
        """Take the browser's offer; returns our answer (SDP).

        Raises:
            ValueError: The offer is no usable SDP.
        """
        await self._connection.setRemoteDescription(RTCSessionDescription(offer_sdp, "offer"))
        self._connection.addTrack(self.tone)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        await self._sink.start()
        return str(self._connection.localDescription.sdp)

    async def offer(self) -> str:
        """Make our offer (SDP) for a call to the browser."""
        self._connection.addTrack(self.tone)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def accepted(self, answer_sdp: str) -> None:
        """The browser answered our offer."""
        await self._connection.setRemoteDescription(RTCSessionDescription(answer_sdp, "answer"))
        await self._sink.start()

    async def close(self) -> None:
        """End the connection; safe to call twice."""
        await self._sink.stop()
        await self._connection.close()
