"""The pages of quality in a browser: nothing for axe to find, and a review written by keyboard alone."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from calltaker.quality import review_form
from models.intake import ProtocolSession
from models.quality import CaseReview, CaseScore
from models.states import CaseGrade, Reading
from tests.axe import violations
from tests.quality.quality_stage import Floor

pytestmark = pytest.mark.browser

LOOKS = {
    "light": ({"width": 1280, "height": 720}, "light"),
    "dark": ({"width": 1280, "height": 720}, "dark"),
    "narrow": ({"width": 390, "height": 844}, "light"),
}
PICTURES = os.environ.get("LOOK_AT_QUALITY")
"""A folder: the pages are pictured there, for people to look at."""


def cases(shift: Floor) -> list[ProtocolSession]:
    """The two calls that were really taken: the bad one, the good one."""
    taken = shift.house.rows(CaseScore, CaseScore.grade == CaseGrade.NON_COMPLIANT)
    ids = [score.session_id for score in taken if score.checks]
    return sorted(
        shift.house.rows(ProtocolSession, ProtocolSession.id.in_(ids)),
        key=lambda run: run.started_at,
    )


PAGES: dict[str, Callable[[Floor], tuple[str, str]]] = {
    "list": lambda _: ("senior", "/quality"),
    "list-own": lambda _: ("taker", "/quality?todo=feedback_open"),
    "list-empty": lambda _: ("senior", "/quality?grade=not_scored"),
    "case-agreeing": lambda shift: ("senior", f"/quality/cases/{cases(shift)[0].id}"),
    "case-second-reader": lambda shift: ("supervisor", f"/quality/cases/{cases(shift)[1].id}"),
    "case-own": lambda shift: ("taker", f"/quality/cases/{cases(shift)[0].id}"),
    "trends": lambda _: ("supervisor", "/quality/trends"),
    "trends-own": lambda _: ("taker", "/quality/trends"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_light_dark_or_narrow_and_nothing_runs_over(page_of, shift, name):
    who, path = PAGES[name](shift)
    page = page_of(getattr(shift, who), path)
    for look, (size, scheme) in LOOKS.items():
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert violations(page) == [], look
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], look
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{look}.png", full_page=True)


def test_a_trend_is_drawn_and_told_in_words(page_of, shift):
    page = page_of(shift.supervisor, "/quality/trends")
    row = page.get_by_role("region", name="Table of by protocol").get_by_role("row").nth(1)
    picture = row.get_by_role("img", name="pothole: from")
    expect(picture).to_be_visible()
    assert picture.locator("circle").count() >= 2
    assert picture.locator("polyline").count() >= 1


def test_a_second_reader_writes_their_review_by_keyboard_alone(page_of, shift):
    _, good = cases(shift)
    page = page_of(shift.supervisor, f"/quality/cases/{good.id}")
    expect(page.get_by_text("Somebody has read this case.")).to_be_visible()
    page.get_by_role("radio").first.focus()
    for _ in review_form.QUESTIONS:
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Oí toda la llamada.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Second reading")).to_contain_text(
        "Oí toda la llamada."
    )
    expect(page.get_by_role("article", name="First reading")).to_be_visible()
    written = shift.house.rows(CaseReview, CaseReview.session_id == good.id)
    assert {review.reading for review in written} == {Reading.FIRST, Reading.SECOND}
