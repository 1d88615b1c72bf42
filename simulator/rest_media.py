"""The sound of a recording: `Recordings/RE....wav`. No sound is kept, so a tone of its length stands in."""

import io
import math
import struct
import wave

from aiohttp import web

from simulator.errors import RestError
from simulator.exchange import Exchange
from simulator.rest_api import NOT_FOUND, account_of, error_object
from simulator.rest_shapes import ROOT

SAMPLES_A_SECOND = 8_000
TONE_HERTZ = 440
LOUDNESS = 6_000
LONGEST_SECONDS = 120


def add_routes(app: web.Application, exchange: Exchange) -> None:
    """Serve them; below an account, with its password."""

    async def sound(request: web.Request) -> web.Response:
        try:
            account = account_of(request, exchange)
            sid = request.match_info["recording"]
            mine = exchange.recordings.of(account, sid=sid, status="completed")
            recording = next(iter(mine), None)
            if recording is None:
                raise RestError(404, NOT_FOUND, f"The resource {request.path} was not found")
        except RestError as error:
            return web.json_response(error_object(error), status=error.status)
        return web.Response(body=tone(recording.seconds), content_type="audio/x-wav")

    app.router.add_get(f"{ROOT}/{{account}}/Recordings/{{recording}}.wav", sound)


def tone(seconds: int) -> bytes:
    """A WAV file of a quiet tone, as long as was recorded (two minutes at most)."""
    count = min(seconds, LONGEST_SECONDS) * SAMPLES_A_SECOND
    angle = 2 * math.pi * TONE_HERTZ / SAMPLES_A_SECOND
    one_second = b"".join(
        struct.pack("<h", int(LOUDNESS * math.sin(angle * n))) for n in range(SAMPLES_A_SECOND)
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(SAMPLES_A_SECOND)
        written.writeframes(one_second * (count // SAMPLES_A_SECOND))
    return file.getvalue()
