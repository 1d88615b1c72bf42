"""The pages of protocols: the list, the editor's frame, the printed sheet, export and import.

Pages read and show; what changes something goes to the JSON door. Only a document from elsewhere is
taken in here too, so that a faulty one comes back with its lines and its text.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)

from calltaker.authoring import (
    chosen,
    orders,
    protocol_beginning,
    protocol_sheet,
    replaying,
)
from calltaker.authoring.errors import GateError, TakenError, UnusableError
from calltaker.authoring.history import Subject
from calltaker.authoring.listing import kept_back
from calltaker.authoring.protocol_list import at_work, listed
from calltaker.doorway import door
from calltaker.intake.answer_words import STANDING
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission, may_edit
from models.states import PublicationKind
from protocols import exchange
from protocols.script import Protocol

protocol_pages = Blueprint("protocol_pages", __name__, url_prefix="/protocols")

KIND = PublicationKind.PROTOCOL
_LARGEST_FILE = 2_000_000
"""Bytes; a letter may take four, and what is too long is told with its length."""


@protocol_pages.get("")
@allowed(Permission.SEE_PUBLICATIONS)
def everything() -> str:
    """Every protocol and how it stands."""
    words = request.args.get("words", "")[:100]
    with door().runtime.reading() as session:
        found, kept = listed(session, words), kept_back(session, [KIND])
    return render_template(
        "protocols.html",
        person=signed_in(),
        protocols=found,
        at_work=at_work(found),
        kept_back=kept,
        words=words,
        may_edit=may_edit(signed_in().role, KIND),
        zone=ZoneInfo(door().grounds.zone),
    )


@protocol_pages.get("/<key>")
@allowed(Permission.SEE_PUBLICATIONS)
def editor(key: str) -> str:
    """The editor of a protocol; the bundle reads the rest."""
    chosen.known(orders.subject_of(KIND.value, key))
    return render_template("protocols_editor.html", person=signed_in(), key=key)


@protocol_pages.get("/<key>/print")
@allowed(Permission.SEE_PUBLICATIONS)
def printed(key: str) -> str:
    """The sheet that the agency signs and that lies in the binder when everything is away."""
    subject, which = orders.subject_of(KIND.value, key), request.args.get("version", "live")
    protocol, grounds, now = _protocol(subject, which), door().grounds, door().runtime.clock()
    with door().runtime.reading() as session:
        version = protocol_sheet.printed(session, subject, which)
    return render_template(
        "protocols_sheet.html",
        sheet=protocol_sheet.sheet(protocol, grounds.protocols and grounds.protocols(now, {})),
        version=version,
        standing=STANDING,
        now=now,
        zone=ZoneInfo(grounds.zone),
    )


@protocol_pages.get("/<key>/export")
@allowed(Permission.SEE_PUBLICATIONS)
def export(key: str) -> Response:
    """A protocol as one JSON document, to be shared."""
    subject, which = orders.subject_of(KIND.value, key), request.args.get("version", "live")
    protocol = _protocol(subject, which)
    answer = jsonify(exchange.as_document(protocol))
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.json"'
    return answer


@protocol_pages.get("/schema.json")
@allowed(Permission.SEE_PUBLICATIONS)
def schema() -> Response:
    """The JSON Schema of what is exported and taken in."""
    answer = jsonify(_schema())
    answer.mimetype = "application/schema+json"
    return answer


@protocol_pages.get("/new")
@allowed(Permission.EDIT_DRAFTS)
def ask_for_name() -> str:
    """The form for a protocol that there is not yet."""
    return _new_page({})


@protocol_pages.post("/new")
@allowed(Permission.EDIT_DRAFTS)
def begin() -> Response:
    """Begin a protocol; what cannot be comes back as it was typed."""
    typed = {name: request.form.get(name, "") for name in ("key", "en", "es")}
    try:
        key = protocol_beginning.key_of(typed["key"].strip())
        orders.edited(KIND.value, key)
        title = protocol_beginning.title_of({"title": typed})
        protocol_beginning.begin(key, protocol_beginning.smallest(key, title), orders.doing())
    except (UnusableError, TakenError) as wrong:
        return make_response(_new_page(typed, wrong.problem), wrong.status)
    return cast(Response, redirect(f"/protocols/{key}", 303))


@protocol_pages.get("/import")
@allowed(Permission.EDIT_DRAFTS)
def ask_for_document() -> str:
    """The form for a document from elsewhere."""
    return _import_page()


@protocol_pages.post("/import")
@allowed(Permission.EDIT_DRAFTS)
def take_in() -> Response:
    """Make a document a draft. A faulty one comes back with its lines, and nothing is lost."""
    text = ""
    try:
        text = orders.written({"text": _sent_text()})
        taken = protocol_beginning.read(text)
        orders.edited(KIND.value, taken.key)
        protocol_beginning.take_in(taken, _revision(request.form), orders.doing())
    except (GateError, UnusableError) as wrong:
        return make_response(
            _import_page(text, wrong.problem, findings=_found(wrong)), wrong.status
        )
    except TakenError as held:
        page = _import_page(text, held.problem, held=held.more)
        return make_response(page, held.status)
    return cast(Response, redirect(f"/protocols/{taken.key}", 303))


def _revision(form: Mapping[str, str]) -> int | None:
    """The draft's revision that a form may replace; what no draft can have names none."""
    given = form.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _sent_text() -> str:
    """The file that was sent, or the text that was pasted."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("text", "")
    try:
        return file.stream.read(_LARGEST_FILE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableError("The file is no text in UTF-8.", "Save it as UTF-8.") from None


def _new_page(typed: Mapping[str, str], fault: str = "") -> str:
    return render_template("protocols_new.html", person=signed_in(), typed=typed, fault=fault)


def _import_page(
    text: str = "",
    fault: str = "",
    findings: list[dict[str, Any]] | None = None,
    held: Any = None,
) -> str:
    return render_template(
        "protocols_import.html",
        person=signed_in(),
        text=text,
        fault=fault,
        findings=findings or [],
        held=held,
    )


def _found(wrong: GateError | UnusableError) -> list[dict[str, Any]]:
    return list(cast("list[dict[str, Any]]", wrong.more.get("findings", [])))


def _protocol(subject: Subject, which: str) -> Protocol:
    """The protocol of a version.

    Raises:
        NotFoundError: there is none.
        GateError: the draft cannot be read yet; every mistake is named.
    """
    chosen.known(subject)
    text = chosen.live(subject).document if which == "live" else chosen.text(subject, which)
    return replaying.readable(text, subject.key)


@cache
def _schema() -> dict[str, Any]:
    return exchange.schema()
