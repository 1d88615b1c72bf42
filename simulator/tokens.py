"""Access tokens of softphones: JSON Web Tokens of Twilio's shape, verified by hand.

Twilio's AccessToken: HS256, header `cty` "twilio-fpa;v=1", `iss` the API key's SID, `sub` the
account's SID, `grants.identity` and `grants.voice`. Lifetime at most 24 hours.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.config import Account
from simulator.errors import TokenError

INVALID, EXPIRED, REFUSED = 20101, 20104, 20151
LONGEST_SECONDS = 24 * 3600
CLOCK_SKEW_SECONDS = 30


@dataclass(frozen=True, slots=True)
class VoiceGrant:
    """What a verified token allows; `expires_at` in seconds since 1970."""

    identity: str
    account_sid: str
    application_sid: str | None
    incoming_allowed: bool
    expires_at: float


def verify_token(token: str, accounts: Iterable[Account], now: float) -> VoiceGrant:
    """Verify a softphone's token against the API keys of the accounts.

    Args:
        token: The JWT as the SDK sends it.
        accounts: Those whose keys may have signed it.
        now: Seconds since 1970.

    Raises:
        TokenError: 20101 malformed or badly signed, 20104 expired or not yet valid,
            20151 of a key or an account that is not ours.
    """
    header, payload, signed, signature = _parts(token)
    if header.get("alg") != "HS256" or header.get("cty") != "twilio-fpa;v=1":
        raise TokenError(INVALID, "the token is not a Twilio access token signed with HS256")
    account, secret = _key(payload, accounts)
    good = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    if not hmac.compare_digest(good, signature):
        raise TokenError(INVALID, "the token's signature is wrong")
    return _grant(payload, account, _lifetime(payload, now))


def sign_token(key_sid: str, secret: str, claims: Mapping[str, Any]) -> str:
    """Make a token of the same shape, for tests and for scripts without the product's library."""
    header = {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}
    signed = b".".join(_packed(part) for part in (header, {"iss": key_sid, **claims}))
    mac = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def _packed(part: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes, bytes]:
    try:
        first, second, third = token.split(".")
        header, payload = json.loads(_unpacked(first)), json.loads(_unpacked(second))
        signature = _unpacked(third)
        signed = f"{first}.{second}".encode("ascii")
    except (ValueError, binascii.Error) as error:
        raise TokenError(INVALID, "the token cannot be read") from error
    if not isinstance(header, Mapping) or not isinstance(payload, Mapping):
        raise TokenError(INVALID, "the token cannot be read")
    return header, payload, signed, signature


def _key(payload: Mapping[str, Any], accounts: Iterable[Account]) -> tuple[Account, str]:
    for account in accounts:
        for key in account.api_keys:
            if key.sid == payload.get("iss") and account.sid == payload.get("sub"):
                return account, key.secret
    raise TokenError(REFUSED, "the token's key or account is not known here")


def _lifetime(payload: Mapping[str, Any], now: float) -> float:
    expires, begins = payload.get("exp"), payload.get("nbf", now)
    if not isinstance(expires, int | float) or not isinstance(begins, int | float):
        raise TokenError(INVALID, "the token has no lifetime")
    if expires <= now or begins > now + CLOCK_SKEW_SECONDS:
        raise TokenError(EXPIRED, "the token has expired or is not valid yet")
    if expires - min(begins, now) > LONGEST_SECONDS + CLOCK_SKEW_SECONDS:
        raise TokenError(INVALID, "the token lives longer than 24 hours")
    return float(expires)


def _grant(payload: Mapping[str, Any], account: Account, expires: float) -> VoiceGrant:
    grants = payload.get("grants")
    if not isinstance(grants, Mapping) or not isinstance(grants.get("voice"), Mapping):
        raise TokenError(REFUSED, "the token has no voice grant")
    identity, voice = grants.get("identity"), grants["voice"]
    if not isinstance(identity, str) or not identity:
        raise TokenError(INVALID, "the token has no identity")
    application = (voice.get("outgoing") or {}).get("application_sid")
    incoming = bool((voice.get("incoming") or {}).get("allow"))
    return VoiceGrant(identity, account.sid, application, incoming, expires)
