"""Two people before anything goes live: one proposes, another approves. Never commits.

Nobody approves their own proposal, nor a text that they saved last. What the approver saw is named
by revision and digest: anything else is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from calltaker.authoring import documents, drafts, history, publishing
from calltaker.authoring.errors import MovedOnError
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.publishing import Approved
from calltaker.errors import ForbiddenError, RefusedError
from models.draft import Draft
from models.publication import Publication
from models.states import DraftState, HistoryEvent

FARTHEST = timedelta(days=400)
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """Why a draft shall go live, when (None: once approved), and the warnings accepted for it."""

    reason: str
    publish_at: datetime | None = None
    accepted: Sequence[Mapping[str, Any]] = ()


def propose(
    session: Session, subject: Subject, revision: int, proposal: Proposal, doing: Doing
) -> None:
    """Put the draft before a second person; it passed the gate as it is.

    Raises:
        RefusedError: no reason, or a time that cannot be.
        LaterSaveError, MovedOnError: the draft is not at that revision.
    """
    said, publish_at = required_reason(proposal.reason), proposal.publish_at
    if publish_at is not None and publish_at - doing.at > FARTHEST:
        raise RefusedError("That time is more than 400 days ahead.", "Choose an earlier one.")
    proposed = {
        "state": DraftState.PROPOSED,
        "reason": said,
        "publish_at": publish_at,
        "proposed_by": doing.by,
        "proposed_at": doing.at,
        "accepted": list(proposal.accepted) or None,
    }
    drafts.change(session, subject, revision, proposed)
    history.note(session, subject, HistoryEvent.PROPOSED, doing, reason=said)


def take_back(
    session: Session, subject: Subject, what: HistoryEvent, reason: str, doing: Doing
) -> None:
    """Withdraw or decline the proposal: the draft can be written on again.

    Raises:
        MovedOnError: nothing is proposed.
    """
    changed = session.execute(
        update(Draft)
        .where(
            Draft.kind == subject.kind,
            Draft.key == subject.key,
            Draft.state == DraftState.PROPOSED,
        )
        .values(
            state=DraftState.EDITING,
            publish_at=None,
            proposed_by=None,
            proposed_at=None,
            reason=None,
            accepted=None,
        )
    )
    if cast("CursorResult[tuple[()]]", changed).rowcount != 1:
        raise MovedOnError("Nothing waits for approval here.", "Load the page again.")
    history.note(session, subject, what, doing, reason=reason)


def approve(
    session: Session,
    subject: Subject,
    seen: tuple[int, str],
    doing: Doing,
    new_id: Callable[[], str],
    accepted: Sequence[Mapping[str, Any]] = (),
) -> Publication:
    """Make the proposal a version, live now or at its time. `seen` is its revision and digest.

    `accepted` are the warnings that it goes live with.

    Raises:
        ForbiddenError: the approver proposed it, or saved it last.
        MovedOnError: it is not what the approver saw, or another approved it first.
    """
    publishing.lock(session, subject)
    draft = drafts.find(session, subject)
    if draft is None or draft.state is not DraftState.PROPOSED:
        raise MovedOnError(
            "Nothing waits for approval here: it was approved or withdrawn.",
            "Load the page again.",
        )
    require_second_person(draft, doing.by)
    if seen != (draft.revision, documents.digest(draft.document)):
        raise MovedOnError(
            "This is not the text that you looked at.", "Load the page and read it again."
        )
    if not drafts.take(session, subject, draft.revision, DraftState.PROPOSED):
        raise MovedOnError("Somebody else was quicker.", "Load the page again.")
    reason = draft.reason or ""
    approved = Approved(draft.document, draft.saved_by, reason, draft.publish_at, accepted)
    return publishing.publish(session, subject, approved, doing, new_id)


def require_second_person(draft: Draft, staff_id: str) -> None:
    """Nobody approves their own.

    Raises:
        ForbiddenError: they proposed it, or saved it last.
    """
    if staff_id in (draft.proposed_by, draft.saved_by):
        raise ForbiddenError(
            "You wrote or proposed this, so you cannot approve it.",
            "Ask another supervisor to read and approve it.",
        )


def required_reason(reason: str, longest: int = _LONGEST_REASON) -> str:
    """The reason, cleaned.

    Raises:
        RefusedError: empty or too long.
    """
    said = " ".join(reason.split())
    if not said or len(said) > longest:
        raise RefusedError(
            f"A reason of 1 to {longest} characters is needed.",
            "Say in a few words what changes for callers.",
        )
    return said
