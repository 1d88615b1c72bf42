"""Who calls, in plain values, and the ids that follow from a CallSid without any database.

A call's id and an escalation's id are made from what Twilio sends with every request. So a caller
can be put into their own room, and 911 be dialled into the same one, while the database is away;
and an escalation asked for twice at one step is one escalation.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from models.states import NumberPresentation

_OURS = UUID("6f1c8a52-3b0e-4f7d-9a64-d2311c5e0911")


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller's leg and the call it belongs to."""

    call_sid: str
    call_id: str

    @classmethod
    def of(cls, call_sid: str) -> "Caller":
        """The caller of a leg that rang in: the call's id follows from it."""
        return cls(call_sid, uuid5(_OURS, call_sid).hex)


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that rings: what Twilio said of it, cleaned.

    `caller_number` and `dialled_number` are E.164 (the latter as sent when it is no number).
    """

    call_sid: str
    caller_number: str | None
    presentation: NumberPresentation
    dialled_number: str
    stir_verstat: str | None = None
    call_token: str | None = None
    trunk_header: str = ""
    """What the SIP trunk sent as its secret (`SipHeader_X-Trunk-Secret`)."""


def escalation_id(call_sid: str, where: str) -> str:
    """The id of the escalation that a caller asks for at one place of their call."""
    return uuid5(_OURS, f"{call_sid}:{where}").hex
