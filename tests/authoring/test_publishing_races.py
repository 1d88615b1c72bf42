"""Publishing races: whoever wins, exactly one version is live, and nobody's text is lost unseen."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from calltaker.authoring import approval, documents, drafts, publishing, schedule
from calltaker.authoring.approval import Proposal
from calltaker.authoring.grounds import Grounds
from calltaker.authoring.history import Doing, Subject
from calltaker.errors import StaffDoorError
from models.draft import Draft, PublicationEvent
from models.publication import Publication
from models.states import DraftState, HistoryEvent, PublicationKind, PublicationState
from tests.authoring.authoring_stage import City, hours, read_hours

pytestmark = pytest.mark.database

SUBJECT = Subject(PublicationKind.HOURS, "hours")
WRITER, PROPOSER, ONE, OTHER = "w" * 32, "p" * 32, "1" * 32, "2" * 32
ROUNDS = 6
GROUNDS = Grounds(read={PublicationKind.HOURS: read_hours})


class Table:
    """Two people, or two processes, who act on one document in the same instant."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.runtime = city.house.runtime

    def do(self, act: Callable) -> None:
        with self.runtime.sessions() as session:
            act(session)
            session.commit()

    def together(self, *acts: Callable) -> list[str]:
        """Do them at once; what became of each. A busy database counts as a loss, not a fault."""
        start, became = threading.Barrier(len(acts)), ["?"] * len(acts)

        def run(number: int, act: Callable) -> None:
            start.wait()
            try:
                self.do(act)
                became[number] = "done"
            except StaffDoorError:
                became[number] = "refused"
            except SQLAlchemyError:
                became[number] = "busy"

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert "?" not in became
        return became

    def propose(self, opens: str) -> Draft:
        """A draft that waits for approval, with a revision of its own."""
        self.city.house.clock.pass_by(60)
        now = self.now()
        text = documents.text_of(hours(opens=opens))
        self.do(lambda s: drafts.save(s, SUBJECT, text, 0, Doing(WRITER, now), self.runtime.new_id))
        [draft] = self.city.house.rows(Draft)
        self.do(
            lambda s: approval.propose(
                s, SUBJECT, draft.revision, Proposal("why"), Doing(PROPOSER, now)
            )
        )
        return draft

    def approve(self, draft: Draft, by: str) -> Callable:
        seen = draft.revision, documents.digest(draft.document)
        return lambda s: approval.approve(
            s, SUBJECT, seen, Doing(by, self.now()), self.runtime.new_id
        )

    def roll_back(self, number: int, by: str) -> Callable:
        return lambda s: publishing.roll_back(s, SUBJECT, number, "back", Doing(by, self.now()))

    def now(self):
        return self.city.house.clock()

    def versions(self) -> dict[int, PublicationState]:
        rows = self.city.house.rows(Publication, Publication.kind == PublicationKind.HOURS)
        return {row.version: row.state for row in rows}

    def require_one_live(self) -> None:
        assert list(self.versions().values()).count(PublicationState.LIVE) == 1


@pytest.fixture
def table(city: City) -> Table:
    return Table(city)


def test_of_two_approvers_one_publishes_and_the_other_is_told(table: Table):
    for number in range(ROUNDS):
        draft = table.propose(f"at {number}")
        became = table.together(table.approve(draft, ONE), table.approve(draft, OTHER))
        assert became.count("done") == 1
        table.require_one_live()
        assert len(table.versions()) == number + 2
    assert table.city.house.rows(Draft) == []


def test_a_save_and_an_approval_never_publish_a_text_that_nobody_read(table: Table):
    for number in range(ROUNDS):
        draft = table.propose(f"at {number}")
        text = documents.text_of(hours(opens="sneaked in"))

        def withdraw_and_save(session, draft=draft, text=text):
            approval.take_back(
                session, SUBJECT, HistoryEvent.WITHDRAWN, "", Doing(WRITER, table.now())
            )
            drafts.save(
                session,
                SUBJECT,
                text,
                draft.revision,
                Doing(WRITER, table.now()),
                table.runtime.new_id,
            )

        became = table.together(table.approve(draft, ONE), withdraw_and_save)
        table.require_one_live()
        live = table.city.live()[0].document
        assert "sneaked in" not in live
        left = table.city.house.rows(Draft)
        if became[0] == "done":
            assert (left, f"at {number}" in live) == ([], True)
        else:
            assert [row.state for row in left] == [DraftState.EDITING]
            table.do(
                lambda s, left=left: drafts.discard(
                    s, SUBJECT, left[0].revision, Doing(WRITER, table.now())
                )
            )


