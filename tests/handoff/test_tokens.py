"""Only a fresh token of a published key, meant for this house, opens the 911 door."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest

from calltaker.handoff import tokens
from calltaker.handoff.tokens import TokenError
from tests.handoff.conftest import KEYS, made_key, with_keys
from tests.handoff.handoff_samples import NOW

pytestmark = pytest.mark.rules

AGENCIES = with_keys()


def token(
    key=KEYS["city-911"],
    issuer="911.tucsonaz.example",
    audience="311.tucsonaz.example",
    now=NOW,
    lasts=timedelta(minutes=5),
):
    return tokens.issue(key, issuer, audience, now, lambda: uuid4().hex, lasts)


def tampered():
    head, body, signature = token().split(".")
    return f"{head}.{body}.{signature[:-4]}AAAA"


TOKENS = {
    "none": lambda: "",
    "garbage": lambda: "a.b.c",
    "too long": lambda: "x" * 5000,
    "another's key": lambda: token(key=made_key()),
    "a key name that is not published": lambda: token(key=made_key("nine")),
    "an agency we do not know": lambda: token(issuer="911.elsewhere.example"),
    "meant for another house": lambda: token(audience="311.phoenix.example"),
    "too old": lambda: token(now=NOW - timedelta(minutes=10)),
    "from the future": lambda: token(now=NOW + timedelta(minutes=10)),
    "valid for too long": lambda: token(lasts=timedelta(hours=1)),
    "tampered with": tampered,
    "unsigned": lambda: jwt.encode(
        {"iss": "911.tucsonaz.example"}, None, "none", headers={"kid": "one"}
    ),
    "signed with a shared word": lambda: jwt.encode(
        {"iss": "911.tucsonaz.example"}, "k" * 32, "HS256", headers={"kid": "one"}
    ),
    "without a time": lambda: jwt.encode(
        {"iss": "911.tucsonaz.example", "aud": "311.tucsonaz.example", "jti": "j" * 10},
        KEYS["city-911"].private,
        "EdDSA",
        headers={"kid": "one"},
    ),
    "with a time beyond all times": lambda: jwt.encode(
        {
            "iss": "911.tucsonaz.example",
            "aud": "311.tucsonaz.example",
            "jti": "j" * 10,
            "iat": 10**18,
            "exp": 10**18,
        },
        KEYS["city-911"].private,
        "EdDSA",
        headers={"kid": "one"},
    ),
}


@pytest.mark.parametrize("name", TOKENS)
def test_no_other_token_opens_the_door(name):
    with pytest.raises(TokenError):
        tokens.verify(TOKENS[name](), AGENCIES, NOW)


def test_a_good_token_names_its_agency_within_the_skew_of_clocks():
    for moment in (NOW, NOW + timedelta(minutes=5, seconds=30), NOW - timedelta(seconds=30)):
        assert tokens.verify(token(), AGENCIES, moment).agency.key == "city-911"


def test_the_key_itself_is_never_shown():
    assert "private" not in repr(KEYS["city-911"])
