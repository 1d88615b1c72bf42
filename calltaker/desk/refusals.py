"""What the line or the telephone company refuses, in words for the person at the desk."""

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from calltaker import security
from ivr.desk_telephone import SwitchRefused
from ivr.errors import GatewayError, NotAllowedError
from ivr.referrals import ReferralRefused
from ivr.rooms import LeaveRefused, NotInCallError

WHY_NOT = {
    "not_accepted": "911 has not accepted the caller yet.",
    "nobody_else": "Nobody else is with the caller. Hang up when you are done.",
    "not_taken": "Who was called for the caller does not have them yet. Stay until they do.",
    "caller_held": "The caller is on hold. Resume first.",
    "others_are_there": "Hanging up would cut the caller off from who is with them: leave instead.",
    "override_not_yours": "Only a supervisor may override, with a reason.",
    "911_is_there": "911 is in the call or being dialled: hanging up or holding would cut them off.",
    "dispatcher_is_there": "911's dispatcher is on the caller's line: hold would hold them too.",
}

WHY_NOBODY_IS_CALLED = {
    "911_first": ("911 is called for this caller.", "Stay with them until 911 has them."),
    "is_called": ("Somebody is called for this caller already.", "Take that back first."),
    "no_caller": ("The caller has hung up.", "Finish the call."),
    "not_in_directory": ("The directory has no such entry.", "Load the page again and choose."),
}

WHY_NO_SWITCH = {
    "not_registered": (
        "You have no desk telephone.",
        "Register its number at the top left, under “Desk telephone”.",
    ),
    "not_approved": (
        "Your desk telephone is not approved.",
        "Ask an administrator: they approve it on the page of people.",
    ),
    "too_often": (
        "Your desk telephone has been rung too often this hour.",
        "Use the softphone; tell your supervisor.",
    ),
    "911_dials": (
        "911 is being dialled at this moment, and comes first.",
        "Order it again in a few seconds.",
    ),
    "is_on_the_way": (
        "Your other telephone is being connected already.",
        "Pick it up and press 1, or wait until it stops ringing.",
    ),
    "is_there": ("You speak with it already.", "Go on."),
}

log = structlog.get_logger(__name__)


def answer_refusals(app: Flask) -> None:
    """Turn the line's own refusals into answers; each leaves the caller where they were."""
    app.register_error_handler(LeaveRefused, _refused)
    app.register_error_handler(ReferralRefused, _nobody_called)
    app.register_error_handler(SwitchRefused, _not_switched)
    app.register_error_handler(NotInCallError, _not_there)
    app.register_error_handler(NotAllowedError, _not_allowed)
    app.register_error_handler(GatewayError, _not_done)
    app.register_error_handler(OperationalError, _not_reached)
    app.register_error_handler(PoolTimeout, _not_reached)


def _refused(wrong: LeaveRefused) -> Response:
    words = WHY_NOT.get(wrong.reason, "You cannot do that yet.")
    return security.problem(409, words, "Stay with the caller.")


def _nobody_called(wrong: ReferralRefused) -> Response:
    problem, what_to_do = WHY_NOBODY_IS_CALLED[wrong.reason]
    return security.problem(409, problem, what_to_do)


def _not_switched(wrong: SwitchRefused) -> Response:
    problem, what_to_do = WHY_NO_SWITCH[wrong.reason]
    return security.problem(409, problem, what_to_do)


def _not_there(_wrong: NotInCallError) -> Response:
    return security.problem(
        409, "Your telephone is not in this call.", "Wait a moment, or look at the line again."
    )


def _not_allowed(_wrong: NotAllowedError) -> Response:
    return security.problem(403, "This number may not be dialled.", "Ask a supervisor.")


def _not_done(wrong: GatewayError) -> Response:
    log.warning("telephone_company_refused", endpoint=request.endpoint, code=wrong.code)
    what = "The telephone company did not do it. The caller hears you as before."
    return security.problem(502, what, "Try again.")


def _not_reached(wrong: OperationalError | PoolTimeout) -> Response:
    """The record is held by somebody else, or the database does not answer; nothing was done."""
    log.warning("record_not_reached", endpoint=request.endpoint, error=type(wrong).__name__)
    what = "The record cannot be reached at this moment. The caller hears you as before."
    return security.problem(503, what, "Try again.")
