"""The draft or the version that an order names: read, or refused in words. Changes nothing."""

from calltaker.authoring import drafts, gate, orders
from calltaker.authoring.errors import UnusableError
from calltaker.authoring.examined import Examined
from calltaker.authoring.history import Subject
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from models import publications
from models.draft import Draft
from models.publication import Publication
from models.states import PublicationKind, PublicationState


def known(subject: Subject) -> Subject:
    """Only documents that there are: no page invents one.

    A protocol exists from its first draft on, everything else from its first publication; both stay
    when nothing of them is live, because it waits for its time or was taken out of use.

    Raises:
        NotFoundError: there is none.
    """
    with door().runtime.reading() as session:
        if publications.newest(session, subject.kind, subject.key) is not None:
            return subject
        if subject.kind is PublicationKind.PROTOCOL and drafts.find(session, subject):
            return subject
    raise NotFoundError("There is no such document.", "Go back to the list.")


def edited(kind: str, key: str) -> Subject:
    """The document of an address that there is, for somebody who may write it.

    Raises:
        NotFoundError, ForbiddenError: there is none, or this role does not write that kind.
    """
    return orders.require_editor(known(orders.subject_of(kind, key)))


def draft_at(subject: Subject, revision: int) -> Draft:
    """The draft, if it stands at `revision`.

    Raises:
        LaterSaveError, MovedOnError: it does not.
    """
    with door().runtime.reading() as session:
        draft = drafts.find(session, subject)
        if draft is None or draft.revision != revision:
            raise drafts.refusal(session, subject)
    return draft


def passed(subject: Subject, draft: Draft) -> Examined:
    """What the gate says of a draft that it lets pass.

    Raises:
        GateError: it does not.
    """
    now = door().runtime.clock()
    examined = gate.examine_text(subject, draft.document, door().grounds, now)
    examined.require()
    return examined


def version(subject: Subject, number: int) -> Publication:
    """A version by its number; a trial is none.

    Raises:
        NotFoundError: there is none.
    """
    with door().runtime.reading() as session:
        found = publications.version(session, subject.kind, subject.key, number)
    if found is None or found.state is PublicationState.TRIAL:
        raise NotFoundError("There is no such version.", "Choose one of the list.")
    return found


def live(subject: Subject) -> Publication:
    """The live version.

    Raises:
        NotFoundError: there is none.
    """
    with door().runtime.reading() as session:
        found = publications.live(session, subject.kind, subject.key)
    if found is None:
        raise NotFoundError("Nothing is live here yet.", "Publish a first version.")
    return found


def text(subject: Subject, which: str) -> str:
    """The text of `live` ("" where nothing is), of `draft` or of a version's number.

    Where nobody writes on a draft, that is what a draft would begin with.

    Raises:
        NotFoundError, UnusableError: there is no such version, or it is no version at all.
    """
    with door().runtime.reading() as session:
        if which == "draft" and (draft := drafts.find(session, subject)):
            return draft.document
        if which in {"draft", "live"}:
            found = publications.live(session, subject.kind, subject.key)
            if found is None and which == "draft":
                found = publications.newest(session, subject.kind, subject.key)
            return found.document if found else ""
    if not which.isdecimal() or len(which) > 9:
        raise UnusableError("That is no version.", "Name live, draft or a version's number.")
    return version(subject, int(which)).document
