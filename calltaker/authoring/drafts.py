"""The one draft of a document: read, saved under its revision, thrown away. Never commits.

Two people may write on one draft. Every save names the revision that it began from, and one
conditional UPDATE decides: the later save is refused, and its writer is given the other's text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calltaker.authoring import documents, history, texts
from calltaker.authoring.errors import LaterSaveError, MovedOnError
from calltaker.authoring.history import Doing, Subject
from models import publications
from models.draft import Draft
from models.publication import Publication
from models.states import DraftState, HistoryEvent

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
WAITS = "This draft waits for approval, so it cannot be changed."


@dataclass(frozen=True, slots=True)
class Saved:
    """A save that was taken."""

    revision: int
    saved_at: datetime


def find(session: Session, subject: Subject) -> Draft | None:
    """The draft of a document, if somebody writes on one."""
    return session.scalar(select(Draft).where(Draft.kind == subject.kind, Draft.key == subject.key))


def live(session: Session, subject: Subject) -> Publication | None:
    """The live version of a document."""
    return publications.live(session, subject.kind, subject.key)


def save(
    session: Session,
    subject: Subject,
    text: str,
    revision: int,
    doing: Doing,
    new_id: Callable[[], str],
) -> Saved:
    """Save a draft that was at `revision` when its writer began (0: there was none).

    Raises:
        LaterSaveError: somebody saved since; carries their text.
        MovedOnError: it waits for approval, or is gone.
    """
    if revision == 0:
        return _begin(session, subject, text, doing, new_id())
    written = {
        "document": text,
        "revision": revision + 1,
        "reason": None,
        "saved_by": doing.by,
        "saved_at": doing.at,
    }
    change(session, subject, revision, written)
    return Saved(revision + 1, doing.at)


def change(session: Session, subject: Subject, revision: int, values: Mapping[str, Any]) -> None:
    """Set columns of the draft, if it is still written on and at `revision`.

    Raises:
        LaterSaveError: somebody saved since; carries their text.
        MovedOnError: it waits for approval, or is gone.
    """
    changed = session.execute(
        update(Draft)
        .where(
            Draft.kind == subject.kind,
            Draft.key == subject.key,
            Draft.revision == revision,
            Draft.state == DraftState.EDITING,
        )
        .values(**values)
    )
    if _count(changed) != 1:
        raise refusal(session, subject)


def discard(session: Session, subject: Subject, revision: int, doing: Doing) -> None:
    """Throw the draft away, if it is still at `revision`.

    Raises:
        LaterSaveError: somebody saved since.
        MovedOnError: it waits for approval, or is gone.
    """
    draft = find(session, subject)
    digest = documents.digest(draft.document) if draft else None
    if not take(session, subject, revision, DraftState.EDITING):
        raise refusal(session, subject)
    history.note(session, subject, HistoryEvent.DISCARDED, doing, digest=digest)


def take(session: Session, subject: Subject, revision: int, state: DraftState) -> bool:
    """Remove the draft if it is at `revision` and in `state`: of several takers one wins."""
    taken = session.execute(
        delete(Draft).where(
            Draft.kind == subject.kind,
            Draft.key == subject.key,
            Draft.revision == revision,
            Draft.state == state,
        )
    )
    return _count(taken) == 1


def bring_back(
    session: Session, version: Publication, at: datetime, new_id: Callable[[], str]
) -> None:
    """Let the text of a version that will not go live be written on, unless another draft is."""
    subject = Subject(version.kind, version.key)
    if find(session, subject) is None:
        _begin(session, subject, version.document, Doing(version.author, at), new_id())


def _begin(session: Session, subject: Subject, text: str, doing: Doing, new_id: str) -> Saved:
    based_on = live(session, subject)
    draft = Draft(
        id=new_id,
        kind=subject.kind,
        key=subject.key,
        document=text,
        revision=_first_revision(doing.at),
        based_on=based_on.id if based_on else None,
        state=DraftState.EDITING,
        saved_by=doing.by,
        saved_at=doing.at,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        raise refusal(session, subject) from None
    history.note(session, subject, HistoryEvent.BEGUN, doing)
    return Saved(draft.revision, doing.at)


def refusal(session: Session, subject: Subject) -> MovedOnError:
    """Why a save, a discard or a proposal came too late."""
    session.expire_all()
    draft = find(session, subject)
    if draft is None:
        return MovedOnError(
            "This draft is gone: it was published or thrown away.",
            "Load the page again; your text is still in this window.",
        )
    if draft.state is DraftState.PROPOSED:
        return MovedOnError(WAITS, "Withdraw the proposal first, then save.")
    names = history.names_of(session, [draft.saved_by])
    return LaterSaveError(
        {
            "revision": draft.revision,
            "document": texts.shown(subject.kind, draft.document),
            "text": draft.document,
            "saved_by": names[draft.saved_by],
            "saved_at": draft.saved_at.isoformat(),
        }
    )


def _first_revision(now: datetime) -> int:
    """Seconds since a day before us: no draft begins below the revisions of an earlier one.

    So a page that still holds an old draft is refused, and never writes over a new one. It would
    take more than a save a second, from the first to the last, to break this.
    """
    return max(1, int((now - _BEGINNING).total_seconds()))


def _count(result: object) -> int:
    return cast("CursorResult[tuple[()]]", result).rowcount
