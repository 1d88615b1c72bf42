"""Passwords: long, not common, kept as argon2id. Knows no account and no request.

Length and the offline list follow the trust page (15 characters, no forced change, no composition
rules). A password that is merely a short piece repeated or a run along the alphabet or keyboard is
as common as one on the list.
"""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LEAST = 15
MOST = 200
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "zyxwvutsrqponmlkjihgfedcba",
    "98765432109876543210",
)
_LIST = Path(__file__).parent / "common_passwords.txt"
_HASHER = PasswordHasher()


def fault(password: str, email: str) -> str | None:
    """Say in a sentence why this password cannot be used, or None.

    Args:
        password: As typed; spaces and every script are welcome.
        email: The account's address: a password made of it is none.
    """
    text = _normal(password)
    if len(text) < LEAST:
        return f"Use at least {LEAST} characters: a sentence of a few words is good."
    if len(text) > MOST:
        return f"Use at most {MOST} characters."
    if _is_common(_bare(text), _bare(email.partition("@")[0])):
        return "This password is too easy to guess. Use a few words that do not belong together."
    return None


def make_hash(password: str) -> str:
    """Return argon2id of the password, with its own salt and costs."""
    return _HASHER.hash(_normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Compare a password; for an account that does not exist it takes the same time."""
    try:
        return _HASHER.verify(stored or _hash_of_nobody(), _normal(password)) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Say whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _common() -> frozenset[str]:
    return frozenset(_bare(line) for line in _LIST.read_text().splitlines() if line)


def _is_common(bare: str, name: str) -> bool:
    if bare in _common() or len(set(bare)) < 5:
        return True
    rest = bare.replace(name, "") if len(name) > 3 else bare
    return len(rest) < 6 or _repeats(bare) or any(bare in run * 2 for run in RUNS)


def _repeats(bare: str) -> bool:
    """Whether the text is one piece of at most eight characters, said over and over."""
    return any(bare == (bare[:size] * len(bare))[: len(bare)] for size in range(1, 9))
