"""The city pack's first versions: published once, afterwards only drafted."""

from uuid import uuid4

import pytest

from calltaker.authoring.first import Became, Document, publish_first
from models.draft import Draft, PublicationEvent
from models.publication import Publication
from models.states import HistoryEvent, PublicationKind, PublicationState
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


def document(text: str) -> Document:
    return Document(PublicationKind.MENU, "menu", text)


def publish(house: House, text: str) -> list:
    with house.runtime.sessions() as session:
        told = publish_first(session, [document(text)], house.clock(), lambda: uuid4().hex)
        session.commit()
    return [(line.became, line.version) for line in told]


def test_the_first_version_is_live_and_doing_it_again_changes_nothing(house: House):
    assert publish(house, "key: menu") == [(Became.LIVE, 1)]
    assert publish(house, "key: menu") == [(Became.UNCHANGED, None)]
    row = house.rows(Publication)[0]
    assert (row.author, row.state) == ("city pack", PublicationState.LIVE)
    assert len(row.digest) == 64


def test_a_later_difference_becomes_the_one_draft_and_never_live(house: House):
    publish(house, "key: menu")
    assert publish(house, "key: menu # new") == [(Became.DRAFT, None)]
    assert publish(house, "key: menu # new") == [(Became.UNCHANGED, None)]
    assert publish(house, "key: menu # newer") == [(Became.DRAFT, None)]
    [draft] = house.rows(Draft)
    [live] = house.rows(Publication)
    assert (draft.document, draft.revision) == ("key: menu # newer", 2)
    assert (draft.saved_by, draft.based_on) == ("city pack", live.id)
    assert (live.document, live.state) == ("key: menu", PublicationState.LIVE)


def test_a_draft_that_somebody_writes_is_left_alone(house: House):
    publish(house, "key: menu")
    publish(house, "key: menu # new")
    with house.runtime.sessions() as session:
        session.query(Draft).one().saved_by = house.account()
        session.commit()
    assert publish(house, "key: menu # newer") == [(Became.UNCHANGED, None)]
    assert house.rows(Draft)[0].document == "key: menu # new"


def test_a_text_that_was_discarded_is_not_offered_again(house: House):
    publish(house, "key: menu")
    house.add(
        PublicationEvent(
            kind="menu",
            key="menu",
            what=HistoryEvent.DISCARDED,
            digest=document("key: menu # new").digest,
            by="somebody",
            at=house.clock(),
            reason="",
        )
    )
    assert publish(house, "key: menu # new") == [(Became.UNCHANGED, None)]
    assert house.rows(Draft) == []
