"""The one door for all of /voice: the signature before, and an answer that can be spoken after.

A request that Twilio did not sign is 403 in plain text and touches nothing. Whatever else goes
wrong, any method, any body, any address below /voice, gets a document: a sentence and a person.
"""

from collections.abc import Callable, Iterable
from typing import cast

import structlog
from flask import Blueprint, Flask, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ivr.runtime import Runtime
from ivr.signature import Request, Signatures
from ivr.turns import safe
from ivr.twiml import CONTENT_TYPE
from ivr.webhooks import fallback, form
from ivr.webhooks.shield import Shield

log = structlog.get_logger(__name__)

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
UNSIGNED = frozenset({"voice.fallback", "voice.recording"})
"""The fallback has no effect; a recording's address carries our own signature instead."""
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_BYTES = 500_000


def guarded(runtime: Runtime, parts: Iterable[Callable[[Blueprint, Runtime], None]]) -> Blueprint:
    """A blueprint with the addresses of every part, none without the guard."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")
    signatures = Signatures(runtime.addresses.public_url, runtime.auth_tokens)

    @voice.before_request
    def require_signature() -> Response | None:
        if request.endpoint in UNSIGNED or signatures.holds(_signed()):
            return None
        log.warning("signature_refused", path=request.path)
        return Response("This address answers Twilio alone.", 403, content_type="text/plain")

    @voice.errorhandler(Exception)
    def speak_all_the_same(error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            log.error("voice_failed", path=request.path, exc_info=error)
        return spoken(last_resort(runtime))

    for add_to in parts:
        add_to(voice, runtime)
    _catch_the_rest(voice, runtime)
    return voice


def spoken(document: bytes) -> Response:
    """A document as Twilio wants it."""
    return Response(document, content_type=CONTENT_TYPE)


def last_resort(runtime: Runtime) -> bytes:
    """The answer to a request that nothing else could answer, by whose leg it is about."""
    if request.path.startswith("/voice/wait/") or request.path.endswith(("/wait", "/hold")):
        return safe.patience(runtime, runtime.addresses.voice(request.path))
    try:
        fields = request.form
    except HTTPException:
        return runtime.city.fallback_document.encode()
    if fallback.is_ours(fields):
        return safe.farewell(runtime)
    sid = form.call_sid(fields)
    return safe.human_line(runtime, sid) if sid else runtime.city.fallback_document.encode()


def _signed() -> Request:
    """What is signed of this request. A body that is no form counts whole."""
    kind = request.mimetype
    if kind == URLENCODED:
        _require_size()
        request.form = form.parsed(request.get_data())
    is_form = kind in (URLENCODED, MULTIPART)
    return Request(
        address=_address(),
        fields=request.form.items(multi=True) if is_form else (),
        signature=request.headers.get("X-Twilio-Signature"),
        body=b"" if is_form else request.get_data(),
    )


def _require_size() -> None:
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge


def _address() -> str:
    """Path and query as they were sent; the server's own copy where it keeps one."""
    sent = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    if sent.startswith("/"):
        return str(sent)
    return request.full_path if request.query_string else request.path


def _catch_the_rest(voice: Blueprint, runtime: Runtime) -> None:
    """An address or method that nobody serves is answered too, once its signature is checked."""

    def unknown(rest: str = "") -> Response:
        log.warning("voice_address_unknown", path=request.path, rest=len(rest))
        return spoken(last_resort(runtime))

    for rule in ("", "/", "/<path:rest>"):
        voice.add_url_rule(rule, "unknown", unknown, methods=METHODS, strict_slashes=False)

    @voice.record_once
    def shield(state: BlueprintSetupState) -> None:
        document = runtime.city.fallback_document.encode()
        app = cast(Flask, state.app)
        app.wsgi_app = Shield(app.wsgi_app, document)  # type: ignore[method-assign]
