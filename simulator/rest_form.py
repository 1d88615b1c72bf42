"""A REST request's form: fields read and refused as Twilio refuses them, with its numbers."""

from collections.abc import Sequence

from multidict import MultiMapping

from simulator.config import E164, Account
from simulator.errors import RestError
from simulator.legs import CallbackPlan, Leg

BAD_PARAMETER = 20001
NO_TO, BAD_TO = 21201, 21211
NO_FROM, NOT_VERIFIED, BAD_FROM = 21213, 21210, 21212
BAD_TIMEOUT = 21208
LONGEST_RING_SECONDS = 600
ALWAYS_ADDED_SECONDS = 5
CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


class Form:
    """The fields of one request."""

    def __init__(self, fields: MultiMapping[str]) -> None:
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def shown(self) -> dict[str, str]:
        """The fields for the journal: without the CallToken, which is a secret."""
        return {name: value for name, value in self._fields.items() if name != "CallToken"}

    def text(self, name: str, default: str | None = None) -> str | None:
        """A field, or its default; an empty one counts as given."""
        return self._fields.get(name, default)

    def needed(self, name: str, code: int = BAD_PARAMETER) -> str:
        """A field that must be there."""
        value = self._fields.get(name)
        if not value:
            raise RestError(400, code, f"'{name}' is required.")
        return value

    def flag(self, name: str) -> bool | None:
        """True, false, or None when it is not given."""
        value = self._fields.get(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise RestError(400, BAD_PARAMETER, f"{name} must be true or false.")
        return value.lower() == "true"

    def method(self, name: str) -> str:
        """POST or GET."""
        value = (self._fields.get(name) or "POST").upper()
        if value not in ("POST", "GET"):
            raise RestError(400, 21209, f"{name} must be GET or POST.")
        return value

    def events(self, name: str) -> Sequence[str]:
        """A list that may be several fields, or one with blanks."""
        return [event for field in self._fields.getall(name, []) for event in field.split()]

    def ring_seconds(self) -> int:
        """How long to ring: Timeout (60) and always five more; at least ten in all."""
        value = self._fields.get("Timeout", "60")
        if not value.isdigit() or not 1 <= int(value) <= LONGEST_RING_SECONDS:
            raise RestError(400, BAD_TIMEOUT, "Invalid Timeout.")
        return max(int(value), 5) + ALWAYS_ADDED_SECONDS

    def progress(self) -> CallbackPlan | None:
        """Where the leg's progress is reported; without events at its end only."""
        url = self._fields.get("StatusCallback")
        if not url:
            return None
        events = frozenset(self.events("StatusCallbackEvent")) or frozenset({"completed"})
        if not events <= CALL_EVENTS:
            raise RestError(400, 21626, "Invalid statusCallbackEvents.")
        return CallbackPlan(url, events, self.method("StatusCallbackMethod"))


def called(form: Form) -> str:
    """Whom a request wants rung: E.164, `client:NAME` or `sip:...`."""
    to = form.needed("To", NO_TO)
    if not (E164.fullmatch(to) or to.startswith(("client:", "sip:"))):
        raise RestError(400, BAD_TO, f"Invalid 'To' Phone Number: {to}")
    return to


def caller(form: Form, account: Account, legs: Sequence[Leg]) -> str:
    """Whom a request shows: an own number, a client, or a caller whose CallToken it holds."""
    shown = form.needed("From", NO_FROM)
    own = {number.number for number in account.numbers}
    if shown in own or shown.startswith("client:"):
        return shown
    if not E164.fullmatch(shown):
        raise RestError(400, BAD_FROM, f"Invalid From Number (caller ID): {shown}")
    token = form.text("CallToken")
    if token and any(leg.from_ == shown and token in leg.tokens for leg in legs if not leg.is_over):
        return shown
    raise RestError(
        400, NOT_VERIFIED, f"The source phone number provided, {shown}, is not yet verified."
    )
