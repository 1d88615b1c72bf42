"""What is known already around a caller's place: service requests that are not closed yet.

Asked about the place that stands in an own call and about no other, so that nobody walks through the
city's requests. Places are sealed: a bounded number of the newest requests of the place's
jurisdiction is opened. What is told names the thing, its number, its age and how far it is; never
who asked for it, nor what they said.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.desk.caller import open_caller
from calltaker.desk.viewer import Viewer
from models.call import Call
from models.intake import REQUEST_PLACE, ServiceRequest
from models.personal import PersonalError
from models.states import RequestState

WITHIN_METRES = 300.0
AT_MOST = 20
"""The newest so many are shown."""
LOOKED_THROUGH = 1000
"""The newest so many of the jurisdiction are opened: about 15 ms."""
EARTH_METRES = 6_371_000.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the Earth, degrees."""

    latitude: float
    longitude: float

    def metres_to(self, other: "Point") -> float:
        """The distance over ground; exact to a thousandth over a few kilometres."""
        north = math.radians(other.latitude - self.latitude)
        east = math.radians(other.longitude - self.longitude)
        middle = math.radians((self.latitude + other.latitude) / 2)
        return EARTH_METRES * math.hypot(north, east * math.cos(middle))


def of_call(session: Session, call: Call, viewer: Viewer) -> dict[str, Any]:
    """Write the requests around a call's place, the nearest first, without the call's own.

    The newest `AT_MOST` within `WITHIN_METRES`; none without a point, or for eyes that may not see
    where the caller is.
    """
    place = open_caller(viewer.keyring, call, viewer.sight).place
    here = _point(place)
    told: dict[str, Any] = {"within_metres": WITHIN_METRES, "requests": []}
    if here is None:
        return told
    area = (place or {}).get("jurisdiction") or call.jurisdiction
    near = _near(_newest(session, call.id, area), here, viewer)[:AT_MOST]
    told["requests"] = [
        _shown(found, there, metres, viewer)
        for metres, found, there in sorted(near, key=lambda one: (one[0], one[1].number))
    ]
    return told


def _newest(session: Session, call_id: str, area: str | None) -> list[ServiceRequest]:
    """The jurisdiction's requests that no department has done yet, the newest first."""
    return list(
        session.scalars(
            select(ServiceRequest)
            .where(
                ServiceRequest.jurisdiction == area
                if area
                else ServiceRequest.jurisdiction.is_(None),
                ServiceRequest.state != RequestState.CLOSED,
                ServiceRequest.place.is_not(None),
                or_(ServiceRequest.call_id.is_(None), ServiceRequest.call_id != call_id),
            )
            .order_by(ServiceRequest.created_at.desc(), ServiceRequest.id)
            .limit(LOOKED_THROUGH)
        )
    )


def _near(
    requests: list[ServiceRequest], here: Point, viewer: Viewer
) -> list[tuple[float, ServiceRequest, Point]]:
    found = []
    for request in requests:
        there = _point(_opened(request, viewer))
        metres = here.metres_to(there) if there else math.inf
        if there is not None and metres <= WITHIN_METRES:
            found.append((metres, request, there))
    return found


def _opened(request: ServiceRequest, viewer: Viewer) -> dict[str, Any] | None:
    """A place that does not open costs its own mark, never the others."""
    try:
        text = viewer.keyring.unseal(REQUEST_PLACE, request.id, request.place or b"")
    except PersonalError as shut:
        log.error("personal_column_shut", error=str(shut))
        return None
    place = json.loads(text)
    return place if isinstance(place, dict) else None


def _point(place: dict[str, Any] | None) -> Point | None:
    latitude, longitude = (place or {}).get("latitude"), (place or {}).get("longitude")
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def _shown(found: ServiceRequest, there: Point, metres: float, viewer: Viewer) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": viewer.intent_title(found.category),
        "state": found.state.value,
        "made_at": showing.instant(found.created_at),
        "metres": round(metres),
        "latitude": there.latitude,
        "longitude": there.longitude,
    }
