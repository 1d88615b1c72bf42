"""The only reader of the environment. Every fault of it is named at once, before anything starts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from calltaker.handoff.tokens import OwnKey
from models.personal import Keyring, PersonalError

ROOT = Path(__file__).parent.parent
DEMO_MARK = "demonstration"
"""Every secret that the demonstration makes holds this word; production refuses it."""

SIDS = {
    "TWILIO_ACCOUNT_SID": re.compile(r"AC[0-9a-f]{32}"),
    "TWILIO_API_KEY_SID": re.compile(r"SK[0-9a-f]{32}"),
    "TWILIO_APP_SID": re.compile(r"AP[0-9a-f]{32}"),
}
REQUIRED = (
    "DATABASE_URL",
    "PUBLIC_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_API_KEY_SID",
    "TWILIO_API_KEY_SECRET",
    "TWILIO_APP_SID",
    "TWILIO_NUMBER",
    "SECRET_KEY",
    "PII_KEYS",
)


class SettingsError(Exception):
    """The environment cannot be used; `faults` names every one."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, checked. Addresses carry no trailing slash."""

    database_url: str = field(repr=False)
    public_url: str
    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    api_key_sid: str
    api_key_secret: str = field(repr=False)
    app_sid: str
    line_number: str
    secret_key: str = field(repr=False)
    keyring: Keyring = field(repr=False)
    port: int
    city: Path
    redis_url: str
    state_folder: Path
    """Where the spool of 911 intents and an embedded server's files live."""
    twilio_api_url: str
    twilio_signalling_url: str
    production: bool
    may_dial_911: bool
    handoff_key: OwnKey | None = field(default=None, repr=False)
    """Signs our tokens for another agency's door; without it nothing is sent there."""
    trunk_secret: str = field(default="", repr=False)
    """What 911's SIP trunk sends as `X-Trunk-Secret`; empty where none is agreed."""


def read(environment: Mapping[str, str]) -> Settings:
    """Check and freeze the environment.

    Raises:
        SettingsError: naming every missing, weak or forbidden value at once.
    """
    faults = [f"{name} is missing" for name in REQUIRED if not environment.get(name)]
    faults += _malformed(environment) + _forbidden_in_production(environment)
    keyring = _keyring(environment, faults)
    own_key = _own_key(environment, faults)
    if faults or keyring is None:
        raise SettingsError(faults)
    return Settings(
        database_url=environment["DATABASE_URL"],
        public_url=environment["PUBLIC_URL"].rstrip("/"),
        account_sid=environment["TWILIO_ACCOUNT_SID"],
        auth_tokens=tuple(_listed(environment["TWILIO_AUTH_TOKEN"])),
        api_key_sid=environment["TWILIO_API_KEY_SID"],
        api_key_secret=environment["TWILIO_API_KEY_SECRET"],
        app_sid=environment["TWILIO_APP_SID"],
        line_number=environment["TWILIO_NUMBER"],
        secret_key=environment["SECRET_KEY"],
        keyring=keyring,
        port=int(environment.get("PORT") or 3110),
        city=ROOT / (environment.get("CITY") or "config/tucson"),
        redis_url=environment.get("REDIS_URL", ""),
        state_folder=ROOT / (environment.get("STATE_FOLDER") or ".run/state"),
        twilio_api_url=environment.get("TWILIO_API_URL", "").rstrip("/"),
        twilio_signalling_url=environment.get("TWILIO_SIGNALLING_URL", "").rstrip("/"),
        production=environment.get("OLDPUEBLO_PRODUCTION") == "1",
        may_dial_911=environment.get("OLDPUEBLO_MAY_DIAL_911") == "1",
        handoff_key=own_key,
        trunk_secret=environment.get("TRUNK_SECRET", ""),
    )


def _malformed(environment: Mapping[str, str]) -> list[str]:
    """Values that are there and cannot be right."""
    faults = [
        f"{name} must look like {pattern.pattern}"
        for name, pattern in SIDS.items()
        if environment.get(name) and not pattern.fullmatch(environment[name])
    ]
    for name in ("PUBLIC_URL", "TWILIO_API_URL", "TWILIO_SIGNALLING_URL"):
        if environment.get(name) and not _is_origin(environment[name]):
            faults.append(f"{name} must be an address such as https://311.example.gov, no path")
    if environment.get("SECRET_KEY") and len(environment["SECRET_KEY"]) < 32:
        faults.append("SECRET_KEY must have 32 characters or more")
    if len(_listed(environment.get("TWILIO_AUTH_TOKEN", ""))) > 2:
        faults.append("TWILIO_AUTH_TOKEN holds one value, or two during rotation")
    if environment.get("TWILIO_NUMBER") and not re.fullmatch(
        r"\+[1-9]\d{7,14}", environment["TWILIO_NUMBER"]
    ):
        faults.append("TWILIO_NUMBER must be E.164, such as +15205550100")
    if 0 < len(environment.get("TRUNK_SECRET", "")) < 24:
        faults.append("TRUNK_SECRET must have 24 characters or more, or be absent")
    port = environment.get("PORT") or "3110"
    if not (port.isdecimal() and 0 < int(port) < 65536):
        faults.append("PORT must be a number from 1 to 65535")
    city = ROOT / (environment.get("CITY") or "config/tucson")
    if not (city / "pack.yaml").is_file():
        faults.append(f"CITY: {city} holds no pack.yaml")
    return faults


def _forbidden_in_production(environment: Mapping[str, str]) -> list[str]:
    """What a demonstration may do and a city may not."""
    if environment.get("OLDPUEBLO_PRODUCTION") != "1":
        return []
    faults = [
        f"{name} stands for a simulator and is refused in production"
        for name in ("TWILIO_API_URL", "TWILIO_SIGNALLING_URL")
        if environment.get(name)
    ]
    faults += [
        f"{name} is the demonstration's own and is refused in production"
        for name in REQUIRED
        if DEMO_MARK in environment.get(name, "")
    ]
    if not environment.get("PUBLIC_URL", "").startswith("https://"):
        faults.append("PUBLIC_URL must begin with https:// in production")
    if environment.get("DATABASE_URL", "").startswith("sqlite"):
        faults.append("DATABASE_URL: production needs PostgreSQL; SQLite is for demonstration")
    return faults


def _keyring(environment: Mapping[str, str], faults: list[str]) -> Keyring | None:
    if not environment.get("PII_KEYS"):
        return None
    try:
        return Keyring.from_text(environment["PII_KEYS"])
    except PersonalError as wrong:
        faults.append(str(wrong))
        return None


def _own_key(environment: Mapping[str, str], faults: list[str]) -> OwnKey | None:
    if not environment.get("HANDOFF_KEY"):
        return None
    try:
        return OwnKey.from_text(environment["HANDOFF_KEY"])
    except ValueError as wrong:
        faults.append(f"HANDOFF_KEY: {wrong}")
        return None


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.path in ("", "/")


def _listed(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in text.split(",")) if part]
