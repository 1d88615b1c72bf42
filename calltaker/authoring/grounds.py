"""What authoring knows of the city beyond its own rows, handed down by the composition root.

Readers of documents come in as functions: the gate of hours and destinations is the very reading
that the line itself does. Knows no row and no page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models.states import PublicationKind

Reader = Callable[[object], Any]
"""From a plain document to what the line uses; raises an error with `mistakes`."""


@dataclass(frozen=True)
class Grounds:
    """What the gate, the trial and the pages lean on.

    `read` reads the documents of a kind. `facts` makes what the gate knows of the city, from the
    documents of each kind that it shall take instead of the live ones. `may_go_live` turns the
    gate's purpose from demonstration to live.
    """

    read: Mapping[PublicationKind, Reader] = field(default_factory=lambda: MappingProxyType({}))
    facts: Callable[[Mapping[PublicationKind, object]], Any] | None = None
    may_go_live: bool = False
    trial_number: str = ""
    jurisdictions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ("general",)