def test_an_approval_and_a_roll_back_end_with_one_live_version(table: Table):
    table.do(table.approve(table.propose("first"), ONE))
    for number in range(ROUNDS):
        draft = table.propose(f"at {number}")
        superseded = [
            version
            for version, state in table.versions().items()
            if state is PublicationState.SUPERSEDED
        ]
        became = table.together(table.approve(draft, ONE), table.roll_back(superseded[0], OTHER))
        assert "done" in became
        table.require_one_live()
        if became[0] != "done":
            table.do(table.approve(draft, ONE))


def test_two_roll_backs_end_with_one_live_version(table: Table):
    for opens in ("nine", "ten"):
        table.do(table.approve(table.propose(opens), ONE))
    for _ in range(ROUNDS):
        old = [v for v, state in table.versions().items() if state is PublicationState.SUPERSEDED]
        became = table.together(table.roll_back(old[0], ONE), table.roll_back(old[1], OTHER))
        assert "done" in became
        table.require_one_live()


def test_of_two_savers_one_is_refused_with_the_others_text(table: Table):
    table.do(
        lambda s: drafts.save(s, SUBJECT, "{}", 0, Doing(WRITER, table.now()), table.runtime.new_id)
    )
    for _ in range(ROUNDS):
        [draft] = table.city.house.rows(Draft)

        def save(by: str, draft: Draft = draft) -> Callable:
            text = documents.text_of(hours(by=by, after=draft.revision))
            return lambda s: drafts.save(
                s, SUBJECT, text, draft.revision, Doing(by, table.now()), table.runtime.new_id
            )

        became = table.together(save(ONE), save(OTHER))
        assert became.count("done") == 1
        [after] = table.city.house.rows(Draft)
        assert after.revision == draft.revision + 1
        assert after.saved_by == (ONE, OTHER)[became.index("done")]


def test_a_scheduled_version_goes_live_once_however_many_sweep(table: Table):
    table.propose("later")
    at = table.now() + timedelta(hours=1)
    with table.runtime.sessions() as session:
        session.query(Draft).one().publish_at = at
        session.commit()
    [draft] = table.city.house.rows(Draft)
    table.do(table.approve(draft, ONE))
    assert table.versions() == {1: PublicationState.LIVE, 2: PublicationState.SCHEDULED}
    assert schedule.run_due(table.runtime, lambda: GROUNDS, at - timedelta(seconds=1)) == 0
    went_live: list[int] = []

    def sweep() -> None:
        try:
            went_live.append(schedule.run_due(table.runtime, lambda: GROUNDS, at))
        except SQLAlchemyError:
            went_live.append(0)

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    schedule.run_due(table.runtime, lambda: GROUNDS, at)
    assert table.versions() == {1: PublicationState.SUPERSEDED, 2: PublicationState.LIVE}
    assert sum(went_live) <= 1
    published = table.city.house.rows(
        PublicationEvent,
        PublicationEvent.what == HistoryEvent.PUBLISHED,
        PublicationEvent.version == 2,
    )
    assert [event.by for event in published] == ["line"]


def test_versions_that_were_missed_are_caught_up_in_order(table: Table):
    at = table.now() + timedelta(hours=1)
    for number, opens in enumerate(("nine", "ten")):
        draft = table.propose(opens)
        with table.runtime.sessions() as session:
            session.query(Draft).one().publish_at = at + timedelta(minutes=number)
            session.commit()
        table.do(table.approve(draft, ONE))
    long_after = at + timedelta(days=2)
    assert schedule.run_due(table.runtime, lambda: GROUNDS, long_after) == 2
    assert table.versions() == {
        1: PublicationState.SUPERSEDED,
        2: PublicationState.SUPERSEDED,
        3: PublicationState.LIVE,
    }


def test_a_version_whose_facts_have_changed_is_kept_back_and_says_why(table: Table):
    draft = table.propose("later")
    at = table.now() + timedelta(hours=1)
    with table.runtime.sessions() as session:
        session.query(Draft).one().publish_at = at
        session.commit()
    table.do(table.approve(draft, ONE))

    def refuse(document: object) -> object:
        from ivr.errors import CityPackError

        raise CityPackError(["hours: main: the calendar is gone"])

    changed = Grounds(read={PublicationKind.HOURS: refuse})
    assert schedule.run_due(table.runtime, lambda: changed, at) == 0
    assert table.versions() == {1: PublicationState.LIVE, 2: PublicationState.WITHHELD}
    [event] = table.city.house.rows(
        PublicationEvent, PublicationEvent.what == HistoryEvent.WITHHELD
    )
    assert "the calendar is gone" in event.reason
    assert schedule.run_due(table.runtime, lambda: GROUNDS, at) == 0, "it waits no more"
