"""The desk's part in one rehearsed call: whose turn it is, and what was told and shown of the call."""

from typing import Any

from simulator.rehearsal.figures import Shown
from simulator.rehearsal.script import DeskRole
from simulator.rehearsal.steps import Record


class DeskPart:
    """The desk's part in one call: its roles, who has taken which, and what the product told about the call."""

    def __init__(self, roles: tuple[DeskRole, ...], record: Record) -> None:
        self._free = list(roles)
        self._taken: dict[str, DeskRole] = {}
        self.record = record
        self.caller_sid = ""
        self.call_id: str | None = None
        self.request_number: str | None = None
        self.problems: list[str] = []
        self.is_playing = False
        self.is_watched = False
        self.shown: list[Shown] = []
        self.answered: list[float] = []
        """When each question of a protocol was answered, in seconds since the epoch."""

    def role_of(self, seat: str) -> DeskRole | None:
        """The role that this seat plays: each new seat takes the next; None when all are taken."""
        if seat not in self._taken and self._free:
            self._taken[seat] = self._free.pop(0)
        return self._taken.get(seat)

    def give_back(self, seat: str) -> None:
        """The seat could not take the call: its role is the first to be had again."""
        if role := self._taken.pop(seat, None):
            self._free.insert(0, role)

    def is_played_by(self, seat: str) -> None:
        """The seat has played its role: the next offer to it is the next role's."""
        self._taken.pop(seat, None)

    def learn(self, state: dict[str, Any]) -> None:
        """Keep what the product's desk says of the call."""
        call = state.get("call") or {}
        self.call_id = call.get("call_id") or self.call_id
        self.request_number = (call.get("service_request") or {}).get(
            "number"
        ) or self.request_number
