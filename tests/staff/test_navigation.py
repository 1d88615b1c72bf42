"""The navigation offers each role the pages that it may open, all of them and no other, on every page."""

import re

import pytest

from calltaker.staff.navigation import PAGES, pages_of
from models.states import Role
from tests.staff.staff_stage import House, Person

pytestmark = pytest.mark.database

ELSEWHERE = {"/handoffs"}
"""Pages of the 911 door, which is registered apart."""


def navigation(person: Person, address: str) -> list[str]:
    """The addresses that a page's navigation leads to."""
    answer = person.client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, f"{address}: {answer.status}"
    found = re.search(r'<nav class="page-navigation".*?</nav>', answer.text, re.DOTALL)
    assert found is not None, f"{address} has no navigation"
    return re.findall(r'href="([^"]+)"', found.group())


@pytest.mark.parametrize("role", list(Role))
def test_every_page_offers_a_role_what_it_may_open_and_nothing_else(house: House, role: Role):
    person = house.person(role)
    offered = {page.address for page in pages_of(role)}
    for page in PAGES:
        if page.address in ELSEWHERE or page.name == "desk":
            continue
        if page.address in offered or (page.within and page in pages_of(role, page.name)):
            assert offered <= set(navigation(person, page.address))
        else:
            assert person.client.get(page.address).status_code == 403, page.address


def test_the_desk_hands_its_page_the_same_list_without_itself(house: House):
    shown = house.person(Role.SUPERVISOR).client.get("/desk").text
    for page in pages_of(Role.SUPERVISOR):
        assert (f"&#34;{page.address}&#34;" in shown) is (page.name != "desk"), page.address


def test_a_section_shows_its_own_pages_in_itself_alone():
    assert "Trends" in [page.title for page in pages_of(Role.SENIOR, "quality")]
    assert "Trends" in [page.title for page in pages_of(Role.SENIOR, "trends")]
    assert "Trends" not in [page.title for page in pages_of(Role.SENIOR, "menus")]
