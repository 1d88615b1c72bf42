"""The telephone company's one YAML file, read into frozen values.

Names every fault of the file at once. Knows no socket and starts nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from simulator.errors import ConfigError
from simulator.reading import URL, Reader

E164 = re.compile(r"\+[1-9]\d{6,14}")
SHORT_CODE = re.compile(r"\d{2,6}")


class PhoneKind(StrEnum):
    """What an outside telephone is in the demonstration."""

    DESK_911 = "desk911"
    LINE = "line"
    RESIDENT = "resident"


class OnRing(StrEnum):
    """What an outside telephone does when it rings."""

    MANUAL = "manual"
    ANSWER = "answer"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What an outside telephone does at one ring; durations in seconds."""

    on_ring: OnRing = OnRing.MANUAL
    after_seconds: float = 0.0
    say: str | None = None
    press: str | None = None
    hang_up_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A signing key of an account: REST may be asked with it, access tokens are signed with it."""

    sid: str
    secret: str


@dataclass(frozen=True, slots=True)
class VoiceUrls:
    """Where a number or an app sends its calls; fragments (`#rc=2`) still on."""

    voice_url: str
    voice_fallback_url: str | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an account, E.164, and the short codes that residents may dial for it."""

    number: str
    dialled_as: tuple[str, ...]
    urls: VoiceUrls
    sms_url: str | None = None
    """Where text messages to it are asked about; None: it takes none."""

    @property
    def voice_url(self) -> str:
        """Where its calls are asked."""
        return self.urls.voice_url


@dataclass(frozen=True, slots=True)
class App:
    """A TwiML App, which softphones call."""

    sid: str
    urls: VoiceUrls


