"""How long the telephone company waits for an answer, and what it tries again.

The fragment of a webhook's URL may override it: `#ct=1500&rt=3500&tt=5000&rc=1&rp=ct,rt,5xx`.
Source: Twilio's "Webhooks: connection overrides". The fragment is neither sent nor signed.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from simulator.errors import TwimlError

BAD_POLICY = 11200
RETRY_ON = frozenset({"4xx", "5xx", "ct", "rt"})
RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


@dataclass(frozen=True, slots=True)
class Connection:
    """Limits of one request in seconds, how many retries, and on what."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


def connection(url: str) -> Connection:
    """Read the overrides of a URL's fragment.

    Raises:
        TwimlError: 11200, an override is unknown or out of its range.
    """
    given = dict(parse_qsl(urlsplit(url).fragment, keep_blank_values=True))
    figures = {key: _figure(key, value) for key, value in given.items() if key in RANGES}
    unknown = set(given) - set(RANGES) - {"rp", "sni", "e"}
    if unknown:
        raise TwimlError(BAD_POLICY, f"unknown connection override {', '.join(sorted(unknown))}")
    return Connection(
        figures.get("ct", 5000) / 1000,
        figures.get("rt", 15_000) / 1000,
        figures.get("tt", 15_000) / 1000,
        figures.get("rc", 1),
        _retry_on(given.get("rp", "ct")),
    )


def _figure(key: str, value: str) -> int:
    lowest, highest = RANGES[key]
    if not value.isdigit() or not lowest <= int(value) <= highest:
        raise TwimlError(
            BAD_POLICY, f"connection override {key}={value} is not from {lowest} to {highest}"
        )
    return int(value)


def _retry_on(value: str) -> frozenset[str]:
    named = frozenset(value.split(","))
    if named == {"all"}:
        return RETRY_ON
    if not named <= RETRY_ON:
        raise TwimlError(BAD_POLICY, f"connection override rp={value} names something unknown")
    return named
