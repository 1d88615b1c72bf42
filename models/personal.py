"""Keeping personal columns closed: AES-256-GCM bound to table, column and row.

A sealed value cannot be moved to another row, column or table: the place is authenticated with it.
Numbers are also kept as a keyed blind index, so that a caller's earlier contacts can be found
without opening any row. Keys come in as values (`PII_KEYS`); newest first, older ones still open.

Layout of a sealed value: one byte length of the key id, the key id, 12 bytes nonce, ciphertext.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class PersonalError(Exception):
    """A sealed value or a key cannot be used; the message names no content."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a personal value lives; `table` and `column` are the database's own names."""

    table: str
    column: str

    def bound_to(self, row: str) -> bytes:
        """The associated data that ties a value to its place."""
        return f"{self.table}:{self.column}:{row}".encode()


@dataclass(frozen=True)
class Keyring:
    """The keys of personal columns.

    `newest` names the key that seals; every key in `keys` (32 bytes each) opens.
    """

    newest: str
    keys: Mapping[str, bytes]
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ciphers", {kid: AESGCM(key) for kid, key in self.keys.items()})

    @classmethod
    def from_text(cls, text: str) -> "Keyring":
        """Read `kid:base64,kid:base64`, newest first.

        Raises:
            PersonalError: no key, a doubled id, or a key that is not 32 bytes.
        """
        keys: dict[str, bytes] = {}
        for item in filter(None, (part.strip() for part in text.split(","))):
            kid, _, encoded = item.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not kid or kid in keys or len(key) != 32 or len(kid) > 100:
                raise PersonalError(
                    f"key {kid!r} of PII_KEYS: write kid:base64 of 32 bytes, each id once"
                )
            keys[kid] = key
        if not keys:
            raise PersonalError("PII_KEYS holds no key: write kid:base64 of 32 bytes")
        return cls(next(iter(keys)), keys)

    def seal(self, column: Column, row: str, text: str) -> bytes:
        """Close `text` for its place."""
        nonce = os.urandom(NONCE_BYTES)
        closed = self._ciphers[self.newest].encrypt(nonce, text.encode(), column.bound_to(row))
        kid = self.newest.encode()
        return bytes([len(kid)]) + kid + nonce + closed

    def unseal(self, column: Column, row: str, blob: bytes) -> str:
        """Open a value sealed for this place.

        Raises:
            PersonalError: unknown key, damaged value, or a value moved from another place.
        """
        size = blob[0] if blob else 0
        kid, rest = blob[1 : 1 + size].decode(errors="replace"), blob[1 + size :]
        cipher = self._ciphers.get(kid)
        if cipher is None:
            raise PersonalError(f"no key {kid!r} for {column.table}.{column.column}")
        try:
            opened = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], column.bound_to(row))
        except (InvalidTag, ValueError) as broken:
            raise PersonalError(
                f"{column.table}.{column.column} of {row} does not open"
            ) from broken
        return opened.decode()

    def blind_index(self, e164: str) -> str:
        """A keyed fingerprint of a telephone number, 64 hex digits.

        Made with the oldest key, so that adding a newer one does not change it.
        """
        oldest = self.keys[next(reversed(list(self.keys)))]
        return hmac.new(oldest, b"number:" + e164.encode(), hashlib.sha256).hexdigest()
