"""The number of a service request: seven digits and a check digit that finds a misheard one. Pure.

The check digit is Damm's (a totally anti-symmetric quasigroup of order 10): it finds every single
wrong digit and every swap of neighbours. Source: H. M. Damm, "Total anti-symmetrische Quasigruppen",
Marburg 2004. Chance comes in as an argument.
"""

DIGITS = 8
BODIES = 10_000_000
"""How many numbers there are."""

_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def of(body: int) -> str:
    """Make the number of a body from 0 to 9,999,999.

    Raises:
        ValueError: the body is outside that range.
    """
    if not 0 <= body < BODIES:
        raise ValueError("a request number has seven digits and a check digit")
    digits = f"{body:0{DIGITS - 1}d}"
    return f"{digits}{_check(digits)}"


def is_right(number: str) -> bool:
    """Say whether a number, as heard or typed, can be one of ours; spaces do not matter."""
    digits = "".join(number.split())
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit() and _check(digits) == 0


def spoken(number: str) -> str:
    """Write a number to be read aloud: two groups of four, digit by digit."""
    groups = (number[:4], number[4:])
    return ", ".join(" ".join(group) for group in groups)


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim
