"""What every order that dials 911 has in common: its own id, whose call it is, its answer.

Such an order is taken even when no row can be read: from somebody whom this process has just seen,
for a call that it has shown them. Knows no particular order.
"""

import re
from collections.abc import Callable

import structlog
from flask import Response, g, jsonify, make_response
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from calltaker.answering import body, desk_state, text_of
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.staff.guards import signed_in
from calltaker.staff.memory import memory

DIALLED_UNSEEN = "911 is being dialled. The desk cannot show it: the database does not answer."

_HEX = re.compile(r"[0-9a-f]{32}")

log = structlog.get_logger(__name__)


def escalation_id() -> str:
    """The id that the page has given its order, so that it can be posted again.

    Raises:
        RefusedError: there is none of the right shape.
    """
    found = text_of(body(), "escalation_id", longest=32)
    if not _HEX.fullmatch(found):
        raise RefusedError("The order has no proper id.", "Press the red button again.")
    return found


def reachable(call_id: str) -> None:
    """Look whose call it is, calls offered included; without the database by what was shown.

    Raises:
        NotFoundError: somebody else's, or none.
    """
    staff_id, runtime = signed_in().staff_id, door().runtime
    try:
        if g.get("database_is_away"):
            raise OperationalError("guard", None, Exception("not asked again"))
        with runtime.sessions() as session:
            own_calls.reachable(session, call_id, staff_id)
    except SQLAlchemyError:
        if not memory().has_seen(staff_id, call_id, runtime.clock()):
            raise


def dialled(call_id: str, write_down: Callable[[], None] = lambda: None) -> Response:
    """Answer an order that has dialled: what it meant is written down, and the desk as it is now.

    For the page this is a dial whatever becomes of the record: it must not tell the caller to hang
    up.
    """
    try:
        write_down()
        return desk_state()
    except SQLAlchemyError as away:
        log.error("dialled_without_database", call_id=call_id, error=type(away).__name__)
        told = {"problem": DIALLED_UNSEEN, "what_to_do": "Stay with the caller and listen for 911."}
        return make_response(jsonify(**told, dialled=True), 503)
