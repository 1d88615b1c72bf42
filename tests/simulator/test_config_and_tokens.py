"""The YAML file names all its faults at once; access tokens are verified as Twilio's."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from simulator.config import load_config, read_config
from simulator.connection import connection
from simulator.errors import ConfigError, TokenError, TwimlError
from simulator.tokens import sign_token, verify_token
from tests.simulator.town import ACCOUNT, APP, KEY, SECRET, configuration

pytestmark = pytest.mark.rules
GOOD = read_config(configuration("http://127.0.0.1:1"))


def test_a_file_is_read_with_its_defaults(tmp_path):
    path = tmp_path / "simulator.yaml"
    path.write_text(yaml.safe_dump(configuration("http://127.0.0.1:1")), encoding="utf-8")
    config = load_config(path)
    assert config == GOOD
    assert config.listen_port == 3190
    assert config.accounts[1].calls_per_second == 1
    assert config.phones[1].behaviour.on_ring == "answer"
    assert config.journal_file is None


def test_every_fault_of_a_file_is_named_at_once():
    bad = configuration("http://127.0.0.1:1")
    account = bad["accounts"][0]
    account |= {"sid": "AC1", "calls_per_second": 0, "colour": "red"}
    account["numbers"][0] |= {"number": "520", "voice_url": "ftp://x", "dialled_as": ["three"]}
    bad["phones"].append({"number": "+15205550191", "name": "", "kind": "pager", "on_ring": "sing"})
    with pytest.raises(ConfigError) as refused:
        read_config(bad)
    for word in (
        "sid",
        "calls_per_second",
        "colour",
        "number",
        "voice_url",
        "three",
        "pager",
        "sing",
        "stands twice",
    ):
        assert any(word in fault for fault in refused.value.faults), word


@pytest.mark.parametrize("content", ["[1, 2]", "", "accounts: []", "{"])
def test_a_file_that_is_no_configuration_is_refused(tmp_path, content):
    path = tmp_path / "simulator.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError):
        load_config(path)


def twilio_token(**more):
    token = AccessToken(ACCOUNT, KEY, SECRET, identity="ana", **more)
    token.add_grant(VoiceGrant(outgoing_application_sid=APP, incoming_allow=True))
    return token.to_jwt()


def test_a_token_of_twilios_own_library_is_accepted():
    grant = verify_token(twilio_token(ttl=600), GOOD.accounts, time.time())
    assert (grant.identity, grant.account_sid, grant.application_sid, grant.incoming_allowed) == (
        "ana", ACCOUNT, APP, True,
    )  # fmt: skip


CLAIMS = {
    "sub": ACCOUNT,
    "exp": 2000.0,
    "grants": {"identity": "ana", "voice": {"outgoing": {"application_sid": APP}}},
}


@pytest.mark.parametrize(
    ("key", "secret", "claims", "code"),
    [
        (KEY, "wrong", {}, 20101),
        ("SK" + "9" * 32, SECRET, {}, 20151),
        (KEY, SECRET, {"sub": "AC" + "9" * 32}, 20151),
        (KEY, SECRET, {"exp": 999.0}, 20104),
        (KEY, SECRET, {"nbf": 1500.0}, 20104),
        (KEY, SECRET, {"exp": "soon"}, 20101),
        (KEY, SECRET, {"exp": 1000.0 + 25 * 3600}, 20101),
        (KEY, SECRET, {"grants": {}}, 20151),
        (KEY, SECRET, {"grants": {"voice": {}}}, 20101),
    ],
)
def test_a_token_that_is_not_good_is_refused_with_its_number(key, secret, claims, code):
    with pytest.raises(TokenError) as refused:
        verify_token(sign_token(key, secret, CLAIMS | claims), GOOD.accounts, now=1000.0)
    assert refused.value.code == code


@settings(max_examples=100)
@given(st.text(max_size=80) | st.just(twilio_token()).map(lambda token: token[:-3]))
def test_no_text_is_a_token_by_chance(text):
    with pytest.raises(TokenError):
        verify_token(text, GOOD.accounts, time.time())


def test_connection_overrides_are_read_from_the_fragment():
    limits = connection("http://x/y#ct=1500&rt=3500&tt=5000&rc=2&rp=ct,rt,5xx")
    assert (limits.connect_seconds, limits.read_seconds, limits.total_seconds) == (1.5, 3.5, 5.0)
    assert (limits.retries, limits.retry_on) == (2, {"ct", "rt", "5xx"})
    assert connection("http://x/y").retry_on == {"ct"}
    assert connection("http://x/y#rp=all").retry_on == {"ct", "rt", "4xx", "5xx"}


@pytest.mark.parametrize("fragment", ["ct=99", "tt=15001", "rc=6", "rc=x", "rp=3xx", "zz=1"])
def test_an_override_out_of_its_range_is_refused(fragment):
    with pytest.raises(TwimlError):
        connection(f"http://x/y#{fragment}")
