"""The pages of quality: the list of cases, one case, trends. Reading only; orders change things."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from calltaker.doorway import door
from calltaker.intake.published import published
from calltaker.quality import (
    case_view,
    cases,
    counting,
    drawing,
    feedback,
    listing,
    readings,
    review_form,
)
from calltaker.quality.trends import MINIMUM, Trend
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import SIGHT, Permission, may, may_edit
from models.states import (
    CaseGrade,
    DisputeDecision,
    EmergencyLevel,
    PublicationKind,
    ReadingJudgement,
    ReviewGrade,
    SampleReason,
    Triage,
)

quality_pages = Blueprint("quality_pages", __name__, url_prefix="/quality")


@quality_pages.get("")
@allowed(Permission.SEE_OWN_CASES)
def everything() -> str:
    """The cases, filtered; a call-taker's own alone."""
    filters, runtime, own = listing.filters_of(request.args), door().runtime, _own()
    with runtime.reading() as session:
        shown = {
            "cases": listing.listed(session, filters, zone(), own),
            "choices": listing.choices(session) if own is None else ([], []),
            "feedback_open": feedback.open_count(session, signed_in().staff_id),
        }
    return _render("quality_list.html", filters=filters, todos=list(listing.Todo), **shown)


@quality_pages.get("/cases/<session_id>")
@allowed(Permission.SEE_OWN_CASES)
def case(session_id: str) -> str:
    """One case: its course, its checks, what people found in it."""
    return case_page(session_id)


@quality_pages.get("/trends")
@allowed(Permission.SEE_OWN_CASES)
def trends() -> str:
    """How scores go by person, protocol and version; a call-taker's own alone."""
    runtime, own = door().runtime, _own()
    with runtime.reading() as session:
        found = counting.read_trends(session, runtime.clock(), zone(), own)
        agreements = counting.read_agreements(session) if own is None else None
    by_person = [_drawn(trend, found.names.get(trend.key, trend.key)) for trend in found.people]
    return _render(
        "quality_trends.html",
        groups=[
            ("people", "By person", by_person),
            ("protocols", "By protocol", [_drawn(one, one.key) for one in found.protocols]),
            ("versions", "By version", [_drawn(one, one.key) for one in found.versions]),
        ],
        agreements=agreements,
        minimum=MINIMUM,
        picture=drawing,
    )


@quality_pages.get("/readings")
@allowed(Permission.REVIEW_CASES)
def danger_readings() -> str:
    """How right the line reads danger: misses, false alarms, and what they were read from."""
    runtime = door().runtime
    with runtime.reading() as session:
        sight = SIGHT[signed_in().role]
        found = readings.readings(session, runtime.keyring, runtime.clock(), sight)
    return _render(
        "quality_readings.html",
        found=found,
        days=readings.DAYS,
        judgements=list(ReadingJudgement),
        levels=list(EmergencyLevel),
        may_add=may_edit(signed_in().role, PublicationKind.PHRASES),
    )


def case_page(
    session_id: str, typed: dict[str, str] | None = None, fault: str | None = None
) -> str:
    """Write the page of a case; `typed` and `fault` come back from an order that was refused."""
    runtime = door().runtime
    with runtime.sessions() as session:
        now = runtime.clock()
        found = cases.opened(session, runtime, published(), session_id, signed_in(), now)
        page = _render(
            "quality_case.html",
            case=found,
            clock=case_view.clock,
            form=review_form.QUESTIONS,
            form_answers=review_form.ANSWERS,
            review_grades=list(ReviewGrade),
            triages=list(Triage),
            decisions=list(DisputeDecision),
            typed=typed or {},
            fault=fault,
        )
        session.commit()
    return page


def zone() -> ZoneInfo:
    """The city's clock."""
    return ZoneInfo(door().grounds.zone)


def _own() -> str | None:
    """Whose cases alone are shown; None for a reader of all."""
    person = signed_in()
    return None if may(person.role, Permission.REVIEW_CASES) else person.staff_id


def _drawn(trend: Trend, name: str) -> dict[str, Any]:
    return {"name": name, "trend": trend, "picture": drawing.draw(trend, name)}


def _render(template: str, **shown: Any) -> str:
    return render_template(
        template,
        person=signed_in(),
        may_review=_own() is None,
        grades=list(CaseGrade),
        sample_reasons=list(SampleReason),
        zone=zone(),
        **shown,
    )
