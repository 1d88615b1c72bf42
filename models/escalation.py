"""A warm transfer to 911: the intent, each attempt at a destination, and the snapshot for 911."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import AcceptedBy, EscalationCause, TransferState

SNAPSHOT = Column("escalation", "snapshot")
OPEN = text("ended_at IS NULL")


class Escalation(Base):
    """One warm transfer of one call; at most one open a call."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index(
            "uq_escalation_open", "call_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    cause: Mapped[EscalationCause] = mapped_column(words_of(EscalationCause, "cause"))
    actor: Mapped[str] = mapped_column(String(64))
    """`caller`, `line`, or a staff id."""
    jurisdiction: Mapped[str | None] = mapped_column(String(40))
    destinations: Mapped[list[Any]] = mapped_column(JSON)
    """Keys of the destinations in the order they will be tried, as they stood at the request."""
    state: Mapped[TransferState] = mapped_column(words_of(TransferState, "state"))
    attempt: Mapped[int] = mapped_column(default=0)
    """Number of the attempt in work, from 1."""
    snapshot: Mapped[bytes | None]
    """Sealed JSON: place, words and answers so far, written after the dial."""
    requested_at: Mapped[datetime] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[AcceptedBy | None] = mapped_column(words_of(AcceptedBy, "accepted_by"))
    left_at: Mapped[datetime | None]
    packet_saved_at: Mapped[datetime | None]
    override_reason: Mapped[str | None] = mapped_column(String(200))
    spooled: Mapped[bool] = mapped_column(default=False)
    """The intent came from the local spool because the database did not take it in time."""
    ended_at: Mapped[datetime | None]


class EscalationAttempt(Base):
    """One dial of one destination. The label `psap-{escalation}-{n}` cannot be dialled twice."""

    __tablename__ = "escalation_attempt"
    __table_args__ = (UniqueConstraint("escalation_id", "n"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"))
    n: Mapped[int]
    label: Mapped[str] = mapped_column(String(128), unique=True)
    destination: Mapped[str] = mapped_column(String(40))
    state: Mapped[TransferState] = mapped_column(words_of(TransferState, "state"))
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    caller_number_shown: Mapped[bool] = mapped_column(default=False)
    requested_at: Mapped[datetime]
    dialled_at: Mapped[datetime | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    twilio_code: Mapped[int | None]
    """Twilio's error number where REST refused the dial."""
