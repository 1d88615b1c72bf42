"""The outermost net of the voice door, below the framework: nothing but a document leaves /voice.

Routing itself can answer with HTML (an unknown method, a redirect to a tidier path), and so can
whatever the application does before our blueprint is asked. Twilio could speak none of that.
"""

from collections.abc import Iterable
from typing import Any

import structlog

from ivr.twiml import CONTENT_TYPE

SOUNDS = "/voice/recordings/"

log = structlog.get_logger(__name__)


class Shield:
    """Wraps a WSGI application; other paths pass untouched."""

    def __init__(self, inner: Any, document: bytes) -> None:
        """Take the application and the document that stands in for an unspeakable answer."""
        self._inner = inner
        self._document = document

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does, where that can be spoken."""
        path = environ.get("PATH_INFO", "")
        if not (path == "/voice" or path.startswith("/voice/")):
            return self._inner(environ, start_response)  # type: ignore[no-any-return]
        begun: list[tuple[Any, ...]] = []

        def remember(*answer: Any) -> None:
            begun.append(answer)

        try:
            body = self._inner(environ, remember)
        except Exception:
            log.exception("voice_application_failed")
            return self._instead(start_response)
        if not _is_meant(path, *begun[-1][:2]):
            log.warning("unspeakable_answer", status=begun[-1][0])
            getattr(body, "close", lambda: None)()
            return self._instead(start_response)
        start_response(*begun[-1])
        return body  # type: ignore[no-any-return]

    def _instead(self, start_response: Any) -> Iterable[bytes]:
        length = str(len(self._document))
        start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", length)])
        return [self._document]


def _is_meant(path: str, status: str, headers: list[tuple[str, str]]) -> bool:
    """Say whether this is a document, a sound of ours, or the refusal of a stranger."""
    kinds = [value for name, value in headers if name.lower() == "content-type"]
    if path.startswith(SOUNDS) and kinds and kinds[0].startswith(("audio/", "text/plain")):
        return status.startswith(("200", "403", "404"))
    return status.startswith("403") or (status.startswith("200") and kinds == [CONTENT_TYPE])
