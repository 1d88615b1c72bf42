"""The 911 door, `/handoff/v1`: packets in and out, acknowledgement, completion, changes.

An agency's signed token before everything that says anything of a contact; every read is kept in
the ledger. One request, one session, one commit. Errors are problem JSON; no internal text leaves.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from calltaker.handoff import arriving, openapi, outgoing, reading, replies, short_address, tokens
from calltaker.handoff.errors import (
    HandoffError,
    NoTokenError,
    TooOftenError,
    UnknownError,
    UnreadableBodyError,
    VersionError,
)
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.inbox import Answer, Message, answer_once, keep_unmatched
from calltaker.handoff.ledger import Writing
from calltaker.handoff.pace import Pace
from calltaker.handoff.reading import UnreadableError
from calltaker.handoff.tokens import Bearer, TokenError
from ivr.warm_transfer import act

EIDO = "application/emergency.eido+json"
FORMS = (EIDO, "application/json")
VERSIONS = {"versions": ["1"], "eido": ["1.0"]}
MESSAGE_BYTES = 20_000
ASKED_A_MINUTE = 240
STRANGERS_A_MINUTE = 30
OPEN = frozenset({"handoff.versions", "handoff.versions_alias", "handoff.described"})
GUESSES_A_MINUTE = 20

Done = TypeVar("Done")

log = structlog.get_logger(__name__)


def handoff_blueprint(exchange: Exchange) -> Blueprint:
    """The blueprint with every address of the door."""
    door = Blueprint("handoff", __name__)
    _guard(door, exchange)
    _describe(door, exchange)
    _give(door, exchange)
    _take(door, exchange)
    _fail(door)
    return door


def _guard(door: Blueprint, exchange: Exchange) -> None:
    agencies, strangers = Pace(ASKED_A_MINUTE), Pace(STRANGERS_A_MINUTE)
    guesses = Pace(GUESSES_A_MINUTE)

    @door.before_request
    def let_in() -> None:
        """Verify the token; whoever has none, or a bad one, is slowed down by their address."""
        now = exchange.runtime.clock()
        if request.endpoint in OPEN:
            return
        if request.endpoint == short_address.ENDPOINT:
            _keep_pace(guesses, request.remote_addr or "", now)
            return
        try:
            g.bearer = tokens.verify(_token(), exchange.agencies, now)
        except TokenError as wrong:
            _keep_pace(strangers, request.remote_addr or "", now)
            log.warning("handoff_token_refused", why=str(wrong))
            raise NoTokenError(str(wrong)) from wrong
        _keep_pace(agencies, g.bearer.agency.key, now)

    @door.after_request
    def keep_nowhere(answer: Response) -> Response:
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise TokenError("there is no bearer token")
    return token.strip()


def _keep_pace(pace: Pace, name: str, now: datetime) -> None:
    wait = pace.seconds_to_wait(name, now)
    if wait:
        raise TooOftenError(wait)


def _describe(door: Blueprint, exchange: Exchange) -> None:
    @door.get("/handoff/versions")
    @door.get("/IncidentData/Versions", endpoint="versions_alias")
    def versions() -> Response:
        return jsonify({**VERSIONS, "agency": exchange.agencies.ourselves.domain})

    @door.get("/handoff/v1/openapi.json")
    def described() -> Response:
        return jsonify(openapi.document(exchange.runtime.addresses.public_url))


def _give(door: Blueprint, exchange: Exchange) -> None:
    @door.get("/handoff/v1/incidents/<name>")
    @door.get("/IncidentData/v1/incidents/<name>", endpoint="incident_alias")
    def incident(name: str) -> Response:
        form = _form()
        found = _in_one_commit(
            exchange, lambda writing: outgoing.read(exchange, writing, bearer().agency, name)
        )
        if request.if_none_match.contains(found.sha256):
            return _tagged(Response(status=HTTPStatus.NOT_MODIFIED), found)
        return _tagged(Response(found.text, content_type=form), found)

    @door.get("/handoff/v1/references/<name>")
    @door.get("/IncidentData/v1/references/<name>", endpoint="reference_alias")
    def reference(name: str) -> Response:
        with exchange.runtime.reading() as session:
            handoff = outgoing.find(exchange, session, bearer().agency, name)
            unique = handoff.incident_id
        address = f"{exchange.runtime.addresses.public_url}/handoff/v1/incidents/{unique}"
        return Response(address, content_type="text/plain; charset=utf-8")

    @door.get("/handoff/v1/changes")
    def changes() -> Response:
        since = request.args.get("since", "0")
        if not since.isdecimal() or len(since) > 18:
            raise UnreadableBodyError("asks since a position that is no number")
        found = _in_one_commit(
            exchange,
            lambda writing: outgoing.changes(exchange, writing, bearer().agency, int(since)),
        )
        return jsonify(found)

    @door.get("/handoff/page/<code>")
    def page(code: str) -> Response:
        return _in_one_commit(exchange, lambda writing: short_address.show(exchange, writing, code))


def _tagged(answer: Response, found: outgoing.Given) -> Response:
    answer.set_etag(found.sha256)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Handoff-Id"] = found.handoff_id
    answer.headers["Packet-Version"] = str(found.version)
    answer.headers["Packet-Sha256"] = found.sha256
    return answer


def _take(door: Blueprint, exchange: Exchange) -> None:
    @door.post("/handoff/v1/incidents")
    def announce() -> Response:
        def take(writing: Writing, body: dict[str, Any]) -> Answer:
            return arriving.take(exchange, writing, bearer().agency, body)

        return _once(exchange, "packet", "", take, reading.MOST_BYTES)

    @door.post("/handoff/v1/incidents/<name>/acknowledgement")
    def acknowledgement(name: str) -> Response:
        def take(writing: Writing, body: dict[str, Any]) -> Answer:
            return replies.acknowledge(exchange, writing, bearer().agency, name, body)

        return _once(exchange, "acknowledgement", name, take)

    @door.post("/handoff/v1/incidents/<name>/completion")
    def completion(name: str) -> Response:
        def take(writing: Writing, body: dict[str, Any]) -> Answer:
            return replies.complete(exchange, writing, bearer().agency, name, body)

        return _once(exchange, "completion", name, take)


def _once(
    exchange: Exchange,
    kind: str,
    name: str,
    take: Callable[[Writing, dict[str, Any]], Answer],
    most_bytes: int = MESSAGE_BYTES,
) -> Response:
    """Take one message in, once, and ring the bell for the desks."""
    if name and not outgoing.is_name(name):
        raise UnknownError
    raw, body = _body(most_bytes)

    def message() -> Message:
        return Message(bearer(), kind, name[:330], raw)

    def answered(writing: Writing) -> Answer:
        return answer_once(writing, message(), lambda: take(writing, body))

    try:
        answer = _in_one_commit(exchange, answered)
    except UnknownError:
        _in_one_commit(exchange, lambda writing: keep_unmatched(writing, message()))
        raise
    act(exchange.runtime, answer.effects)
    exchange.runtime.bell.ring()
    made = jsonify(answer.body)
    made.status_code = answer.status
    return made


def _body(most_bytes: int) -> tuple[bytes, dict[str, Any]]:
    if (request.content_length or 0) > most_bytes:
        raise UnreadableBodyError(f"may hold {most_bytes} bytes at most", 413)
    if request.mimetype not in FORMS:
        raise UnreadableBodyError(f"is {request.mimetype[:60]!r}, not {' or '.join(FORMS)}", 415)
    raw = request.get_data()
    try:
        return raw, reading.read_object(raw, most_bytes)
    except UnreadableError as broken:
        raise UnreadableBodyError(str(broken)) from broken


def _form() -> str:
    """The form of answer that the asker takes; the exchange format's own name first."""
    version = request.headers.get("Accept-Eido-Version", "1.0")
    asked = request.accept_mimetypes
    form = asked.best_match(FORMS) if asked else EIDO
    if form is None or version.strip() not in VERSIONS["eido"]:
        raise VersionError([f"{each}; version 1.0" for each in FORMS])
    return form


