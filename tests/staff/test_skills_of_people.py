"""Who takes which calls: an administrator writes it, in words that the city has."""

import pytest

from ivr.rules.skills import GroupKind, SkillGroup
from models.staff import Staff
from models.states import Role
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

GROUPS = {key: SkillGroup(key, GroupKind.TOPIC, {}, 60) for key in ("general", "water", "w" * 199)}


@pytest.fixture
def admin(house: House):
    object.__setattr__(house.runtime.city, "skill_groups", GROUPS)
    return house.person(Role.SYSTEM_ADMIN)


def skills_of(house, staff_id):
    return house.rows(Staff, Staff.id == staff_id)[0].skills


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("water", "water"),
        (" Water,general ,", "general,water"),
        ("all", "all"),
        ("water, all", "all"),
    ],
)
def test_skills_are_kept_as_words(house: House, admin, written, kept):
    person = house.account()
    assert skills_of(house, person) == "all"
    answer = admin.form(f"/people/{person}/skills", "/people", skills=written)
    assert answer.status_code == 303
    assert skills_of(house, person) == kept


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("weeds", "There is no skill &#39;weeds&#39;"),
        ("everybody", "There is no skill"),
        ("", "No skill was written"),
        (",", "No skill was written"),
        ("w" * 199 + ",water", "too many skills"),
    ],
)
def test_what_the_city_does_not_have_is_refused_with_what_it_has(
    house: House, admin, written, told
):
    person = house.account()
    answer = admin.form(f"/people/{person}/skills", "/people", skills=written)
    assert answer.status_code == 422
    assert told in answer.text
    assert skills_of(house, person) == "all"


def test_nobody_else_changes_them_and_an_unknown_account_is_not_there(house: House, admin):
    person = house.account()
    other = house.person(Role.SUPERVISOR)
    assert other.form(f"/people/{person}/skills", "/people", skills="water").status_code == 403
    gone = admin.form(f"/people/{'0' * 32}/skills", "/people", skills="water")
    assert gone.status_code == 404
