"""What every answer carries, and what an error says and does not say."""

import re

import pytest

from models.states import Role
from tests.fakes import fake_runtime
from tests.staff.staff_stage import House, open_door

pytestmark = pytest.mark.database
PAGE = {"Accept": "text/html"}


@pytest.fixture
def open_with(database_url: str, tmp_path):
    def made(**changes):
        return open_door(fake_runtime(database_url, tmp_path / "spool"), tmp_path, **changes)

    return made


def directives(policy: str) -> dict[str, str]:
    return {part.split(" ", 1)[0]: part.partition(" ")[2] for part in policy.split("; ")}


def test_every_answer_is_protected(house: House):
    client = house.app.test_client()
    for answer in (
        client.get("/login"),
        client.get("/nowhere"),
        client.get("/nowhere", headers=PAGE),
        client.get("/desk/state"),
        client.get("/static/build/desk-A.js"),
        client.post("/login"),
        client.delete("/login"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert directives(policy)["frame-ancestors"] == "'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "microphone=(self)" in answer.headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer.headers
        assert answer.headers["Cache-Control"]


def test_the_nonce_is_new_on_every_page_and_on_every_script(house: House):
    person = house.person()
    pages = [person.client.get("/desk", headers=PAGE) for _ in range(2)]
    found = [
        re.search("'nonce-([^']+)'", page.headers["Content-Security-Policy"]) for page in pages
    ]
    assert found[0].group(1) != found[1].group(1)
    scripts = re.findall("<script[^>]*>", pages[0].text)
    assert scripts
    assert all(f'nonce="{found[0].group(1)}"' in script for script in scripts)
    assert "<style" not in pages[0].text
    assert 'style="' not in pages[0].text


def test_with_twilio_the_desk_speaks_to_exactly_its_voice_hosts(open_with):
    answer = open_with(public_url="https://311.example.test").test_client().get("/login")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["connect-src"].split() == [
        "'self'",
        "wss://voice-js.roaming.twilio.com",
        "https://eventgw.twilio.com",
        "https://media.twiliocdn.com",
        "https://sdk.twilio.com",
    ]
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_with_a_local_telephone_company_the_desk_speaks_to_it_alone(open_with):
    answer = open_with(signalling_url="http://127.0.0.1:3190").test_client().get("/login")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["connect-src"].split() == [
        "'self'",
        "http://127.0.0.1:3190",
        "ws://127.0.0.1:3190",
        "wss://127.0.0.1:3190",
    ]
    assert "twilio" not in answer.headers["Content-Security-Policy"]


def test_cookies_over_https_are_bound_to_this_host(open_with):
    app = open_with(public_url="https://311.example.test")
    cookies = app.test_client().get("/login").headers.getlist("Set-Cookie")
    assert cookies[0].startswith("__Host-oldpueblo-form=")
    assert "Secure" in cookies[0]
    assert "Domain" not in cookies[0]


def test_an_error_is_a_page_for_people_and_json_for_scripts(house: House):
    person = house.person()
    page = person.client.get("/nowhere", headers=PAGE)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "Back to the desk" in page.text
    told = person.client.get("/nowhere")
    assert (told.status_code, told.mimetype) == (404, "application/json")
    assert set(told.json) == {"problem", "what_to_do"}


def test_a_surprise_says_nothing_of_the_inside(house: House, monkeypatch, capsys):
    person = house.person()

    def broken(*_):
        raise RuntimeError("caller said: hay un bache +15205550142")

    monkeypatch.setattr(house.gateway, "softphone_token", broken)
    answer = person.order("/softphone-token")
    assert answer.status_code == 500
    assert "bache" not in answer.text
    assert "RuntimeError" not in answer.text
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "bache" not in logged


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_typed_is_shown_as_text(house: House, text: str):
    admin = house.person(Role.SYSTEM_ADMIN)
    with house.runtime.sessions() as session:
        from models.staff import Staff

        session.get(Staff, admin.staff_id).name = text
        session.commit()
    for path in ("/people", "/desk"):
        assert text not in admin.client.get(path, headers=PAGE).text


def test_the_desk_of_a_demonstration_loads_the_shim_and_knows_the_telephones(open_with):
    app = open_with(signalling_url="http://127.0.0.1:3190")
    person = House(app, app.extensions["staff_door"].runtime).person()
    page = person.client.get("/desk", headers=PAGE).text
    assert 'src="http://127.0.0.1:3190/shim.js"' in page
    assert 'data-phone="http://127.0.0.1:3190/phone"' in page
    ticket = person.ordered("/softphone-token")
    assert ticket["signalling"] == "127.0.0.1:3190"


def test_the_map_under_the_pin_is_the_citys_own(open_with):
    drawn = {"type": "FeatureCollection", "features": [{"type": "Feature"}]}
    app = open_with(base_map=drawn)
    person = House(app, app.extensions["staff_door"].runtime).person()
    assert person.client.get("/desk/map.json").json == drawn
