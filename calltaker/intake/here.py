"""`/here/WORD`: the page by which a caller's telephone tells once where it is, in two languages.

Open to whoever has the word of a link; slowed down by address. It says who asks and what for, speaks
to nobody but us, and its script is small and old enough for an old telephone. What is wrong with a
word (unknown, used, expired, of a call that is over) is told to nobody. Never logs a position.
"""

from typing import cast

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request

from calltaker import security
from calltaker.doorway import door
from calltaker.handoff.pace import Pace
from calltaker.intake import location_links
from calltaker.intake.here_words import WORDS
from calltaker.intake.location_links import Position, TooVagueError
from calltaker.staff.guards import public
from models.states import Language

MOST_A_MINUTE = 60
"""Requests of one address: two a link, and several telephones may share an address."""
STATUS = {"taken": 200, "late": 410, "inaccurate": 422, "unreadable": 422, "busy": 429}

here = Blueprint("here", __name__)


@here.get("/here/<word>")
@public("the word in the address is the key; it says nothing of the call")
def page(word: str) -> Response:
    """The page with its one button; or that the link takes nothing."""
    wait = _wait()
    if wait:
        return _page(None, "busy", wait)
    with door().runtime.reading() as session:
        call = location_links.opens(session, word)
        language = (call.language or Language.EN) if call else None
    if language is None:
        return _page(None, "late")
    chosen = request.args.get("in")
    return _page(Language(chosen) if chosen in set(Language) else language)


@here.post("/here/<word>")
@public("the word in the address is the key; it works once, while the call lasts")
def take(word: str) -> Response:
    """Take the position, once. The body is {"latitude", "longitude", "accuracy"}."""
    wait = _wait()
    if wait:
        return _answer("busy", wait)
    sent = request.get_json(silent=True, force=True)
    try:
        position = Position.read(sent if isinstance(sent, dict) else {})
    except TooVagueError:
        return _answer("inaccurate")
    except ValueError:
        return _answer("unreadable")
    runtime = door().runtime
    with runtime.sessions() as session:
        is_taken = location_links.take(
            session, runtime.keyring, word, position, door().jurisdiction_at, runtime.clock()
        )
        session.commit()
    if is_taken:
        runtime.bell.ring()
    return _answer("taken" if is_taken else "late")


def _answer(outcome: str, wait: int = 0) -> Response:
    return _hidden(make_response(jsonify(outcome=outcome), STATUS[outcome]), wait)


def _page(language: Language | None, outcome: str | None = None, wait: int = 0) -> Response:
    """The page in one language, or, where nobody's language is known, an outcome in all."""
    security.alone()
    text = render_template(
        "here.html",
        languages=[language] if language else list(Language),
        others=[one for one in Language if one is not language] if language else [],
        words=WORDS,
        outcome=outcome,
        line_name=door().runtime.city.line_name,
    )
    return _hidden(make_response(text, STATUS[outcome] if outcome else 200), wait)


def _hidden(answer: Response, wait: int) -> Response:
    """Nothing of this is for search engines or for a cache."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _wait() -> int:
    pace = cast(Pace, current_app.extensions["here_pace"])
    return pace.seconds_to_wait(request.remote_addr or "", door().runtime.clock())
