"""What a page shows of one document: live, draft, scheduled, history, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.authoring import documents, drafts, history, protocol_showing, texts, trials
from calltaker.authoring.grounds import Grounds
from calltaker.authoring.history import Subject
from calltaker.authoring.menu_reading import map_of, switches_of
from calltaker.staff.permissions import Permission, may, may_edit
from calltaker.staff.sessions import SignedIn
from models import publications
from models.menu_parts import MenuSwitch, PromptRecording
from models.publication import Publication
from models.states import PublicationKind, PublicationState


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is made for: who looks, at what, when, on which grounds."""

    subject: Subject
    person: SignedIn
    grounds: Grounds
    now: datetime


def state(session: Session, shown: Shown) -> dict[str, Any]:
    """Everything about one document, as the editor's page reads it."""
    subject = shown.subject
    versions = history.versions(session, subject)
    live = next((one for one in versions if one.state is PublicationState.LIVE), None)
    draft = _draft(session, subject, live, versions)
    names = history.names_of(
        session, [name for one in versions for name in (one.author, one.approver)]
    )
    return {
        "kind": subject.kind.value,
        "key": subject.key,
        "me": me(shown.person, subject.kind),
        "live": _live(session, live, names) if live else None,
        "draft": draft,
        "scheduled": [
            {**_row(one, names), "publish_at": _iso(one.publish_at)}
            for one in versions
            if one.state is PublicationState.SCHEDULED
        ],
        "history": [_row(one, names) for one in versions],
        "events": history.events(session, subject.kind.value, subject.key),
        **_of_kind(session, shown, draft),
    }


def _of_kind(session: Session, shown: Shown, draft: Mapping[str, Any]) -> dict[str, Any]:
    """What only one kind's page needs: what its author may choose from, above all."""
    if shown.subject.kind is PublicationKind.PROTOCOL:
        return protocol_showing.state(session, shown.grounds, shown.now, draft["text"])
    return {
        "catalogue": catalogue(session, shown, draft["document"]),
        "trial": _trial(session, shown),
    }


def me(person: SignedIn, kind: PublicationKind) -> dict[str, Any]:
    """Who looks, and what they may do with this kind."""
    edits = may_edit(person.role, kind)
    approves = may(person.role, Permission.APPROVE_PUBLICATIONS)
    return {
        "staff_id": person.staff_id,
        "name": person.name,
        "role": person.role.value,
        "may": {
            "edit": edits,
            "propose": edits,
            "approve": approves,
            "roll_back": approves,
            "retire": approves and kind is PublicationKind.PROTOCOL,
            "announce": may(person.role, Permission.ANNOUNCE),
        },
    }


def catalogue(session: Session, shown: Shown, document: object) -> dict[str, Any]:
    """What a menu may name: intents, jurisdictions, entries, lines, switches, recordings."""
    return {
        "intents": [
            {"slug": slug, "title": title} for slug, title in shown.grounds.intents.items()
        ],
        "jurisdictions": list(shown.grounds.jurisdictions),
        "directory": _directory(session),
        "lines": _lines(session),
        "skills": list(shown.grounds.skills),
        "switches": _switches(session, document),
        "recordings": [
            {"id": row.id, "name": row.name, "seconds": row.seconds}
            for row in session.execute(
                select(PromptRecording.id, PromptRecording.name, PromptRecording.seconds)
                .order_by(PromptRecording.uploaded_at.desc())
                .limit(500)
            )
        ],
    }


def _draft(
    session: Session,
    subject: Subject,
    live: Publication | None,
    versions: Sequence[Publication],
) -> dict[str, Any]:
    draft = drafts.find(session, subject)
    if draft is None:
        base = live or next(iter(versions), None)
        text = base.document if base else ""
        return {
            "revision": 0,
            "state": "none",
            "document": texts.shown(subject.kind, text),
            "text": text,
            "digest": documents.digest(text),
            "saved_at": None,
            "saved_by": "",
            "proposed_by": "",
            "reason": "",
            "publish_at": None,
            "based_on_version": live.version if live else None,
            "accepted": [],
        }
    names = history.names_of(session, [draft.saved_by, draft.proposed_by])
    based_on = next((one.version for one in versions if one.id == draft.based_on), None)
    return {
        "revision": draft.revision,
        "state": draft.state.value,
        "document": texts.shown(subject.kind, draft.document),
        "text": draft.document,
        "digest": documents.digest(draft.document),
        "saved_at": draft.saved_at.isoformat(),
        "saved_by": names[draft.saved_by],
        "saved_by_id": draft.saved_by,
        "proposed_by": names[draft.proposed_by],
        "proposed_by_id": draft.proposed_by,
        "reason": draft.reason or "",
        "publish_at": _iso(draft.publish_at),
        "based_on_version": based_on,
        "accepted": accepted(session, draft.accepted),
    }


def accepted(session: Session, rows: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """The accepted warnings of a version, with the names of who accepted them."""
    names = history.names_of(session, (row["by"] for row in rows or ()))
    return [{**row, "by": names[row["by"]]} for row in rows or ()]


def _live(session: Session, live: Publication, names: Mapping[str | None, str]) -> dict[str, Any]:
    return {
        **_row(live, names),
        "id": live.id,
        "document": texts.shown(live.kind, live.document),
        "text": live.document,
        "accepted": accepted(session, live.accepted),
    }


def _row(one: Publication, names: Mapping[str | None, str]) -> dict[str, Any]:
    return {
        "version": one.version,
        "state": one.state.value,
        "author": names[one.author],
        "approver": names[one.approver],
        "reason": one.reason,
        "published_at": _iso(one.published_at),
        "digest": one.digest,
    }


def _trial(session: Session, shown: Shown) -> dict[str, Any] | None:
    if shown.subject.kind is not PublicationKind.MENU or not shown.grounds.trial_number:
        return None
    trial = trials.current(session, shown.subject.key, shown.now)
    if trial is None:
        return None
    return {"number": shown.grounds.trial_number, "until": trial.until.isoformat()}


def _switches(session: Session, document: object) -> list[dict[str, Any]]:
    live = publications.all_live(session, PublicationKind.MENU)
    on = {row.key: row.is_on for row in session.scalars(select(MenuSwitch))}
    named = [key for one in live for key in switches_of(documents.shown(one.document))]
    keys = dict.fromkeys([*named, *switches_of(document), *on])
    return [{"key": key, "is_on": on.get(key, False)} for key in keys]


def _directory(session: Session) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in publications.all_live(session, PublicationKind.DESTINATIONS):
        rows = map_of(map_of(documents.shown(one.document)).get("directory"))
        found += [{"key": key, "name": map_of(row).get("name") or {}} for key, row in rows.items()]
    return found


def _lines(session: Session) -> list[str]:
    for one in publications.all_live(session, PublicationKind.HOURS):
        lines = map_of(map_of(documents.shown(one.document)).get("lines"))
        return list(lines) or ["main"]
    return ["main"]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