def bearer() -> Bearer:
    """Who asks; only behind the guard."""
    found: Bearer = g.bearer
    return found


def _in_one_commit(exchange: Exchange, work: Callable[[Writing], Done]) -> Done:
    with exchange.runtime.sessions() as session:
        found = work(Writing(session, exchange.runtime.clock(), exchange.runtime.new_id))
        session.commit()
    return found


def _fail(door: Blueprint) -> None:
    @door.errorhandler(HandoffError)
    def expected(wrong: HandoffError) -> Response:
        answer = problem(wrong.status, wrong.problem, wrong.what_to_do, **wrong.more())
        if isinstance(wrong, TooOftenError):
            answer.headers["Retry-After"] = str(wrong.retry_after)
        if isinstance(wrong, NoTokenError):
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @door.errorhandler(HTTPException)
    def of_http(wrong: HTTPException) -> Response:
        status = wrong.code or 500
        return problem(status, wrong.name, "Read /handoff/v1/openapi.json.")

    @door.errorhandler(Exception)
    def surprise(wrong: Exception) -> Response:
        # The type alone: a message may hold what a packet said.
        log.error("handoff_failed", endpoint=request.endpoint, error=type(wrong).__name__)
        return problem(500, "Something went wrong on our side.", "Send it again; use the voice.")


def problem(status: int, title: str, what_to_do: str, **more: Any) -> Response:
    """Problem JSON (RFC 9457) with the next step."""
    body = {"status": status, "title": title, "what_to_do": what_to_do, **more}
    answer = jsonify(body)
    answer.status_code, answer.content_type = status, "application/problem+json"
    return answer
