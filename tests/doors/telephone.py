"""How Twilio asks the voice door, and what a telephone takes from the answer."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from flask import Flask

from ivr.runtime import Runtime
from ivr.webhooks import voice_blueprint
from tests.fakes import AUTH_TOKEN, PUBLIC_URL


class Twilio:
    """Asks the voice door as Twilio does: a form, signed for the public address."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def post(self, path: str, fields=(), token: str = AUTH_TOKEN, **named):
        pairs = [*dict(fields).items()] if not isinstance(fields, list) else fields
        return self.client.post(
            path, data=_encoded(pairs), headers={"X-Twilio-Signature": sign(path, pairs, token)},
            content_type="application/x-www-form-urlencoded", **named,
        )  # fmt: skip

    def says(self, path: str, **fields: str) -> "Heard":
        return Heard(self.post(path, fields))


def _encoded(pairs) -> bytes:
    return urlencode(pairs).encode()


def sign(path: str, pairs, token: str = AUTH_TOKEN) -> str:
    text = PUBLIC_URL + path.partition("#")[0]
    text += "".join(name + value for name, value in sorted({(n, v) for n, v in pairs}))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Heard:
    """A document as a telephone would take it."""

    def __init__(self, response) -> None:
        assert response.status_code == 200, (response.status_code, response.data)
        assert response.content_type == "text/xml; charset=utf-8"
        self.bytes = response.data
        self.root = ET.fromstring(response.data)
        assert self.root.tag == "Response"

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.root]

    @property
    def words(self) -> str:
        return " ".join(say.text or "" for say in self.root.iter("Say"))

    def one(self, tag: str):
        found = list(self.root.iter(tag))
        assert len(found) == 1, (tag, self.bytes)
        return found[0]

    @property
    def next_path(self) -> str:
        """Where the Gather's answer goes, as a path."""
        return path_of(self.one("Gather").get("action"))


def path_of(url: str) -> str:
    assert url.startswith(PUBLIC_URL + "/voice/"), url
    return url.removeprefix(PUBLIC_URL).partition("#")[0]


def door(runtime: Runtime) -> Twilio:
    app = Flask("voice-test")
    app.register_blueprint(voice_blueprint(runtime))
    return Twilio(app)
