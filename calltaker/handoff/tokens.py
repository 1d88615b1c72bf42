"""Tokens of the exchange: who asks, for whom it is meant, for five minutes, signed with Ed25519.

A token names its agency (`iss`), our domain (`aud`), its times and its own id (`jti`). The key is
the agency's published one; taken out of the publication, it opens nothing any more. Knows no
request and no row.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from calltaker.handoff.agencies import Agencies, Agency

ALGORITHM = "EdDSA"
LONGEST = timedelta(minutes=5)
MOST_CHARACTERS = 2000
_REQUIRED = ["iss", "aud", "iat", "exp", "jti"]


class TokenError(Exception):
    """The token lets nobody in; the text says why, to whoever holds it."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks, and the id of this one token."""

    agency: Agency
    token_id: str


@dataclass(frozen=True)
class OwnKey:
    """Our own signing key; `kid` is the name it has in the other side's publication."""

    kid: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> "OwnKey":
        """Read `kid:base64 of the 32 bytes`.

        Raises:
            ValueError: it is not such a key.
        """
        kid, _, encoded = text.partition(":")
        raw = base64.b64decode(encoded, validate=True)
        if not kid or len(raw) != 32:
            raise ValueError("write kid:base64 of 32 bytes")
        return cls(kid, Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def public(self) -> str:
        """What the other side publishes: base64 of the public key."""
        raw = self.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return base64.b64encode(raw).decode()


def issue(
    key: OwnKey,
    issuer: str,
    audience: str,
    now: datetime,
    new_id: Callable[[], str],
    lasts: timedelta = LONGEST,
) -> str:
    """Sign a token of ours for another agency's door."""
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + lasts).timestamp()),
        "jti": new_id(),
    }
    return jwt.encode(claims, key.private, ALGORITHM, headers={"kid": key.kid})


def verify(token: str, agencies: Agencies, now: datetime) -> Bearer:
    """Say whose token it is.

    Raises:
        TokenError: unknown agency or key, wrong signature, another's audience, too old, too long.
    """
    if len(token) > MOST_CHARACTERS:
        raise TokenError("the token is too long")
    agency, key = _claimed(token, agencies)
    claims = _verified(token, key, agencies.ourselves.domain)
    skew = timedelta(seconds=agencies.clock_skew_seconds)
    issued, expires = _moment(claims["iat"]), _moment(claims["exp"])
    if expires + skew <= now or issued - skew > now:
        raise TokenError("the token is out of its time")
    if expires - issued > LONGEST:
        raise TokenError("a token may last five minutes at most")
    if not isinstance(claims["jti"], str) or not 8 <= len(claims["jti"]) <= 64:
        raise TokenError("jti must have 8 to 64 characters")
    return Bearer(agency, claims["jti"])


def _claimed(token: str, agencies: Agencies) -> tuple[Agency, Ed25519PublicKey]:
    """The agency and key that the token names: nothing is believed until they have verified it."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, AttributeError) as broken:
        raise TokenError("this is no token") from broken
    agency = agencies.by_domain(issuer) if isinstance(issuer, str) else None
    raw = agency.keys.get(kid) if agency and isinstance(kid, str) else None
    if agency is None or raw is None:
        raise TokenError("the agency or its key is not published here")
    return agency, Ed25519PublicKey.from_public_bytes(raw)


def _verified(token: str, key: Ed25519PublicKey, audience: str) -> dict[str, Any]:
    options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False}
    try:
        return jwt.decode(token, key, algorithms=[ALGORITHM], audience=audience, options=options)
    except jwt.InvalidAudienceError as wrong:
        raise TokenError(f"the token is not meant for {audience}") from wrong
    except jwt.MissingRequiredClaimError as wrong:
        raise TokenError(f"the token lacks {wrong.claim}") from wrong
    except jwt.PyJWTError as wrong:
        raise TokenError("the signature does not hold") from wrong


def _moment(seconds: Any) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TokenError("a time of the token is no number")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as wrong:
        raise TokenError("a time of the token is out of range") from wrong
