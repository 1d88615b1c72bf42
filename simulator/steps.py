"""How one verb, or one document, leads on to the next: values that the player passes about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.twiml import Document


@dataclass(frozen=True, slots=True)
class GoTo:
    """Ask this URL for the next document, with these fields besides the usual ones."""

    url: str
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Inline:
    """A document that a REST request brought with it; it has no URL of its own."""

    document: Document


@dataclass(frozen=True, slots=True)
class HangUp:
    """The call is to end; after a Reject with its reason, unanswered."""

    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """`<Leave>`: out of the line, on to the verb after Enqueue."""


Step = GoTo | HangUp | LeaveLine
Ending = HangUp | LeaveLine | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a document is played: its URL, fields that every request from it carries, what may stand in it."""

    base: str | None
    extra: Callable[[], Mapping[str, str]] = dict
    allowed: frozenset[str] | None = None
    refusal: int = 0
