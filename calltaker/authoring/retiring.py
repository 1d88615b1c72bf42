"""Taking a protocol out of use: the desk offers it no longer, calls in progress end on it.

Its versions stay, and any of them can be made live again. Never commits.
"""

from sqlalchemy.orm import Session

from calltaker.authoring import live_protocols, publishing
from calltaker.authoring.errors import MovedOnError
from calltaker.authoring.history import Doing, Subject
from calltaker.errors import RefusedError
from calltaker.intake.protocol_view import OPENING
from calltaker.intake.published import published
from models import publications


def retire(session: Session, subject: Subject, number: int, reason: str, doing: Doing) -> None:
    """Leave the protocol without a live version.

    Raises:
        RefusedError: calls would miss it: they begin with it, or another protocol leads to it.
        MovedOnError: `number` is not live, or another version waits for its time.
    """
    publishing.lock(session, subject)
    live = publications.live(session, subject.kind, subject.key)
    if live is None or live.version != number:
        raise MovedOnError(f"Version {number} is not live any more.", "Load the page again.")
    if waiting := publications.scheduled(session, subject.kind, subject.key):
        raise MovedOnError(
            f"Version {waiting[0].version} waits for its time and would bring it back.",
            "Call that off first.",
        )
    _require_unneeded(session, subject)
    publishing.take_down(session, subject, doing, reason)


def _require_unneeded(session: Session, subject: Subject) -> None:
    if subject.key == OPENING:
        raise RefusedError(
            "Calls of which nothing is known begin with this protocol.", "Change it instead."
        )
    needed_by = [
        one.title.en
        for one in live_protocols.readable(session, published()).values()
        if any(jump.to == subject.key for jump in one.jumps)
    ]
    if needed_by:
        raise RefusedError(
            f"Call-takers are led to it from: {', '.join(needed_by)}.",
            "Take the jump out there first.",
        )
