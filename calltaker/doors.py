"""The factory of the staff's door and of the push door: blueprints, guards, headers, errors.

Called by the composition root on an application that may carry other doors too. Ends by looking at
every route: one that declares no guard stops the start.
"""

from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect

from calltaker import bundles, security
from calltaker.authoring import limits
from calltaker.authoring.announcement_page import announcement_page
from calltaker.authoring.menu_api import publications_api
from calltaker.authoring.menu_pages import menu_pages
from calltaker.authoring.protocol_api import protocol_api
from calltaker.authoring.protocol_pages import protocol_pages
from calltaker.authoring.publication_orders import publication_orders
from calltaker.authoring.recordings_api import recordings_api
from calltaker.desk import refusals
from calltaker.desk.blueprint import desk
from calltaker.desk.events import push, streams_of
from calltaker.desk.referring import referring
from calltaker.desk.shift_orders import shift_orders
from calltaker.desk.switching import switching
from calltaker.doorway import KEY, DeskDoor, Intent, Wakeup
from calltaker.handoff.pace import Pace
from calltaker.intake.blueprint import intake
from calltaker.intake.card import card
from calltaker.intake.here import MOST_A_MINUTE, here
from calltaker.intake.published import PublishedProtocols
from calltaker.intake.questioning import questioning
from calltaker.quality.orders import quality_orders
from calltaker.quality.pages import quality_pages
from calltaker.staff import memory
from calltaker.staff.guards import GUARDED_ELSEWHERE, SAFE, guard, require_guards
from calltaker.staff.navigation import pages_of
from calltaker.staff.pages import entrance
from calltaker.staff.people import people
from calltaker.staff.slow_down import SlowDown
from models.states import PublicationKind

DESK = (desk, referring, shift_orders, switching)
PAGES = (entrance, people, *DESK, intake, card, questioning, here, bundles.static)
EDITING = (
    menu_pages,
    announcement_page,
    publications_api,
    recordings_api,
    protocol_pages,
    protocol_api,
)
QUALITY = (quality_pages, quality_orders)
WRITTEN = "/menus/api/<any(menu, hours, destinations, agencies, phrases):kind>"
"""Where the orders of these three kinds are; a protocol's are at an address of their own."""
TEMPLATES = Path(__file__).parent / "templates"

__all__ = ["DeskDoor", "Intent", "Wakeup", "register_staff"]


def register_staff(app: Flask, door: DeskDoor, *, push_only: bool = False) -> None:
    """Put the staff's door into `app`.

    Args:
        app: An application without a static folder of its own.
        door: What the door is handed down.
        push_only: Only the stream of live events, for a process of its own.

    Raises:
        NotReadyError: the front end is not built, or some route declares no guard.
    """
    _configure(app, door)
    app.extensions["event_streams"] = streams_of(door, push_only=push_only)
    app.before_request(guard)
    app.before_request(limits.widen)
    app.before_request(_refuse_forged)
    app.after_request(security.headers(door))
    security.answer_errors(app)
    refusals.answer_refusals(app)
    _set_up_pages(app, door)
    app.register_blueprint(push)
    if not push_only:
        for blueprint in (*PAGES, *EDITING, *QUALITY):
            app.register_blueprint(blueprint)
        _register_orders(app)
    require_guards(app)


def _register_orders(app: Flask) -> None:
    """Let every kind of document take the same orders, each at its own address."""
    app.register_blueprint(publication_orders, url_prefix=WRITTEN)
    app.register_blueprint(
        publication_orders,
        url_prefix="/protocols/api",
        url_defaults={"kind": PublicationKind.PROTOCOL.value},
        name="protocol_orders",
    )


def _configure(app: Flask, door: DeskDoor) -> None:
    app.secret_key = door.secret_key
    app.json.sort_keys = False  # type: ignore[attr-defined] # a document's order is its author's
    app.template_folder = str(TEMPLATES)
    app.config.update(
        SESSION_COOKIE_NAME="__Host-oldpueblo-form" if door.is_https else "oldpueblo-form",
        SESSION_COOKIE_SECURE=door.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=14),
        WTF_CSRF_CHECK_DEFAULT=False,  # asked below, for every route that is not guarded elsewhere
        WTF_CSRF_TIME_LIMIT=None,  # bound to the browser's form cookie, renewed at every sign-in
    )
    app.extensions[KEY] = door
    app.extensions[memory.KEY] = memory.Memory()
    app.extensions["staff_slow_down"] = SlowDown()
    app.extensions["published_protocols"] = PublishedProtocols()
    app.extensions["here_pace"] = Pace(MOST_A_MINUTE)
    app.extensions["staff_csrf"] = CSRFProtect(app)


def _set_up_pages(app: Flask, door: DeskDoor) -> None:
    built = bundles.read(door.build)
    app.jinja_env.globals.update(bundle=built.address, nonce=security.nonce, pages_of=pages_of)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _refuse_forged() -> None:
    """Every request that may change something carries the page's own token."""
    if request.method in SAFE or request.endpoint is None:
        return
    if request.blueprint not in GUARDED_ELSEWHERE:
        current_app.extensions["staff_csrf"].protect()
