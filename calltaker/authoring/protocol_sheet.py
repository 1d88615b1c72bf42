"""A protocol as a sheet of paper: to be read and signed, and to work from when all else is away.

Everything that a call-taker would see is on it; nothing is left out because it is rare.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from calltaker.authoring import documents, drafts, history, showing
from calltaker.authoring.grounds import Names, ProtocolGrounds
from calltaker.authoring.history import Subject
from calltaker.authoring.protocol_showing import WHEREVER
from calltaker.intake.published import published
from models import publications
from models.publication import Publication
from models.states import PublicationState
from protocols import plain_words
from protocols.plain_words import Row
from protocols.proof_reference import BY_JURISDICTION
from protocols.red_flags import RedFlag
from protocols.script import Destination, Determinant, Protocol, Question


@dataclass(frozen=True, slots=True)
class Printed:
    """Which version a sheet shows. `number` is None for a draft; `accepted` its warnings."""

    number: int | None
    state: str
    since: datetime | None
    author: str
    approver: str
    digest: str
    accepted: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AskedIf:
    """A question of the sheet; `words` say when it is asked, "" for always."""

    question: Question
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A determinant of the sheet with its row of the decision table, and where it leads."""

    row: Row
    determinant: Determinant
    goes_to: Names


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is printed of one protocol."""

    protocol: Protocol
    questions: Sequence[AskedIf]
    outcomes: Sequence[Outcome]
    panel: Sequence[RedFlag]


def sheet(protocol: Protocol, around: ProtocolGrounds | None) -> Sheet:
    """Put together what is printed, the most urgent determinant first."""
    return Sheet(
        protocol=protocol,
        questions=[_asked_if(question) for question in protocol.questions],
        outcomes=list(_outcomes(protocol, around)),
        panel=published().panel,
    )


def printed(session: Session, subject: Subject, which: str) -> Printed:
    """Say which version is printed: `live`, `draft` or a number that was found before.

    A `draft` that nobody writes on is what it would begin with, as `chosen.text` has it.
    """
    draft = drafts.find(session, subject) if which == "draft" else None
    if draft is not None:
        digest = documents.digest(draft.document)
        names = history.names_of(session, [draft.saved_by])
        return Printed(
            None, draft.state.value, draft.saved_at, names[draft.saved_by], "", digest, ()
        )
    row = publications.live(session, subject.kind, subject.key)
    if row is None:
        row = publications.newest(session, subject.kind, subject.key)
    if which.isdecimal():
        row = publications.version(session, subject.kind, subject.key, int(which))
    assert row is not None  # noqa: S101 - its text was read before
    return _version(session, row)


def _version(session: Session, row: Publication) -> Printed:
    names = history.names_of(session, [row.author, row.approver])
    is_live = row.state is PublicationState.LIVE
    return Printed(
        number=row.version,
        state="in use" if is_live else row.state.value,
        since=row.published_at,
        author=names[row.author],
        approver=names[row.approver],
        digest=row.digest,
        accepted=showing.accepted(session, row.accepted),
    )


def _asked_if(question: Question) -> AskedIf:
    condition = question.ask_if
    return AskedIf(question, plain_words.condition_in_words(condition) if condition else "")


def _outcomes(protocol: Protocol, around: ProtocolGrounds | None) -> Iterator[Outcome]:
    for row in plain_words.table(protocol):
        found = protocol.determinant_by_id[row.determinant]
        yield Outcome(row, found, _called(found.destination, around))


def _called(destination: Destination, around: ProtocolGrounds | None) -> Names:
    if destination.key == BY_JURISDICTION:
        return WHEREVER
    key = f"{destination.kind.value}:{destination.key}"
    unnamed = destination.key.replace("_", " ")
    return (around.places if around else {}).get(key, {"en": unnamed, "es": unnamed})
