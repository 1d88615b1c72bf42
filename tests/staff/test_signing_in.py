"""Coming in, going out, and what a stranger learns: nothing."""

from datetime import timedelta

import pytest

from calltaker.staff import accounts, sessions
from models.staff import Presence, Staff, StaffSession
from models.states import PresenceState, Role
from tests.staff.staff_stage import PASSWORD, House, Person, post_form, sign_in, token_of

pytestmark = pytest.mark.database
EMAIL = "ana@tucson.example"
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def ana(house: House) -> str:
    with house.runtime.sessions() as session:
        staff = accounts.make(
            session,
            email="Ana@Tucson.example ",
            name="Ana",
            role=Role.CALL_TAKER,
            password=PASSWORD,
            now=house.clock(),
            new_id="a" * 32,
        )
        session.commit()
        return staff.id


def test_the_right_password_leads_to_the_desk(house: House, ana: str):
    client = house.app.test_client()
    answer = sign_in(client, EMAIL, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk")
    assert client.get("/desk").status_code == 200
    assert client.get("/desk/state").json["staff"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.CALL_TAKER, "/desk"),
        (Role.SENIOR, "/desk"),
        (Role.SUPERVISOR, "/desk"),
        (Role.MENU_ADMIN, "/menus"),
        (Role.SYSTEM_ADMIN, "/people"),
        (Role.AUDITOR, "/people"),
    ],
)
def test_signing_in_leads_everybody_to_where_their_work_is(house: House, role: Role, page: str):
    path = invited(house, house.person(Role.SYSTEM_ADMIN), role=role)
    client = house.app.test_client()
    assert post_form(client, path, path, name="Nora", password=PASSWORD).location == page
    again = house.app.test_client()
    assert sign_in(again, "new@tucson.example", PASSWORD).location == page
    assert again.get(page).status_code == 200


def test_the_cookie_is_for_the_server_alone_and_its_word_is_not_kept(house: House, ana: str):
    answer = sign_in(house.app.test_client(), EMAIL, PASSWORD)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("oldpueblo="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    word = cookie.split(";")[0].removeprefix("oldpueblo=")
    kept = house.rows(StaffSession)[0].id
    assert len(kept) == 64
    assert word not in kept
    assert kept == sessions.fingerprint(word)


def test_a_word_planted_before_signing_in_is_worth_nothing(house: House, ana: str):
    client = house.app.test_client()
    client.set_cookie("oldpueblo", "planted")
    sign_in(client, EMAIL, PASSWORD)
    thief = house.app.test_client()
    thief.set_cookie("oldpueblo", "planted")
    assert thief.get("/desk/state").status_code == 401


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "not the password at all"), ("nobody@tucson.example", PASSWORD), ("", ""), ("'", "%")],
)
def test_a_wrong_sign_in_says_the_same_whether_or_not_the_account_exists(
    house: House, ana: str, email: str, password: str
):
    answer = sign_in(house.app.test_client(), email, password)
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert house.rows(StaffSession) == []


