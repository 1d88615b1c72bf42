"""What is published reaches the next call, and nothing that is broken takes the line down."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from calltaker.authoring import announcements, documents, publishing, trials
from calltaker.authoring.first import Document, publish_first
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.publishing import Approved
from config.directory import read_destinations
from config.holidays import hours_of
from config.published import Published, Snapshot
from ivr.errors import UnknownCallError
from models.menu_parts import MenuSwitch
from models.states import Language, PublicationKind
from tests.fakes import StandingClock

pytestmark = pytest.mark.database

FIRST = Path(__file__).parents[2] / "config" / "tucson" / "first"
KINDS = ("menu", "hours", "destinations")
SAID = {"en": "A storm is coming.", "es": "Viene una tormenta."}


def first(kind: str) -> dict:
    return documents.read((FIRST / f"{kind}.yaml").read_text(encoding="utf-8"))


class Line:
    """A line over a database, with the documents of the pack published first."""

    def __init__(self, sessions, *, published: bool = True) -> None:
        self.sessions = sessions
        self.clock = StandingClock()
        if published:
            rows = [
                Document(PublicationKind(k), k, (FIRST / f"{k}.yaml").read_text()) for k in KINDS
            ]
            with sessions() as session:
                publish_first(session, rows, self.clock(), self.id)
                session.commit()
        self.published = self.process()

    @staticmethod
    def id() -> str:
        return uuid4().hex

    def process(self) -> Published:
        """Another process of the line."""
        start = Snapshot(
            hours_of(first("hours"), self.clock().date()), read_destinations(first("destinations"))
        )
        return Published(self.sessions, start, self.clock)

    def publish(self, kind: str, document: object | str) -> str:
        text = document if isinstance(document, str) else json.dumps(document)
        subject = Subject(PublicationKind(kind), kind)
        self.clock.pass_by(1)
        doing = Doing("b" * 32, self.clock())
        with self.sessions() as session:
            publishing.lock(session, subject)
            made = publishing.publish(
                session, subject, Approved(text, "a" * 32, "why"), doing, self.id
            )
            session.commit()
        return made.id


@pytest.fixture
def line(sessions):
    made = Line(sessions)
    yield made
    made.published.stop()


def menu_saying(words: str) -> dict:
    menu = first("menu")
    menu["sentences"]["to_a_person"]["en"] = words
    return menu


def said(line: Published) -> str:
    return line.live()[1].sentences.to_a_person[Language.EN].text


def test_a_published_menu_reaches_the_next_call_and_pinned_ones_stay(line: Line):
    began_with, _ = line.published.live()
    line.publish("menu", menu_saying("A person comes."))
    line.published.refresh()
    assert said(line.published) == "A person comes."
    pinned = line.published.pinned(began_with)
    assert pinned.sentences.to_a_person[Language.EN].text != "A person comes."


def test_a_roll_back_reaches_the_next_call_too(line: Line):
    first_id, _ = line.published.live()
    line.publish("menu", menu_saying("A person comes."))
    line.published.refresh()
    with line.sessions() as session:
        subject = Subject(PublicationKind.MENU, "menu")
        publishing.roll_back(session, subject, 1, "back", Doing("c" * 32, line.clock()))
        session.commit()
    line.published.refresh()
    assert line.published.live()[0] == first_id


@pytest.mark.parametrize("broken", ["{}", "key: menu\nnodes: [", "- 1", "[" * 9000, "key: &a [*a]"])
def test_a_broken_menu_in_the_database_never_takes_the_line_down(line: Line, broken: str, capsys):
    line.published.refresh()
    good, _ = line.published.live()
    line.publish("menu", broken)
    line.published.refresh()
    line.published.refresh()
    assert line.published.live()[0] == good
    assert capsys.readouterr().out.count("published_document_unusable") == 1
    fresh = line.process()
    fresh.refresh()
    assert fresh.live()[0] == good, "a process that starts on it serves the one before"


@pytest.mark.parametrize("kind", ["hours", "destinations"])
def test_broken_hours_or_destinations_leave_the_good_ones(line: Line, kind: str):
    line.published.refresh()
    before = line.published.snapshot
    line.publish(kind, "{}")
    line.published.refresh()
    assert line.published.snapshot.hours == before.hours
    assert line.published.answering_points()[""][0].number == "+15205550191"
    assert line.published.opening("main", line.clock()).is_open


def test_the_numbers_of_911_are_there_before_anything_was_read(sessions):
    line = Line(sessions, published=False)
    assert line.published.answering_points()[""]
    assert "+15205550191" in line.published.numbers()
    with pytest.raises(UnknownCallError):
        line.published.live()


def test_new_hours_and_destinations_are_used_at_once(line: Line):
    hours = first("hours")
    hours["lines"]["main"]["always_open"] = False
    hours["lines"]["main"]["weekdays"] = {day: [] for day in hours["lines"]["main"]["weekdays"]}
    line.publish("hours", hours)
    destinations = first("destinations")
    destinations["jurisdictions"]["tucson"][0]["number"] = "+15205550193"
    destinations["directory"] = {}
    line.publish("destinations", destinations)
    points, directory = line.published.answering_points(), line.published.directory()
    line.published.refresh()
    assert not line.published.opening("main", line.clock()).is_open
    assert points["tucson"][0].number == "+15205550193"
    assert dict(directory) == {}
    assert "+15205550120" not in line.published.numbers()
    assert "+15205550110" in line.published.numbers(always={"+15205550110"})


def test_a_trial_is_heard_for_half_an_hour_by_calls_to_its_number_alone(line: Line):
    live, _ = line.published.live()
    with line.sessions() as session:
        subject = Subject(PublicationKind.MENU, "menu")
        text = json.dumps(menu_saying("On trial."))
        begun = trials.begin(session, subject, text, Doing("d" * 32, line.clock()), line.id)
        session.commit()
    line.published.refresh()
    tried_id, tried = line.published.trial()
    assert tried_id == begun.publication_id
    assert tried.sentences.to_a_person[Language.EN].text == "On trial."
    assert line.published.live()[0] == live
    line.clock.pass_by(31 * 60)
    assert line.published.trial() is None
    line.published.refresh()
    assert line.published.trial() is None
    pinned = line.process().pinned(tried_id)
    assert pinned.sentences.to_a_person[Language.EN].text == "On trial."


def test_an_announcement_is_spoken_while_it_lasts_and_not_once_it_is_taken_away(line: Line):
    starts = line.clock() + timedelta(hours=1)
    with line.sessions() as session:
        doing = Doing("e" * 32, line.clock())
        made = announcements.put_up(
            session, SAID, starts, starts + timedelta(hours=2), doing, line.id
        )
        session.commit()
    line.published.refresh()
    assert line.published.announcements(line.clock()) == ()
    [text] = line.published.announcements(starts)
    assert {lang.value: words.text for lang, words in text.items()} == SAID
    assert line.published.announcements(starts + timedelta(hours=2)) == ()
    with line.sessions() as session:
        announcements.take_away(session, made.key, doing)
        session.commit()
    line.published.refresh()
    assert line.published.announcements(starts) == ()


def test_a_switch_is_off_until_somebody_sets_it(line: Line):
    line.published.refresh()
    assert line.published.switch("storm") is False
    with line.sessions() as session:
        session.add(MenuSwitch(key="storm", is_on=True, set_by="f" * 32, set_at=line.clock()))
        session.commit()
    line.published.refresh()
    assert line.published.switch("storm") is True


def test_without_a_database_the_last_good_goes_on_serving(line: Line, monkeypatch):
    line.published.refresh()
    live, _ = line.published.live()
    broken = Published(_away, line.published.snapshot, line.clock)
    broken.refresh()
    assert broken.live()[0] == live
    assert broken.answering_points()[""]


def _away():
    from sqlalchemy.exc import OperationalError

    raise OperationalError("select", {}, Exception("away"))


def test_the_refresher_looks_by_itself(line: Line, monkeypatch):
    import time

    monkeypatch.setattr("config.published.FRESH_SECONDS", 0.05)
    line.published.start()
    line.published.start()
    line.publish("menu", menu_saying("A person comes."))
    until = time.monotonic() + 5
    while time.monotonic() < until and said(line.published) != "A person comes.":
        time.sleep(0.02)
    assert said(line.published) == "A person comes."
