"""The call-taker's word on whether 911's dispatcher is still on the line with the caller. Never commits.

The packet says it first and may say it again; the newest word counts, whoever's it is.
"""

from calltaker.errors import NotFoundError
from calltaker.handoff.ledger import Writing
from ivr import from_911, record
from models.states import HandoffFact


def say(writing: Writing, call_id: str, staff_id: str, *, is_there: bool) -> None:
    """Keep that the dispatcher is on the line, or has left the caller alone with us.

    Raises:
        NotFoundError: the call did not come from 911.
    """
    record.lock_call(writing.session, call_id)
    handoff = from_911.handed_over(writing.session, call_id)
    if handoff is None:
        raise NotFoundError("This call did not come from 911.", "Go on with the caller.")
    fact = HandoffFact.WITH_DISPATCHER if is_there else HandoffFact.ALONE
    if from_911.who_is_there(writing.session, handoff.id) is not fact:
        writing.note(handoff, fact, staff_id)
