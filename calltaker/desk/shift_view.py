"""What the desk shows of a shift: what somebody is doing and until when, and why a caller is held."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import pages, showing
from calltaker.desk.viewer import Viewer
from ivr import switching
from ivr.rules import holding
from ivr.runtime import City
from models.call import Call, Leg
from models.desk_telephone import TelephoneSwitch
from models.staff import Presence
from models.states import HoldReason, Language, LegKind, LegState, PresenceState

MINUTE = timedelta(seconds=60)
TITLES = {
    HoldReason.LOOKING_UP: "Looking something up",
    HoldReason.CALLING_DEPARTMENT: "Calling the department",
    HoldReason.ASKING_COLLEAGUE: "Asking a coworker",
    HoldReason.WRITING_DOWN: "Writing the report",
}
"""Each reason to hold as the desk names it."""


def presence(row: Presence | None, viewer: Viewer) -> dict[str, Any]:
    """What somebody is doing; `ends_at` is the limit of the time after a call, else None."""
    if row is None:
        row = Presence(
            state=PresenceState.OFFLINE, since=viewer.now, heartbeat_at=viewer.now, more_minutes=0
        )
    shift = viewer.city.at_the_desk
    reason = row.break_reason if row.state is PresenceState.BREAK else None
    is_after_call = row.state is PresenceState.WRAP_UP
    limit = timedelta(seconds=shift.after_call_seconds) + row.more_minutes * MINUTE
    return {
        "state": row.state.value,
        "since": showing.instant(row.since),
        "reason": reason,
        "reason_title": shift.breaks.get(reason or ""),
        "ends_at": showing.instant(row.since + limit) if is_after_call else None,
        "more_minutes": max(0, shift.more_minutes - row.more_minutes) if is_after_call else 0,
        "page": row.page if pages.is_alive(row, viewer.now) else None,
    }


def breaks(city: City) -> list[dict[str, str]]:
    """The city's kinds of break, in its order."""
    return [{"key": key, "title": title} for key, title in city.at_the_desk.breaks.items()]


def hold(found: Call, viewer: Viewer) -> dict[str, Any]:
    """Since when and why the caller is held, until when at most, and what they could be told."""
    limit = timedelta(seconds=viewer.city.hold_seconds)
    ends_at = found.hold_since + limit if found.hold_since else None
    return {
        "hold_since": showing.instant(found.hold_since),
        "hold_reason": found.hold_reason if found.hold_since else None,
        "hold_ends_at": showing.instant(ends_at),
        "hold_warning_seconds": viewer.city.at_the_desk.hold_warning_seconds,
        "hold_reasons": [
            {
                "key": reason.value,
                "title": title,
                "said": _said(holding.sentence_of(reason), viewer.city),
            }
            for reason, title in TITLES.items()
        ],
    }


def telephone(session: Session, found: Call, viewer: Viewer) -> dict[str, Any]:
    """What this person speaks with, and their way to the other device: the last one, if it is told."""
    legs = session.scalars(
        select(Leg).where(
            Leg.call_id == found.id,
            Leg.staff_id == viewer.staff_id,
            Leg.kind == LegKind.CALL_TAKER,
            Leg.state == LegState.IN_ROOM,
        )
    ).all()
    last = switching.newest(session, found.id, viewer.staff_id)
    return {
        "device": switching.device_of(legs[-1]).value if legs else None,
        "switch": _switch(last, viewer) if last is not None else None,
    }


def _switch(row: TelephoneSwitch, viewer: Viewer) -> dict[str, Any]:
    return {
        "switch_id": row.id,
        "device": row.device.value,
        "state": row.state.value,
        "is_open": switching.is_open(row, viewer.now),
        "asked_at": showing.instant(row.asked_at),
    }


def _said(key: str, city: City) -> dict[str, str]:
    return {language.value: city.sentences.say(key, language) for language in Language}
