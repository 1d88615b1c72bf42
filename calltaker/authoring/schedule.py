"""What happens to publications at a set time: scheduled versions go live, announcements end.

Done by the minder and, a little later, by every voice door, so that a dead minder delays no city.
Whoever comes first wins by the conditional statements of `publishing`; what was missed while
everybody was away is caught up in order. The gate is asked once more, and a protocol is run once more
over the recorded calls: facts change in the night, and calls go on.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select

from calltaker.authoring import announcements, documents, drafts, gate, publishing, replaying
from calltaker.authoring.examined import ERROR, Examined
from calltaker.authoring.grounds import Grounds
from calltaker.authoring.history import BY_ITSELF, Doing, Subject
from ivr.errors import MenuError
from ivr.runtime import Runtime
from models import publications
from models.publication import Publication
from models.states import HistoryEvent, PublicationKind, PublicationState

GRACE_SECONDS = 5.0
"""How much later than the minder a voice door acts."""

log = structlog.get_logger(__name__)


def run_due(runtime: Runtime, grounds: Callable[[], Grounds], now: datetime) -> int:
    """Do what is due at `now`; returns how many versions went live."""
    with runtime.reading() as session:
        due = session.scalars(
            select(Publication)
            .where(
                Publication.state == PublicationState.SCHEDULED,
                Publication.publish_at <= now,
            )
            .order_by(Publication.publish_at, Publication.version)
        ).all()
        up = publications.all_live(session, PublicationKind.ANNOUNCEMENT)
    for announcement in up:
        _end(runtime, announcement, now)
    return sum(_publish(runtime, grounds(), version, now) for version in due)


def _publish(runtime: Runtime, grounds: Grounds, version: Publication, now: datetime) -> bool:
    against, found = _held_against(runtime, grounds, version, now)
    with runtime.sessions() as session:
        if against:
            went_live = False
            reason = f"the gate kept it back: {against}"
            doing = Doing(BY_ITSELF, now)
            if publishing.set_aside(session, version, HistoryEvent.WITHHELD, doing, reason):
                drafts.bring_back(session, version, now, runtime.new_id)
            log.error("scheduled_version_withheld", version=version.version, kind=version.kind)
        else:
            went_live = publishing.publish_scheduled(session, version, now, found)
        session.commit()
    return went_live


def _held_against(
    runtime: Runtime, grounds: Grounds, version: Publication, now: datetime
) -> tuple[str, str]:
    """What is now against a version, "" if nothing is; and what the recorded calls say of it.

    More calls lost to 911 than its approver has accepted keep it back: nobody has looked at those.
    """
    subject = Subject(version.kind, version.key)
    examined = gate.examine_text(subject, version.document, grounds, now)
    if examined.errors:
        return _first_error(examined), ""
    if version.kind is not PublicationKind.PROTOCOL:
        return "", ""
    compared = replaying.when_it_comes_live(runtime, version)
    if compared is None:
        return "", ""
    accepted = replaying.accepted_losses(version.accepted)
    if compared.lost_911 > accepted:
        return f"{compared.lost_in_words}; its approver had accepted {accepted}", ""
    ran = f"run again over {compared.outcome.sessions} recorded calls of version {compared.version}"
    return "", f"{ran}: {compared.changed} change, {compared.lost_911} are lost to 911"


def _end(runtime: Runtime, version: Publication, now: datetime) -> None:
    """Take an announcement down whose time is over; nobody hears it any more as it is."""
    try:
        if now < announcements.read(documents.shown(version.document)).ends:
            return
    except MenuError:
        return
    subject = Subject(version.kind, version.key)
    with runtime.sessions() as session:
        publishing.take_down(session, subject, Doing(BY_ITSELF, now), "its time is over")
        session.commit()


def _first_error(examined: Examined) -> str:
    first = next(one for one in examined.findings if one["severity"] == ERROR)
    return f"{first['where']}: {first['message']}"
