"""What every answer of the door carries: protecting headers, and errors in one form.

A page gets a fresh nonce, and only scripts and styles of our own. Connections go to ourselves and
to exactly the voice hosts of the pinned softphone SDK (its README, section CSP), or to the local
telephone company instead. Errors are problem JSON for scripts and a page for people; neither holds
internal text. Knows no route.
"""

import secrets
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from calltaker.doorway import DeskDoor
from calltaker.errors import NOTHING, StaffDoorError, TooManyError
from calltaker.staff.guards import GUARDED_ELSEWHERE, wants_page

TWILIO_CONNECT = (
    "wss://voice-js.roaming.twilio.com",
    "https://eventgw.twilio.com",
    "https://media.twiliocdn.com",
    "https://sdk.twilio.com",
)
TWILIO_MEDIA = ("mediastream:", "https://media.twiliocdn.com", "https://sdk.twilio.com")

ASKS_POSITION = "geolocation=(self), microphone=(), camera=(), payment=()"
ALONE = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

log = structlog.get_logger(__name__)

_WORDS = {
    400: ("The request could not be read.", "Load the page again and repeat it."),
    403: ("That is not allowed.", "Load the page again; if it stays, ask a supervisor."),
    404: ("There is no such page.", "Go back to the desk."),
    405: ("That cannot be done at this address.", "Go back to the desk."),
    413: ("That is too much at once.", "Send less."),
    415: ("The request was not in the expected form.", "Load the page again and repeat it."),
}
_OURS = ("Something went wrong on our side.", "Try again. A call that is under way goes on.")


def nonce() -> str:
    """The word that this page's own scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def headers(door: DeskDoor) -> Callable[[Response], Response]:
    """Make the function that puts the protecting headers on an answer."""
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if door.is_https:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def protect(answer: Response) -> Response:
        for header, value in fixed.items():
            answer.headers[header] = value
        if g.get("asks_position"):
            answer.headers["Permissions-Policy"] = ASKS_POSITION
        answer.headers["Content-Security-Policy"] = _policy_of(door, answer)
        if "Cache-Control" not in answer.headers and request.blueprint not in GUARDED_ELSEWHERE:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return protect


def alone() -> None:
    """Let the present page ask for the telephone's position, and speak to nobody but ourselves."""
    g.asks_position = True


def _policy_of(door: DeskDoor, answer: Response) -> str:
    if answer.mimetype != "text/html":
        return policy(door, None)
    return ALONE.format(nonce=nonce()) if g.get("asks_position") else policy(door, nonce())


def policy(door: DeskDoor, word: str | None) -> str:
    """The content security policy of one answer; `word` its nonce, None where nothing may run."""
    if word is None:
        return "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    scripts = " ".join(filter(None, ("'self'", f"'nonce-{word}'", door.signalling_url)))
    connect, media = _telephone_hosts(door)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src 'self' 'nonce-{word}'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' {connect}",
            f"media-src 'self' {media}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _telephone_hosts(door: DeskDoor) -> tuple[str, str]:
    if door.signalling is None:
        return " ".join(TWILIO_CONNECT), " ".join(TWILIO_MEDIA)
    local = f"{door.signalling_url} ws://{door.signalling} wss://{door.signalling}"
    return local, f"mediastream: {door.signalling_url}"


def answer_errors(app: Flask) -> None:
    """Turn every error of the application's own pages into its one form."""
    app.register_error_handler(StaffDoorError, _expected)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _surprise)


def _expected(wrong: StaffDoorError) -> Response:
    answer = problem(wrong.status, wrong.problem, wrong.what_to_do, wrong.more)
    if isinstance(wrong, TooManyError):
        answer.headers["Retry-After"] = str(wrong.retry_after)
    return answer


def _stale_form(_wrong: CSRFError) -> Response:
    return problem(
        403,
        "This page is out of date, so nothing was done.",
        "Load it again and repeat what you did.",
    )


def _of_http(wrong: HTTPException) -> Response:
    if isinstance(wrong, RequestRedirect):
        return make_response(wrong.get_response())
    status = wrong.code or 500
    return problem(status, *_WORDS.get(status, _OURS))


def _surprise(wrong: Exception) -> Response:
    # Type and place alone: a message may hold what a caller said, or a statement's values.
    frames = traceback.extract_tb(wrong.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("request_failed", endpoint=request.endpoint, error=type(wrong).__name__, where=where)
    return problem(500, *_OURS)


def problem(
    status: int, problem: str, what_to_do: str, more: Mapping[str, Any] = NOTHING
) -> Response:
    """Answer with what happened and what to do, as a page or as JSON (with `more` beside them)."""
    if wants_page():
        page = render_template(
            "problem.html", status=status, problem=problem, what_to_do=what_to_do
        )
        return make_response(page, status)
    return make_response(jsonify(problem=problem, what_to_do=what_to_do, **more), status)