@dataclass(frozen=True, slots=True)
class Account:
    """A customer of the telephone company."""

    name: str
    sid: str
    auth_token: str
    api_keys: tuple[ApiKey, ...]
    numbers: tuple[Number, ...]
    apps: tuple[App, ...]
    calls_per_second: float = 1.0
    queue_max_size: int = 1000

    def secrets(self) -> dict[str, str]:
        """User name to password, for REST's Basic authentication."""
        return {self.sid: self.auth_token} | {key.sid: key.secret for key in self.api_keys}


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone in the outside world, reachable by number."""

    number: str
    name: str
    kind: PhoneKind
    behaviour: Behaviour = Behaviour()


@dataclass(frozen=True, slots=True)
class Resident:
    """A ready-made button of the phone page."""

    name: str
    number: str
    language: str
    opening: str
    note: str


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """The whole file.

    `speech_rate` makes speech that many times faster than 175 words a minute; `timer_rate` does
    the same to the exchange's own timers (Gather, ring and pause), for tests that cannot wait.
    `list_lag_seconds`: how long a new conference is missing from lists by name.
    """

    accounts: tuple[Account, ...]
    phones: tuple[Phone, ...] = ()
    residents: tuple[Resident, ...] = ()
    listen_port: int = 3190
    journal_file: Path | None = None
    speech_rate: float = 1.0
    timer_rate: float = 1.0
    list_lag_seconds: float = 0.5


def _sid(prefix: str) -> re.Pattern[str]:
    return re.compile(prefix + "[0-9a-f]{32}")


def read_behaviour(table: Mapping[str, Any]) -> Behaviour:
    """Read what a telephone does when it rings.

    Raises:
        ConfigError: An unknown field or value; all are named.
    """
    reader = Reader()
    behaviour = _behaviour(reader, table, "behaviour")
    if reader.faults:
        raise ConfigError(reader.faults)
    return behaviour


def _behaviour(reader: Reader, value: object, where: str) -> Behaviour:
    fields = ("on_ring", "after_seconds", "say", "press", "hang_up_after_seconds")
    table = reader.table(value, where, fields)
    on_ring = table.get("on_ring", OnRing.MANUAL)
    if on_ring not in set(OnRing):
        reader.fault(where, f"on_ring {on_ring!r} is none of {', '.join(OnRing)}")
        on_ring = OnRing.MANUAL
    ends = table.get("hang_up_after_seconds")
    return Behaviour(
        OnRing(on_ring),
        reader.figure(table, "after_seconds", where, 0.0),
        table.get("say"),
        None if table.get("press") is None else str(table["press"]),
        None if ends is None else reader.figure(table, "hang_up_after_seconds", where, 0.0),
    )


def _urls(reader: Reader, table: Mapping[str, Any], where: str) -> VoiceUrls:
    return VoiceUrls(
        reader.matching(table, "voice_url", where, URL),
        reader.url(table, "voice_fallback_url", where),
        reader.url(table, "status_callback", where),
    )


def _number(reader: Reader, value: object, where: str) -> Number:
    fields = (
        *("number", "dialled_as", "sms_url"),
        *("voice_url", "voice_fallback_url", "status_callback"),
    )
    table = reader.table(value, where, fields)
    codes = tuple(
        str(code) for _, code in reader.rows(table.get("dialled_as"), f"{where}.dialled_as")
    )
    for code in codes:
        if not SHORT_CODE.fullmatch(code):
            reader.fault(where, f"dialled_as {code!r} is no short code")
    return Number(
        reader.matching(table, "number", where, E164),
        codes,
        _urls(reader, table, where),
        reader.url(table, "sms_url", where),
    )


def _app(reader: Reader, value: object, where: str) -> App:
    table = reader.table(
        value, where, ("sid", "voice_url", "voice_fallback_url", "status_callback")
    )
    return App(reader.matching(table, "sid", where, _sid("AP")), _urls(reader, table, where))


def _key(reader: Reader, value: object, where: str) -> ApiKey:
    table = reader.table(value, where, ("sid", "secret"))
    return ApiKey(
        reader.matching(table, "sid", where, _sid("SK")), reader.text(table, "secret", where)
    )


ACCOUNT_FIELDS = (
    "name",
    "sid",
    "auth_token",
    "api_keys",
    "calls_per_second",
    "queue_max_size",
    "numbers",
    "apps",
)


def _account(reader: Reader, value: object, where: str) -> Account:
    table = reader.table(value, where, ACCOUNT_FIELDS)

    def several(name: str) -> list[tuple[str, Any]]:
        return reader.rows(table.get(name), f"{where}.{name}")

    account = Account(
        reader.text(table, "name", where),
        reader.matching(table, "sid", where, _sid("AC")),
        reader.text(table, "auth_token", where),
        tuple(_key(reader, row, at) for at, row in several("api_keys")),
        tuple(_number(reader, row, at) for at, row in several("numbers")),
        tuple(_app(reader, row, at) for at, row in several("apps")),
        reader.figure(table, "calls_per_second", where, 1.0),
        int(reader.figure(table, "queue_max_size", where, 1000)),
    )
    if account.calls_per_second <= 0:
        reader.fault(where, "calls_per_second must be above 0")
    if not 1 <= account.queue_max_size <= 5000:
        reader.fault(where, "queue_max_size must be from 1 to 5000")
    return account


def _phone(reader: Reader, value: object, where: str) -> Phone:
    known = (
        "number",
        "name",
        "kind",
        "behaviour",
        "on_ring",
        "after_seconds",
        "say",
        "press",
        "hang_up_after_seconds",
    )
    table = reader.table(value, where, known)
    kind = table.get("kind", PhoneKind.LINE)
    if kind not in set(PhoneKind):
        reader.fault(where, f"kind {kind!r} is none of {', '.join(PhoneKind)}")
        kind = PhoneKind.LINE
    own = table.get("behaviour", {name: table[name] for name in known[4:] if name in table})
    number = reader.matching(table, "number", where, E164)
    return Phone(
        number, reader.text(table, "name", where), PhoneKind(kind), _behaviour(reader, own, where)
    )


def _resident(reader: Reader, value: object, where: str) -> Resident:
    table = reader.table(value, where, ("name", "number", "language", "opening", "note"))
    return Resident(
        reader.text(table, "name", where),
        reader.text(table, "number", where),
        reader.text(table, "language", where, "en"),
        reader.text(table, "opening", where, ""),
        reader.text(table, "note", where, ""),
    )


def _twice(reader: Reader, where: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            reader.fault(where, f"{name} stands twice")
        seen.add(name)


FILE_FIELDS = (
    "listen_port", "journal_file", "accounts", "phones", "residents", "speech_rate", "timer_rate", "list_lag_seconds",
)  # fmt: skip


def read_config(value: object) -> SimulatorConfig:
    """Turn the parsed YAML into values.

    Raises:
        ConfigError: Anything is missing, unknown or doubled; every fault is named.
    """
    reader = Reader()
    table = reader.table(value, "file", FILE_FIELDS)
    journal = table.get("journal_file")
    config = SimulatorConfig(
        tuple(
            _account(reader, row, at) for at, row in reader.rows(table.get("accounts"), "accounts")
        ),
        tuple(_phone(reader, row, at) for at, row in reader.rows(table.get("phones"), "phones")),
        tuple(
            _resident(reader, row, at)
            for at, row in reader.rows(table.get("residents"), "residents")
        ),
        int(reader.figure(table, "listen_port", "file", 3190)),
        Path(journal) if journal else None,
        reader.figure(table, "speech_rate", "file", 1.0) or 1.0,
        reader.figure(table, "timer_rate", "file", 1.0) or 1.0,
        reader.figure(table, "list_lag_seconds", "file", 0.5),
    )
    _check_together(reader, config)
    if reader.faults:
        raise ConfigError(reader.faults)
    return config


def _check_together(reader: Reader, config: SimulatorConfig) -> None:
    if not config.accounts:
        reader.fault("accounts", "at least one account is needed")
    numbers = [number.number for account in config.accounts for number in account.numbers]
    _twice(reader, "accounts", [account.sid for account in config.accounts])
    _twice(reader, "numbers and phones", numbers + [phone.number for phone in config.phones])
    _twice(reader, "apps", [app.sid for account in config.accounts for app in account.apps])
    _twice(reader, "api keys", [key.sid for account in config.accounts for key in account.api_keys])


def load_config(path: Path) -> SimulatorConfig:
    """Read the file.

    Raises:
        ConfigError: It cannot be read, is no YAML, or has faults.
    """
    try:
        return read_config(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError([f"{path.name}: {error}"]) from error
