"""The desk's orders about a shift: one more minute after a call, and which page has the softphone."""

from flask import Blueprint, Response

from calltaker.answering import body, desk_state, one_commit
from calltaker.desk import pages, presence
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission

shift_orders = Blueprint("shift_orders", __name__)


@shift_orders.post("/desk/presence/more")
@allowed(Permission.ANSWER_CALLS)
def more() -> Response:
    """One more minute for writing up the call."""
    runtime = door().runtime
    with one_commit() as session:
        shift = runtime.city.at_the_desk
        presence.one_more_minute(session, signed_in().staff_id, shift, runtime.clock())
    return desk_state()


@shift_orders.post("/desk/presence/page")
@allowed(Permission.ANSWER_CALLS)
def take_page() -> Response:
    """This page has the softphone from now on; `take_over` when another one is to give it up."""
    sent, runtime = body(), door().runtime
    take_over = sent.get("take_over", False)
    if not isinstance(take_over, bool):
        raise RefusedError("The order has no proper form.", "Load the page again and repeat it.")
    with one_commit() as session:
        now, page = runtime.clock(), _page(sent)
        pages.take(session, signed_in().staff_id, page, now, asked=take_over)
    return desk_state()


@shift_orders.post("/desk/presence/page/closed")
@allowed(Permission.ANSWER_CALLS)
def close_page() -> Response:
    """The page is being closed: who was available there is so no longer."""
    page, runtime = _page(body()), door().runtime
    with one_commit() as session:
        now = runtime.clock()
        pages.let_go(session, signed_in().staff_id, page, now, runtime.new_id)
    return desk_state()


def _page(sent: dict[str, object]) -> str:
    page = pages.page_of(sent)
    if page is None:
        raise RefusedError("The order names no page.", "Load the page again and repeat it.")
    return page
