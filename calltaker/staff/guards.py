"""Who may pass: every route says so where it stands, and one that does not stops the start.

`@allowed(Permission.X)` asks for a signed-in person whose role has the permission;
`@public("reason")` lets anybody in. Blueprints with a guard of their own (Twilio's signature) are
named here with that guard. Whatever is registered later without a word is refused on every request:
deny by default. Knows roles and sessions; knows nothing of what a route does.
"""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar, cast

import structlog
from flask import Flask, Response, current_app, g, redirect, request
from sqlalchemy.exc import SQLAlchemyError

from calltaker.doorway import door
from calltaker.errors import ForbiddenError, NotFoundError, NotReadyError, StaffDoorError
from calltaker.staff import cookie, sessions
from calltaker.staff.memory import memory
from calltaker.staff.permissions import Permission, may
from calltaker.staff.sessions import SignedIn

GUARDED_ELSEWHERE = MappingProxyType(
    {
        "voice": "Twilio's signature on every address but the fallback, which has no effect",
        "handoff": "an agency's signed token on everything that says anything of a contact",
        "operations": "health, readiness and metrics say nothing of callers or staff",
    }
)

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "_guard"
_VITAL = "_outlives_database"

log = structlog.get_logger(__name__)


class NotSignedInError(StaffDoorError):
    """Nobody is signed in at this browser, or no longer."""

    status = 401


def allowed(permission: Permission) -> Callable[[View], View]:
    """Let in whoever is signed in with a role that has `permission`."""
    return _mark(permission)


def public(reason: str) -> Callable[[View], View]:
    """Let anybody in, for a stated reason."""
    if not reason:
        raise NotReadyError("a public route states its reason")
    return _mark(reason)


def signed_in() -> SignedIn:
    """The person of the present request; only behind `@allowed`."""
    return cast(SignedIn, g.signed_in)


def declared(app: Flask, endpoint: str) -> Permission | str | None:
    """What an endpoint's route declares: a permission, a reason, or nothing."""
    blueprint = endpoint.rpartition(".")[0]
    if blueprint in GUARDED_ELSEWHERE:
        return GUARDED_ELSEWHERE[blueprint]
    return getattr(app.view_functions.get(endpoint), _MARK, None)


def require_guards(app: Flask) -> None:
    """Refuse to start with a route that declares no guard.

    Raises:
        NotReadyError: naming every such route.
    """
    bare = sorted(
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if declared(app, rule.endpoint) is None
    )
    if bare:
        raise NotReadyError(f"routes without a guard: {', '.join(bare)}")


def guard() -> Response | None:
    """Stand before every request of the application.

    Reads the browser's session in a short transaction of its own, closed before the view begins:
    the 911 path must find no lock held by its own request.
    """
    if request.endpoint is None or request.blueprint in GUARDED_ELSEWHERE:
        return None
    asked = declared(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if asked is None:
        raise NotFoundError("There is no such page.", "Go back to the desk.")
    if not isinstance(asked, Permission):
        return None
    return _let_in(asked)


def _let_in(permission: Permission) -> Response | None:
    person = _person()
    if person is None:
        if wants_page():
            return cast(Response, redirect("/login", 303))
        raise NotSignedInError("You are signed out.", "Sign in again.")
    if not may(person.role, permission) or (person.only_call and not _about_calls(permission)):
        raise ForbiddenError("Your role does not allow this.", "Ask a supervisor.")
    g.signed_in = person
    return None


def _about_calls(permission: Permission) -> bool:
    return permission in (Permission.OPEN_DESK, Permission.ANSWER_CALLS)


def outlives_database(view: View) -> View:
    """Mark the one order that is still taken, from memory, when no row can be read."""
    setattr(view, _VITAL, True)
    return view


def _person() -> SignedIn | None:
    word = request.cookies.get(cookie.name(door()))
    if not word:
        return None
    vital = hasattr(current_app.view_functions.get(request.endpoint or ""), _VITAL)
    now = door().runtime.clock()
    try:
        person = _read_person(word, now, mark_seen=not vital)
    except SQLAlchemyError as away:
        if not vital:
            raise
        log.error("guard_without_database", error=type(away).__name__)
        g.database_is_away = True
        return memory().person(word, now)
    if person is None:
        memory().forget(word)
    else:
        memory().saw(word, person, now)
    return person


def _read_person(word: str, now: datetime, *, mark_seen: bool) -> SignedIn | None:
    """Look without a write lock; the minute's mark, when it is due, is written apart."""
    with door().runtime.reading() as session, session.no_autoflush:
        person = sessions.find(session, word, now, mark_seen=mark_seen)
        mark_is_due = bool(session.dirty)
    if mark_is_due:
        with door().runtime.sessions() as session:
            sessions.find(session, word, now)
            session.commit()
    return person


def wants_page() -> bool:
    """Whether the browser asks for a page to show; a script's `*/*` asks for data."""
    return "text/html" in request.headers.get("Accept", "")


def _mark(word: Permission | str) -> Callable[[View], View]:
    def marked(view: View) -> View:
        setattr(view, _MARK, word)
        return view

    return marked
