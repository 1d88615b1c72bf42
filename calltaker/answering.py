"""What every order to the desk has in common: its JSON, its one commit, its answer.

The answer to an order is the desk's new state, read after the commit. Knows no particular order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from calltaker.desk import state
from calltaker.desk.viewer import Viewer
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.intake.published import published
from calltaker.intake.record import Record
from calltaker.staff.guards import signed_in
from calltaker.staff.memory import memory
from calltaker.staff.permissions import SIGHT


@contextmanager
def one_commit() -> Iterator[Session]:
    """The order's session: committed at the end of the block, and the bell rung after."""
    runtime = door().runtime
    with runtime.sessions() as session:
        yield session
        session.commit()
    runtime.bell.ring()


def desk_state() -> Response:
    """Answer with the desk as it is now."""
    person, viewer = signed_in(), viewer_of_request()
    with door().runtime.reading() as session:
        desk = state.read(session, person, viewer, published())
    calls = [desk["call"], *desk["offers"]]
    shown = [call["call_id"] for call in calls if call is not None]
    memory().showed(person.staff_id, shown, viewer.now)
    return jsonify({**desk, "csrf_token": generate_csrf()})


def viewer_of_request() -> Viewer:
    """Who looks, in the present request."""
    runtime, person = door().runtime, signed_in()
    return Viewer(
        person.staff_id,
        SIGHT[person.role],
        runtime.clock(),
        runtime.keyring,
        runtime.city,
        door().intents,
        runtime.readers,
        person.role,
        door().retention_days,
        door().tags,
        door().announced_for(),
    )


def record_of(session: Session, call_id: str) -> Record:
    """Where the present person's doings in a call are written down."""
    runtime = door().runtime
    return Record(session, call_id, signed_in().staff_id, runtime.clock(), runtime.new_id)


def body() -> dict[str, Any]:
    """The order's JSON object; an empty body is an empty object.

    Raises:
        RefusedError: the body is something else.
    """
    sent = request.get_json(silent=True, force=True) if request.get_data(cache=True) else {}
    if not isinstance(sent, dict):
        raise RefusedError("The order could not be read.", "Load the page again and repeat it.")
    return sent


def text_of(sent: dict[str, Any], name: str, longest: int = 200) -> str:
    """A text of the order.

    Raises:
        RefusedError: missing, too long or no text.
    """
    value = sent.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise RefusedError(f"The order lacks its {name}.", "Load the page again and repeat it.")
    return value


def number_of(sent: dict[str, Any], name: str) -> float | None:
    """A number of the order, None where it is left out.

    Raises:
        RefusedError: something that is no number.
    """
    value = sent.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(f"The {name} is no number.", "Load the page again and repeat it.")
    return float(value)
