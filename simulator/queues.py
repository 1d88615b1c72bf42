"""Waiting lines of `<Enqueue>`: who stands in them, in what order, and how it ends for each.

Keeps the lines; what a caller hears in one is `simulator.waiting`'s business.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from simulator.config import Account
from simulator.legs import Leg, new_sid


class QueueResult(StrEnum):
    """Twilio's words for how waiting ended."""

    BRIDGED = "bridged"
    HANGUP = "hangup"
    LEAVE = "leave"
    REDIRECTED = "redirected"
    QUEUE_FULL = "queue-full"
    ERROR = "error"


@dataclass(slots=True, eq=False)
class Member:
    """A caller in line. `taken` is set by whoever dials the line, to the leg that takes the caller."""

    leg: Leg
    queue: "Queue"
    taken: "asyncio.Future[Leg]"
    released: asyncio.Event = field(default_factory=asyncio.Event)
    enqueued_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    @property
    def position(self) -> int:
        """Place in line; 1 is next."""
        return self.queue.members.index(self) + 1 if self in self.queue.members else 0

    @property
    def seconds(self) -> int:
        """Whole seconds waited so far."""
        return int(time.monotonic() - self.began)

    def parameters(self) -> dict[str, str]:
        """What a waitUrl's request says of the line."""
        queue = self.queue
        return {
            "QueuePosition": str(self.position),
            "QueueSid": queue.sid,
            "QueueTime": str(self.seconds),
            "AvgQueueTime": str(queue.average_seconds),
            "CurrentQueueSize": str(len(queue.members)),
            "MaxQueueSize": str(queue.max_size),
        }


@dataclass(slots=True, eq=False)
class Queue:
    """One line of an account, first come first."""

    account: Account
    name: str
    max_size: int
    sid: str = field(default_factory=lambda: new_sid("QU"))
    members: list[Member] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_full(self) -> bool:
        """Whether nobody more is let in."""
        return len(self.members) >= self.max_size

    @property
    def average_seconds(self) -> int:
        """Mean wait of those now in line, as Twilio's AvgQueueTime: no forecast."""
        waits = [member.seconds for member in self.members]
        return sum(waits) // len(waits) if waits else 0

    def enter(self, leg: Leg) -> Member:
        """Stand at the end."""
        member = Member(leg, self, asyncio.get_running_loop().create_future())
        self.members.append(member)
        leg.member = member
        self.updated_at = datetime.now(UTC)
        self.arrived.set()
        return member

    def drop(self, member: Member) -> None:
        """Out of the line, however."""
        if member in self.members:
            self.members.remove(member)
            self.updated_at = datetime.now(UTC)
        if member.leg.member is member:
            member.leg.member = None

    def member(self, call_sid: str) -> Member | None:
        """The member with this CallSid, or the first for `Front`."""
        if call_sid == "Front":
            return next(iter(self.members), None)
        return next((member for member in self.members if member.leg.sid == call_sid), None)


class Lines:
    """All lines of all accounts; a line is made when somebody first stands in it."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}

    def open(self, account: Account, name: str, max_size: int | None = None) -> Queue:
        """The account's line of this name, new if there is none."""
        for queue in self.of(account):
            if queue.name == name:
                return queue
        queue = Queue(account, name, max_size or account.queue_max_size)
        self._queues[queue.sid] = queue
        return queue

    def of(self, account: Account) -> Iterable[Queue]:
        """The account's lines, oldest first."""
        return [queue for queue in self._queues.values() if queue.account is account]

    def find(self, account: Account, sid: str) -> Queue | None:
        """A line by its SID."""
        queue = self._queues.get(sid)
        return queue if queue is not None and queue.account is account else None

    def remove(self, queue: Queue) -> None:
        """Delete an empty line."""
        del self._queues[queue.sid]
