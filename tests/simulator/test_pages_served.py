"""How pages are put together: what is escaped, what is named by the manifest, what is refused."""

import json
from html.parser import HTMLParser

import pytest
from stage import served

from simulator.app import build_app
from simulator.config import read_config
from simulator.pages import MissingBuildError, Pages, readable

pytestmark = pytest.mark.rules

SLY = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def page_of():
    from urllib.request import urlopen

    config = read_config({
        "accounts": [{
            "name": SLY, "sid": "AC" + "1" * 32, "auth_token": "t",
            "numbers": [{"number": "+15205550100", "dialled_as": ["311"], "voice_url": "http://127.0.0.1:1/voice#rc=1"}],
        }],
        "phones": [
            {"number": "+15205550191", "name": SLY, "kind": "desk911"},
            {"number": "+15205550140", "name": "A resident", "kind": "resident"},
        ],
        "residents": [{"name": SLY, "number": "+15205550142", "language": "es", "opening": SLY, "note": SLY}],
    })  # fmt: skip
    with served(lambda: build_app(config)) as running:

        def read(path):
            with urlopen(running.url + path) as answer:
                return answer.read().decode(), answer.headers

        yield read


class Tags(HTMLParser):
    """The script tags of a page and where each thing of it comes from."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.sources = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
        self.sources += [
            value
            for name, value in attrs
            if name in ("src", "href") and tag in ("script", "link", "img")
        ]


@pytest.mark.parametrize("path", ["/", "/phone", "/911", "/911?phone=%2B15205550191"])
def test_no_name_becomes_markup_and_no_script_stands_in_a_page(page_of, path):
    text, headers = page_of(path)
    tags = Tags(text)
    assert SLY not in text
    assert all(script.get("src") or script["type"] == "application/json" for script in tags.scripts)
    assert all(source.startswith(("/build/", "data:")) for source in tags.sources)
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_the_page_hands_its_script_the_residents_as_data(page_of):
    text, _headers = page_of("/phone")
    block = text.split('id="page-data">')[1].split("</script>")[0]
    assert json.loads(block)["residents"][0]["name"] == SLY


def test_a_number_with_a_plain_plus_sign_is_understood(page_of):
    assert page_of("/911?phone=+15205550191")[0] == page_of("/911?phone=%2B15205550191")[0]


def test_a_residents_telephone_is_no_desk(page_of):
    assert "Which telephone" in page_of("/911?phone=%2B15205550140")[0]


def test_the_shim_is_served_under_a_lasting_name(page_of):
    text, headers = page_of("/shim.js")
    assert "WebSocket" in text
    assert headers["Content-Type"].startswith("text/javascript")


def test_pages_that_are_not_built_stop_the_start_and_name_the_command(tmp_path):
    with pytest.raises(MissingBuildError, match="npm run build"):
        Pages(
            read_config({"accounts": [{"name": "a", "sid": "AC" + "1" * 32, "auth_token": "t"}]}),
            tmp_path,
        )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+15205550142", "(520) 555-0142"),
        ("+525555550142", "+525555550142"),
        ("anonymous", "anonymous"),
    ],
)
def test_numbers_are_shown_as_people_read_them(number, words):
    assert readable(number) == words
