"""The ledger's pages for staff: every handoff, one incident as lanes over time, a sheet to print.

Nothing on the first two is personal. The sheet is, and each showing of it is kept in the ledger.
"""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from calltaker.errors import NotFoundError
from calltaker.handoff import lanes, ledger, outgoing, packets, sheet, short_address, story
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from ivr import line_tests
from models.call import Call
from models.handoff import Handoff
from models.states import HandoffDirection, HandoffFact, Role

MOST_LISTED = 100


def handoff_pages(exchange: Exchange) -> Blueprint:
    """The blueprint with the ledger's pages."""
    pages = Blueprint("handoff_pages", __name__)

    @pages.get("/handoffs")
    @allowed(Permission.SEE_HANDOFFS)
    def everything() -> str:
        """The newest handoffs, and how the ways to 911 were tested."""
        with exchange.runtime.reading() as session:
            rows = _newest(exchange, session)
            lines = line_tests.standings(session, exchange.tested_lines(), exchange.runtime.clock())
        return render_template("handoffs.html", person=signed_in(), rows=rows, lines=lines)

    @pages.get("/handoffs/<incident_id>")
    @allowed(Permission.SEE_HANDOFFS)
    def incident(incident_id: str) -> str:
        """One incident over time."""
        with exchange.runtime.reading() as session:
            told = story.of_incident(exchange, session, incident_id)
        if told is None:
            raise NotFoundError("There is no such incident.", "Choose one of the ledger.")
        return render_template(
            "handoff_incident.html",
            person=signed_in(),
            story=told,
            picture=lanes.draw(told, exchange.runtime.clock()),
            said=lanes.said,
        )

    @pages.get("/handoffs/of/<call_id>")
    @allowed(Permission.SEE_HANDOFFS)
    def of_call(call_id: str) -> Response:
        """The incident that a call is about."""
        with exchange.runtime.reading() as session:
            found = ledger.of_call(session, call_id)
        if not found:
            raise NotFoundError("This call was not handed over.", "Choose one of the ledger.")
        return redirect(url_for("handoff_pages.incident", incident_id=found[-1].incident_id), 303)

    @pages.get("/handoffs/<handoff_id>/sheet")
    @allowed(Permission.ANSWER_CALLS)
    def printed(handoff_id: str) -> str:
        """The packet in plain words, to read out or to print, with its short address."""
        now = exchange.runtime.clock()
        with exchange.runtime.sessions() as session:
            writing = Writing(session, now, exchange.runtime.new_id)
            packets.enter_new(exchange, writing)
            handoff = _own(session, handoff_id)
            row = outgoing.current(exchange, writing, handoff)
            document = packets.opened(exchange.runtime.keyring, row) if row else None
            if row is None or document is None:
                raise NotFoundError("There is no packet of this handoff.", "Use the voice.")
            shown = sheet.read(document)
            who = signed_in().staff_id
            writing.note(handoff, HandoffFact.PACKET_READ, who, version=row.version)
            session.commit()
        outwards = handoff.direction is HandoffDirection.OUT
        code = short_address.code_of(exchange.secret, handoff.id, now) if outwards else ""
        address = f"{exchange.runtime.addresses.public_url}/handoff/page/{code}" if code else ""
        return render_template(
            "handoff_sheet.html", sheet=shown, version=row.version, address=address
        )

    return pages


def _newest(exchange: Exchange, session: Session) -> list[story.LedgerRow]:
    handoffs = session.scalars(
        select(Handoff).order_by(Handoff.begun_at.desc()).limit(MOST_LISTED)
    ).all()
    return [story.row_of(exchange, session, each) for each in handoffs]


def _own(session: Session, handoff_id: str) -> Handoff:
    """The handoff, if this person has its call or supervises; others' look as if they were not there."""
    handoff = session.get(Handoff, handoff_id)
    person = signed_in()
    all_ = person.role in (Role.SENIOR, Role.SUPERVISOR)
    if handoff is None or not (all_ or _has_call(session, handoff, person.staff_id)):
        raise NotFoundError("There is no such handoff.", "Go back to the desk.")
    return handoff


def _has_call(session: Session, handoff: Handoff, staff_id: str) -> bool:
    call = session.get(Call, handoff.call_id) if handoff.call_id else None
    return call is not None and call.staff_id == staff_id
