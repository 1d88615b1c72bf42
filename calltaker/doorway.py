"""What the staff's door is handed down, and how its views reach it.

Built by the composition root; views ask `door()` for it. Knows no route and no template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from flask import current_app

from calltaker.authoring.grounds import Grounds
from ivr.runtime import Runtime

BUILD = Path(__file__).parent / "static" / "build"
KEY = "staff_door"
ANNOUNCED_FOR = timedelta(minutes=10)
"""How long an announced call may take to ring where no city says otherwise."""
NO_MAP: Mapping[str, Any] = {"type": "FeatureCollection", "features": []}


JurisdictionAt = Callable[[float, float, float], tuple[str | None, bool]]
"""Latitude, longitude and uncertainty in metres to the jurisdiction's key and whether it is certain."""


class Wakeup(Protocol):
    """The bell's other end. Never needed for correctness: without a ring one looks every second."""

    def wait(self, seconds: float) -> None:
        """Return when desk events were committed since the last wait, or after `seconds`."""
        ...


@dataclass(frozen=True, slots=True)
class Intent:
    """What the desk shows of an intent: its title, and the protocol that it suggests, if any."""

    title: str
    protocol: str | None = None


@dataclass(frozen=True)
class DeskDoor:
    """Everything a staff page works with.

    `public_url` is the configured origin (never a request header), without a slash at the end.
    `signalling_url` is the origin of a local telephone company, empty with Twilio itself.
    `wakeup` is None where nobody rings: the push door then only looks. `intents` by slug.
    `jurisdiction_at` places a pin that a call-taker moved; without it a pin's place is uncertain.
    `base_map` is a GeoJSON FeatureCollection drawn under the pin, empty for none.
    `build` is the front end's output with its `manifest.json`. `grounds` is what the menus' gate
    knows of the city. `announced_for` is how long a call that 911 has announced may take to ring,
    as the agencies are published now. `retention_days` by class of records; `tags` are the city's own,
    key to title.
    """

    runtime: Runtime
    public_url: str
    secret_key: str = field(repr=False)
    signalling_url: str = ""
    wakeup: Wakeup | None = None
    intents: Mapping[str, Intent] = field(default_factory=lambda: MappingProxyType({}))
    jurisdiction_at: JurisdictionAt | None = None
    base_map: Mapping[str, Any] = field(default_factory=lambda: NO_MAP)
    build: Path = BUILD
    grounds: Grounds = field(default_factory=Grounds)
    announced_for: Callable[[], timedelta] = lambda: ANNOUNCED_FOR
    retention_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us by https; only a loopback address does without."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def signalling(self) -> str | None:
        """`HOST:PORT` of a local telephone company, None with Twilio itself."""
        return urlsplit(self.signalling_url).netloc or None

    @property
    def shim(self) -> str | None:
        """The script that lets the softphone speak to a local telephone company."""
        return f"{self.signalling_url}/shim.js" if self.signalling_url else None


def door() -> DeskDoor:
    """The door that answers the present request."""
    return cast(DeskDoor, current_app.extensions[KEY])
