"""Every route has a guard, every role has exactly its routes, and a bare route stops the start."""

import re
from itertools import product

import pytest
from flask import Flask

from calltaker.doors import register_staff
from calltaker.doorway import DeskDoor
from calltaker.errors import NotReadyError
from calltaker.staff import guards
from calltaker.staff.permissions import MATRIX, SIGHT, Permission, Sight, may
from models.states import Role
from tests.fakes import fake_runtime
from tests.staff.staff_stage import House, built

pytestmark = pytest.mark.database


def routes(app: Flask) -> list[tuple[str, str, object]]:
    """(method, address, what is declared) of every route, made of the application itself."""
    found = []
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)
        address = re.sub(r"<[^>]+>", "0" * 32, address)
        declared = guards.declared(app, rule.endpoint)
        found += [(method, address, declared) for method in sorted(rule.methods - {"OPTIONS"})]
    return found


def test_every_role_has_a_row_and_a_sight():
    assert set(MATRIX) == set(SIGHT) == set(Role)


def test_nobody_who_answers_no_calls_sees_what_a_caller_said():
    for role in Role:
        assert (SIGHT[role] is Sight.FULL) == may(role, Permission.ANSWER_CALLS)


def test_every_role_meets_every_route_as_the_matrix_says(house: House):
    people = {role: house.person(role) for role in Role}
    for (method, address, declared), role in product(routes(house.app), Role):
        if not isinstance(declared, Permission) or address in ("/events", "/logout"):
            continue
        person = people[role]
        if not person.token:
            person.state()
        headers = {"X-CSRFToken": person.token}
        answer = person.client.open(address, method=method, headers=headers, json={})
        refused = answer.status_code == 403
        assert refused is not may(role, declared), f"{role} {method} {address}: {answer.status}"
        assert answer.status_code < 500, f"{role} {method} {address}"


def test_nobody_passes_a_guarded_route_without_a_session(house: House):
    stranger = house.app.test_client()
    guarded = [found for found in routes(house.app) if isinstance(found[2], Permission)]
    assert len(guarded) > 20
    for method, address, _ in guarded:
        assert stranger.open(address, method=method, json={}).status_code == 401, address


def test_a_page_leads_a_stranger_to_the_sign_in(house: House):
    answer = house.app.test_client().get("/desk", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_every_changing_route_of_ours_refuses_an_order_without_the_token(house: House):
    person = house.person(Role.SUPERVISOR)
    for method, address, declared in routes(house.app):
        if method in guards.SAFE:
            continue
        answer = person.client.open(address, method=method, json={})
        assert answer.status_code == 403, f"{method} {address} ({declared})"


def test_a_route_without_a_guard_stops_the_start(database_url: str, tmp_path):
    app = Flask("oldpueblo", static_folder=None)
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    door = DeskDoor(
        runtime=fake_runtime(database_url, tmp_path / "spool"),
        public_url="http://127.0.0.1:3110",
        secret_key="s" * 40,
        build=built(tmp_path / "build"),
    )
    with pytest.raises(NotReadyError, match="/forgotten"):
        register_staff(app, door)


def test_a_missing_build_stops_the_start(database_url: str, tmp_path):
    door = DeskDoor(
        runtime=fake_runtime(database_url, tmp_path / "spool"),
        public_url="http://127.0.0.1:3110",
        secret_key="s" * 40,
        build=tmp_path / "nothing",
    )
    with pytest.raises(NotReadyError, match="not built"):
        register_staff(Flask("oldpueblo", static_folder=None), door)


def test_others_calls_look_like_nothing_on_every_address_of_a_call(house: House):
    mine, theirs = house.person(), house.person()
    call = house.in_room(theirs.staff_id)
    mine.state()
    orders = [
        address.replace("0" * 32, call.id)
        for method, address, _ in routes(house.app)
        if method == "POST" and address.startswith("/desk/calls/")
    ]
    assert len(orders) > 10
    good = {
        "on": True,
        "escalation_id": "e" * 32,
        "text": "x",
        "intent": "pothole",
        "protocol": "pothole",
        "question": "danger_now",
        "value": "no",
        "disposition": "information",
        "flag": "fire_smoke",
        "kind": "retriage",
        "determinant": "pothole",
        "reason": "x",
        "what": "advice",
        "was_read": True,
        "referral_id": "f" * 32,
        "destination": "crisis_line",
        "is_there": True,
        "judgement": "right",
        "tag": "thanks",
        "language": "en",
        "follow_up_id": "f" * 32,
        "when": "today",
    }
    for order in orders:
        answer = mine.order(order.removeprefix("/desk"), good)
        assert answer.status_code == 404, order
        assert answer.json["problem"] in ("This call is not yours.",)
    assert house.gateway.asked == []
    assert house.journal(call.id) == []
