"""The ledger of handoffs between 311 and 911: incidents, each handoff, its packets and messages.

A handoff's row names it on both sides; what happened to it is append-only. The telephone's own
stamps stand in `models.escalation` and are not written twice. Packets are sealed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Serial, words_of
from models.personal import Column
from models.states import HandoffDirection, HandoffFact, HandoffTarget

PACKET_BODY = Column("handoff_packet", "body")


class Incident(Base):
    """What happened to somebody, however many calls and handoffs it took. Its id is made once."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    begun_at: Mapped[datetime]


class IncidentCall(Base):
    """A call about an incident; a call is about one."""

    __tablename__ = "incident_call"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    joined_at: Mapped[datetime]


class Handoff(Base):
    """One handoff, either way. Outgoing: its id is the escalation's own."""

    __tablename__ = "handoff"
    __table_args__ = (Index("ix_handoff_open", "agency", "begun_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    direction: Mapped[HandoffDirection] = mapped_column(words_of(HandoffDirection, "direction"))
    target_kind: Mapped[HandoffTarget] = mapped_column(words_of(HandoffTarget, "target_kind"))
    agency: Mapped[str] = mapped_column(String(64))
    """Key of the agency on the other side, as published."""
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    """Our call; empty while an announced call has not rung yet."""
    escalation_id: Mapped[str | None] = mapped_column(ForeignKey("escalation.id"), unique=True)
    their_incident_urn: Mapped[str | None] = mapped_column(String(330), index=True)
    """Empty until the other side has said it."""
    their_call_urn: Mapped[str | None] = mapped_column(String(330))
    number_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of the call-back number that was announced: by it the call is recognised."""
    return_to: Mapped[str | None] = mapped_column(String(40))
    """Incoming: the destination that rings first when the caller goes back."""
    begun_at: Mapped[datetime] = mapped_column(index=True)


class HandoffEvent(Base):
    """One thing that happened to a handoff. `data` holds ids and figures, never personal text."""

    __tablename__ = "handoff_event"
    __table_args__ = (Index("ix_handoff_event_handoff_id_id", "handoff_id", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoff.id"))
    fact: Mapped[HandoffFact] = mapped_column(words_of(HandoffFact, "fact"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(253))
    """`line`, a staff id, or the domain of an agency."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class HandoffPacket(Base):
    """One version of what was known, either way; sealed to `id`. A new version is a new row."""

    __tablename__ = "handoff_packet"
    __table_args__ = (UniqueConstraint("handoff_id", "direction", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoff.id"))
    direction: Mapped[HandoffDirection] = mapped_column(words_of(HandoffDirection, "direction"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    essence: Mapped[str] = mapped_column(String(64))
    """A hash of what it says without when: equal means nothing has changed."""
    body: Mapped[bytes]
    findings: Mapped[list[Any]] = mapped_column(JSON)
    """What the rules found, by rule and path; a packet of ours with an error is not sent."""
    made_at: Mapped[datetime]


class HandoffMessage(Base):
    """The inbox of the exchange: a message that came is answered once, and again the same."""

    __tablename__ = "handoff_message"
    __table_args__ = (
        UniqueConstraint("agency", "kind", "subject", "sha256"),
        UniqueConstraint("agency", "token_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(330))
    """The handoff, or the name that nothing here answers to: those are kept as well."""
    sha256: Mapped[str] = mapped_column(String(64))
    token_id: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
