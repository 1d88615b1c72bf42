"""The cookie of a signed-in browser: how it is named, set and taken back. Knows no rows."""

from flask import Response

from calltaker.doorway import DeskDoor

LASTS_SECONDS = 14 * 3600


def name(door: DeskDoor) -> str:
    """The cookie's name: `__Host-` binds it to this host and to https; loopback http goes without."""
    return "__Host-oldpueblo" if door.is_https else "oldpueblo"


def give(answer: Response, door: DeskDoor, word: str) -> None:
    """Hand the browser its word."""
    answer.set_cookie(
        name(door),
        word,
        max_age=LASTS_SECONDS,
        path="/",
        secure=door.is_https,
        httponly=True,
        samesite="Lax",
    )


def take_back(answer: Response, door: DeskDoor) -> None:
    """Make the browser forget its word."""
    answer.delete_cookie(name(door), path="/", secure=door.is_https, httponly=True, samesite="Lax")
