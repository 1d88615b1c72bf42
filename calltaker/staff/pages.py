"""The way in and out: sign in, sign out, accept an invitation. Pages for people, forms with a token."""

from typing import cast

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import (
    session as form_cookie,
)

from calltaker.doorway import door
from calltaker.errors import StaffDoorError
from calltaker.staff import accounts, cookie, invitations, sessions
from calltaker.staff.guards import allowed, public, signed_in
from calltaker.staff.permissions import Permission, first_page
from calltaker.staff.slow_down import SlowDown
from models.states import Role

WRONG = "The e-mail address or the password is not right."

entrance = Blueprint("entrance", __name__)


@entrance.get("/")
@public("leads to the desk, which asks who is there")
def home() -> Response:
    """The desk is the first page."""
    return cast(Response, redirect("/desk", 303))


@entrance.get("/login")
@public("nobody is signed in yet")
def login() -> str:
    """The form to sign in."""
    return render_template("login.html", email="", fault=None)


@entrance.post("/login")
@public("nobody is signed in yet")
def sign_in() -> Response:
    """Sign in: a new word in a new row, whatever the browser held before."""
    email = request.form.get("email", "").strip().lower()[:254]
    now, slow = door().runtime.clock(), _slow_down()
    address = request.remote_addr or ""
    if wait := slow.seconds_to_wait(email, address, now):
        return _later(email, wait)
    password = request.form.get("password", "")[:400]
    with door().runtime.reading() as session:
        known = accounts.find(session, email)
    is_right = accounts.is_password_of(known.password_hash if known else None, password)
    with door().runtime.sessions() as session:
        staff = accounts.sign_in(session, email, password, now, is_right=is_right)
        word = sessions.begin(session, staff.id, now) if staff else None
        session.commit()
        role = staff.role if staff else None
    if word is None or role is None:
        slow.failed(email, address, now)
        return make_response(render_template("login.html", email=email, fault=WRONG), 401)
    slow.succeeded(email, address)
    return _welcome(word, role)


@entrance.post("/logout")
@allowed(Permission.OPEN_DESK)
def sign_out() -> Response:
    """Sign this browser out; its row is ended, so a copy of the cookie is worth nothing."""
    runtime = door().runtime
    with runtime.sessions() as session:
        sessions.end(session, signed_in().session_id, runtime.clock())
        session.commit()
    answer = cast(Response, redirect("/login", 303))
    cookie.take_back(answer, door())
    form_cookie.clear()
    return answer


@entrance.get("/invitation/<word>")
@public("the word in the address is the key")
def invitation(word: str) -> str:
    """The form of a person who was invited."""
    runtime = door().runtime
    with runtime.sessions() as session:
        invited = invitations.find(session, word, runtime.clock())
    return _invitation_page(invited.email)


@entrance.post("/invitation/<word>")
@public("the word in the address is the key")
def accept_invitation(word: str) -> Response:
    """Make the invited person's account and sign them in."""
    runtime, form = door().runtime, request.form
    now = runtime.clock()
    with runtime.sessions() as session:
        email = invitations.find(session, word, now).email
        try:
            staff = invitations.accept(
                session,
                word,
                name=form.get("name", ""),
                password=form.get("password", ""),
                now=now,
                new_id=runtime.new_id(),
            )
            secret, role = sessions.begin(session, staff.id, now), staff.role
            session.commit()
        except StaffDoorError as wrong:
            session.rollback()
            page = _invitation_page(email, name=form.get("name", ""), fault=wrong.problem)
            return make_response(page, wrong.status)
    return _welcome(secret, role)


def _welcome(word: str, role: Role) -> Response:
    form_cookie.clear()  # the token of the page before signing in is no use after it
    answer = cast(Response, redirect(first_page(role), 302))
    cookie.give(answer, door(), word)
    return answer


def _later(email: str, seconds: int) -> Response:
    minutes = -(-seconds // 60)
    fault = f"Too many tries from here. Wait {minutes} min and try again."
    answer = make_response(render_template("login.html", email=email, fault=fault), 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _invitation_page(email: str, name: str = "", fault: str | None = None) -> str:
    return render_template("invitation.html", email=email, name=name, fault=fault)


def _slow_down() -> SlowDown:
    return cast(SlowDown, current_app.extensions["staff_slow_down"])
