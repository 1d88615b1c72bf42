"""The environment is checked whole, and every fault is named at once."""

import base64

import pytest

from config import settings

pytestmark = pytest.mark.rules

KEY = base64.b64encode(b"k" * 32).decode()
GOOD = {
    "DATABASE_URL": "postgresql://oldpueblo@127.0.0.1/oldpueblo",
    "PUBLIC_URL": "https://311.example.gov",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a" * 32,
    "TWILIO_API_KEY_SID": "SK" + "0" * 32,
    "TWILIO_API_KEY_SECRET": "b" * 32,
    "TWILIO_APP_SID": "AP" + "0" * 32,
    "TWILIO_NUMBER": "+15205550100",
    "SECRET_KEY": "c" * 32,
    "PII_KEYS": f"k1:{KEY}",
}


def faults(**changes: str) -> list[str]:
    try:
        settings.read(GOOD | changes)
    except settings.SettingsError as wrong:
        return wrong.faults
    return []


def test_a_whole_environment_is_read_with_its_defaults():
    chosen = settings.read(GOOD)
    assert (chosen.port, chosen.production, chosen.redis_url) == (3110, False, "")
    assert chosen.city.name == "tucson"


def test_every_missing_value_is_named_at_once():
    with pytest.raises(settings.SettingsError) as wrong:
        settings.read({})
    assert [f"{name} is missing" for name in settings.REQUIRED] == wrong.value.faults


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TWILIO_ACCOUNT_SID", "ACxyz", "TWILIO_ACCOUNT_SID must look like"),
        ("TWILIO_API_KEY_SID", "AC" + "0" * 32, "TWILIO_API_KEY_SID must look like"),
        ("TWILIO_APP_SID", "nonsense", "TWILIO_APP_SID must look like"),
        ("PUBLIC_URL", "311.example.gov", "PUBLIC_URL must be an address"),
        ("PUBLIC_URL", "https://311.example.gov/line", "PUBLIC_URL must be an address"),
        ("SECRET_KEY", "short", "SECRET_KEY must have 32 characters"),
        ("TWILIO_AUTH_TOKEN", "a,b,c", "TWILIO_AUTH_TOKEN holds one value, or two"),
        ("TWILIO_NUMBER", "311", "TWILIO_NUMBER must be E.164"),
        ("PORT", "http", "PORT must be a number"),
        ("PORT", "0", "PORT must be a number"),
        ("PORT", "99999", "PORT must be a number"),
        ("CITY", "config/nowhere", "holds no pack.yaml"),
        ("PII_KEYS", "k1:c2hvcnQ=", "key 'k1' of PII_KEYS"),
        ("PII_KEYS", f"k1:{KEY},k1:{KEY}", "key 'k1' of PII_KEYS"),
        ("PII_KEYS", " , ", "PII_KEYS holds no key"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(name, value, told):
    assert any(told in fault for fault in faults(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TWILIO_API_URL", "http://127.0.0.1:3190", "TWILIO_API_URL stands for a simulator"),
        ("TWILIO_SIGNALLING_URL", "http://127.0.0.1:3190", "TWILIO_SIGNALLING_URL stands for"),
        ("SECRET_KEY", "demonstration-" + "c" * 32, "SECRET_KEY is the demonstration's own"),
        ("TWILIO_AUTH_TOKEN", "demonstration-a", "TWILIO_AUTH_TOKEN is the demonstration's own"),
        ("PII_KEYS", f"demonstration:{KEY}", "PII_KEYS is the demonstration's own"),
        ("PUBLIC_URL", "http://311.example.gov", "PUBLIC_URL must begin with https://"),
        ("DATABASE_URL", "sqlite:////tmp/x.db", "production needs PostgreSQL"),
    ],
)
def test_production_refuses_what_a_demonstration_may_do(name, value, told):
    assert faults(**{name: value}) == []
    assert any(told in fault for fault in faults(OLDPUEBLO_PRODUCTION="1", **{name: value}))


def test_a_rotating_auth_token_holds_two_values():
    assert settings.read(GOOD | {"TWILIO_AUTH_TOKEN": "new, old"}).auth_tokens == ("new", "old")


def test_no_secret_shows_when_settings_are_printed():
    told = repr(settings.read(GOOD))
    assert not any(
        GOOD[name] in told for name in ("TWILIO_AUTH_TOKEN", "SECRET_KEY", "DATABASE_URL")
    )
    assert KEY not in told
