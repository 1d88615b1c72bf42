"""The city pack's first versions: published once, afterwards only drafted."""

from uuid import uuid4

import pytest

from calltaker.authoring.first import Became, Document, publish_first
from models.publication import Publication
from models.states import PublicationKind, PublicationState
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


def publish(house: House, text: str) -> list:
    document = Document(PublicationKind.MENU, "menu", text)
    with house.runtime.sessions() as session:
        told = publish_first(session, [document], house.clock(), lambda: uuid4().hex)
        session.commit()
    return [(line.became, line.version) for line in told]


def test_the_first_version_is_live_and_doing_it_again_changes_nothing(house: House):
    assert publish(house, "key: menu") == [(Became.LIVE, 1)]
    assert publish(house, "key: menu") == [(Became.UNCHANGED, None)]
    row = house.rows(Publication)[0]
    assert (row.author, row.state) == ("city pack", PublicationState.LIVE)
    assert len(row.digest) == 64


def test_a_later_difference_becomes_one_draft_and_never_live(house: House):
    publish(house, "key: menu")
    assert publish(house, "key: menu # new") == [(Became.DRAFT, 2)]
    assert publish(house, "key: menu # new") == [(Became.UNCHANGED, None)]
    states = {row.version: row.state for row in house.rows(Publication)}
    assert states == {1: PublicationState.LIVE, 2: PublicationState.DRAFT}