def test_five_failures_slow_down_this_pair_and_nobody_else(house: House, ana: str):
    client = house.app.test_client()
    for _ in range(5):
        assert sign_in(client, EMAIL, "not the password at all").status_code == 401
    answer = sign_in(client, EMAIL, PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert sign_in(client, "ben@tucson.example", PASSWORD).status_code == 401
    elsewhere = house.app.test_client()
    token = token_of(elsewhere.get("/login", headers={"Accept": "text/html"}).text)
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    other = elsewhere.post("/login", data=form, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 302
    house.clock.pass_by(15 * 60 + 1)
    assert sign_in(client, EMAIL, PASSWORD).status_code == 302


def test_signing_out_ends_the_row_so_a_copied_cookie_is_worth_nothing(house: House):
    person = house.person()
    word = person.client.get_cookie("oldpueblo").value
    person.state()
    assert person.client.post("/logout", data={"csrf_token": person.token}).status_code == 303
    copy = house.app.test_client()
    copy.set_cookie("oldpueblo", word)
    assert copy.get("/desk/state").status_code == 401


def test_a_browser_unseen_for_half_an_hour_signs_in_again(house: House):
    person = house.person()
    house.clock.pass_by(29 * 60)
    person.state()
    house.clock.pass_by(29 * 60)
    person.state()
    house.clock.pass_by(31 * 60)
    assert person.client.get("/desk/state").status_code == 401


def test_no_session_outlives_a_shift(house: House):
    person = house.person()
    for _ in range(14 * 3):
        house.clock.pass_by(20 * 60)
        last = person.client.get("/desk/state").status_code
    assert last == 200
    house.clock.pass_by(60)
    assert person.client.get("/desk/state").status_code == 401


def test_a_disabled_person_is_out_at_the_next_request(house: House):
    admin, person = house.person(Role.SYSTEM_ADMIN), house.person()
    house.be(person.staff_id, PresenceState.AVAILABLE)
    person.state()
    assert admin.form(f"/people/{person.staff_id}/disable", "/people").status_code == 303
    assert person.client.get("/desk/state").status_code == 401
    assert house.rows(Presence)[0].state is PresenceState.OFFLINE


def test_a_disabled_person_keeps_their_live_call_and_nothing_after_it(house: House):
    admin, person = house.person(Role.SYSTEM_ADMIN), house.person()
    call = house.in_room(person.staff_id)
    admin.form(f"/people/{person.staff_id}/disable", "/people")
    assert person.ordered(f"/calls/{call.id}/notes", {"text": "still here"})["call"]
    assert person.order("/presence", {"state": "available"}).status_code == 409
    house.leave_room(call)
    assert person.client.get("/desk/state").status_code == 401


def test_a_new_role_takes_effect_with_a_new_sign_in(house: House):
    admin, person = house.person(Role.SYSTEM_ADMIN), house.person()
    person.state()
    form = {"role": "auditor"}
    assert admin.form(f"/people/{person.staff_id}/role", "/people", **form).status_code == 303
    assert person.client.get("/desk/state").status_code == 401
    assert house.rows(Staff, Staff.id == person.staff_id)[0].role is Role.AUDITOR


def test_a_role_does_not_change_under_a_live_call(house: House):
    admin, person = house.person(Role.SYSTEM_ADMIN), house.person()
    house.in_room(person.staff_id)
    answer = admin.form(f"/people/{person.staff_id}/role", "/people", role="auditor")
    assert answer.status_code == 409
    assert person.state()["staff"]["role"] == "call_taker"


def test_the_last_administrator_stays_one(house: House):
    admin = house.person(Role.SYSTEM_ADMIN)
    second = house.person(Role.SYSTEM_ADMIN)
    assert admin.form(f"/people/{admin.staff_id}/disable", "/people").status_code == 409
    assert admin.form(f"/people/{second.staff_id}/disable", "/people").status_code == 303
    assert (
        admin.form(f"/people/{admin.staff_id}/role", "/people", role="auditor").status_code == 409
    )


def test_an_enabled_person_signs_in_again_with_the_old_password(house: House, ana: str):
    admin = house.person(Role.SYSTEM_ADMIN)
    admin.form(f"/people/{ana}/disable", "/people")
    assert sign_in(house.app.test_client(), EMAIL, PASSWORD).status_code == 401
    admin.form(f"/people/{ana}/enable", "/people")
    assert sign_in(house.app.test_client(), EMAIL, PASSWORD).status_code == 302


def test_a_page_without_its_token_changes_nothing(house: House, ana: str):
    client = house.app.test_client()
    answer = client.post("/login", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 403
    person = house.person()
    answer = person.client.post("/desk/presence", json={"state": "available"})
    assert answer.status_code == 403
    assert answer.json["problem"]
    assert house.rows(Presence) == []


def test_the_token_of_the_page_before_signing_in_is_no_use_after_it(house: House, ana: str):
    client = house.app.test_client()
    old = token_of(client.get("/login").text)
    sign_in(client, EMAIL, PASSWORD)
    answer = client.post("/desk/heartbeat", json={}, headers={"X-CSRFToken": old})
    assert answer.status_code == 403


def invited(
    house: House,
    admin: Person,
    email: str = "new@tucson.example",
    role: Role = Role.SUPERVISOR,
) -> str:
    page = admin.form("/people/invite", "/people", email=email, role=role.value).text
    return page.split("http://127.0.0.1:3110")[1].split("<")[0].strip()


def test_an_invitation_makes_one_account_with_its_role(house: House):
    path = invited(house, house.person(Role.SYSTEM_ADMIN))
    client = house.app.test_client()
    answer = post_form(client, path, path, name="Nora", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk")
    assert client.get("/desk/state").json["staff"]["role"] == "supervisor"
    assert house.app.test_client().get(path).status_code == 404


def test_an_invitation_survives_a_refused_password(house: House):
    path = invited(house, house.person(Role.SYSTEM_ADMIN))
    client = house.app.test_client()
    refused = post_form(client, path, path, name="Nora", password="short")
    assert refused.status_code == 422
    assert "15 characters" in refused.text
    assert post_form(client, path, path, name="Nora", password=PASSWORD).status_code == 302


def test_an_invitation_ends_after_72_hours(house: House):
    admin = house.person(Role.SYSTEM_ADMIN)
    path = invited(house, admin)
    house.clock.pass_by(timedelta(hours=72).total_seconds())
    assert house.app.test_client().get(path).status_code == 404


def test_a_second_invitation_takes_the_place_of_the_first(house: House):
    admin = house.person(Role.SYSTEM_ADMIN)
    first, second = invited(house, admin), invited(house, admin)
    stranger = house.app.test_client()
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200


def test_an_unknown_invitation_says_what_a_used_one_says(house: House):
    page = house.app.test_client().get("/invitation/guess", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "used already, or it is older than 72 hours" in page.text
