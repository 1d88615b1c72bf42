"""`/voice/recordings/ID/SIGNATURE`: a prompt that the city recorded, as sound.

The address itself is signed by us, so Twilio's signature is not asked for: what plays a document
may fetch its sound without one. It says nothing of any call and has no effect.
"""

from flask import Blueprint, Response

from ivr.runtime import Runtime

KEPT_SECONDS = 86_400


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""

    @voice.get("/recordings/<recording>/<signature>")
    def recording(recording: str, signature: str) -> Response:
        sound = runtime.sounds.opened(recording, signature)
        if sound is None:
            return Response("There is no such recording.", 404, content_type="text/plain")
        answer = Response(sound.content, content_type=sound.media_type)
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
