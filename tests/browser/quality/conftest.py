"""The pages of quality at the product's own staff door, over a database with a shift's cases."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from calltaker.quality import review_form
from models.intake import ProtocolSession
from models.quality import (
    CaseDispute,
    CaseFeedback,
    CaseReview,
    CaseScore,
)
from models.states import CaseGrade, Reading, ReviewGrade, Role, Triage
from protocols.scoring_scale import SCALE
from tests import databases
from tests.browser.conftest import PATIENCE_MS
from tests.browser.loopback_door import BUILD
from tests.fakes import fake_runtime
from tests.quality.quality_stage import Floor
from tests.staff.staff_stage import House, Person, open_door

WEEKS, A_WEEK = 9, 6


@pytest.fixture(scope="package")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """One call taken badly, one well read, and weeks of scores behind them."""
    folder = tmp_path_factory.mktemp("quality")
    url = databases.fresh("postgresql", folder)
    runtime = fake_runtime(url, folder / "spool")
    floor = Floor.open(House(open_door(runtime, folder, build=BUILD), runtime))
    bad, good = floor.case({"danger_now": "no"}), floor.case()
    floor.score()
    tell_of(floor, bad, good)
    remember_weeks(floor, good)
    yield floor
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()
    databases.drop(url)


def tell_of(floor: Floor, bad: ProtocolSession, good: ProtocolSession) -> None:
    path = f"/quality/cases/{bad.id}"
    words = "La señora no sabía la dirección; the place was read back twice and still not found."
    for person, grade in ((floor.senior, "partly"), (floor.supervisor, "meets")):
        assert floor.review(person, bad, grade=grade, comment=words).status_code == 303
    floor.post(floor.taker, f"{path}/dispute", about="score", dispute=words)
    floor.post(floor.senior, f"{path}/feedback", feedback=words)
    assert floor.review(floor.senior, good).status_code == 303
    assert [len(floor.house.rows(kind)) for kind in (CaseReview, CaseDispute, CaseFeedback)] == [
        3,
        1,
        1,
    ]


def remember_weeks(floor: Floor, run: ProtocolSession) -> None:
    """Scores of the weeks before, better every week, of two people; some were read twice."""
    other = floor.house.account(Role.CALL_TAKER)
    grades = (CaseGrade.MEETS, CaseGrade.MEETS, CaseGrade.PARTLY, CaseGrade.NON_COMPLIANT)
    for number in range(WEEKS * A_WEEK):
        week, n = divmod(number, A_WEEK)
        at = run.ended_at - timedelta(weeks=week, minutes=n)
        session_id, staff_id = uuid4().hex, (floor.taker.staff_id, other)[week % 2]
        about = {"protocol": "pothole", "version": 1, "staff_id": staff_id, "call_id": run.call_id}
        floor.house.add(
            ProtocolSession(
                id=session_id,
                publication_id=run.publication_id,
                started_at=at,
                ended_at=at,
                **about,
            ),
            CaseScore(
                id=uuid4().hex,
                session_id=session_id,
                scale=SCALE.name,
                grade=grades[n % 4],
                earned=29 - week - n % 4,
                applicable=30,
                checks=[],
                under_triage=[],
                ended_at=at,
                scored_at=at,
                **about,
            ),
        )
        if n < 2:
            read_twice(floor, session_id, at, agreed=week != 1)


def read_twice(floor: Floor, session_id: str, at, *, agreed: bool) -> None:
    grade = (ReviewGrade.MEETS, ReviewGrade.PARTLY)
    for number, person in enumerate((floor.senior, floor.supervisor)):
        floor.house.add(
            CaseReview(
                id=uuid4().hex,
                session_id=session_id,
                reading=(Reading.FIRST, Reading.SECOND)[number],
                reviewer_id=person.staff_id,
                form=review_form.FORM,
                answers={},
                grade=grade[0 if agreed else number],
                triage=Triage.RIGHT,
                reviewed_at=at,
            )
        )


@pytest.fixture(scope="package")
def address(shift: Floor) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, shift.house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


@pytest.fixture
def page_of(
    chromium: Browser, shift: Floor, address: str
) -> Iterator[Callable[[Person, str], Page]]:
    """A page as a person sees it; errors of the page or of its policy fail the test."""
    errors: list[str] = []
    contexts = []

    def opened(person: Person, path: str) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        cookie = person.client.get_cookie("oldpueblo")
        context.add_cookies([{"name": "oldpueblo", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda told: "Content Security" in told.text and errors.append(told.text)
        )
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
