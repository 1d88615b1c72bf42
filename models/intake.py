"""What a call-taker asked, was told and decided: protocol sessions, notes, service requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Serial, words_of
from models.personal import Column
from models.states import DeterminantSource, ProtocolEventKind, RequestState

ANSWER_VALUE = Column("protocol_answer", "value")
EVENT_DETAIL = Column("protocol_event", "detail")
SET_REASON = Column("determinant_set", "reason")
NOTE_TEXT = Column("call_note", "text")
REQUEST_PLACE = Column("service_request", "place")
REQUEST_DESCRIPTION = Column("service_request", "description")
MESSAGE_TO = Column("text_message", "to_number")


class ProtocolSession(Base):
    """One protocol run in one call, pinned to an immutable version."""

    __tablename__ = "protocol_session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"))
    protocol: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class ProtocolAnswer(Base):
    """One answer, append-only: a changed answer is a new row. Sealed to `answer_id`."""

    __tablename__ = "protocol_answer"
    __table_args__ = (Index("ix_protocol_answer_session_id_id", "session_id", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(Id, unique=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    question: Mapped[str] = mapped_column(String(64))
    value: Mapped[bytes]
    """Sealed JSON of the value: an option id, a number, a text, `unknown` or `refused`."""
    shown_at: Mapped[datetime]
    answered_at: Mapped[datetime]


SHOWN = text("kind = 'shown'")


class ProtocolEvent(Base):
    """One thing that happened in a session, append-only; by `id` in order they are its story.

    `shown` names its question, `answered` its answer; every other kind keeps its detail sealed to
    `event_id`: a JSON object with the fields of that event in `protocols.session`.
    """

    __tablename__ = "protocol_event"
    __table_args__ = (
        Index("ix_protocol_event_session_id_id", "session_id", "id"),
        Index(
            "uq_protocol_event_shown",
            "session_id",
            "question",
            unique=True,
            sqlite_where=SHOWN,
            postgresql_where=SHOWN,
        ),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(Id, unique=True)
    """Of an order that may be posted twice the order's own id: it is kept once."""
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    kind: Mapped[ProtocolEventKind] = mapped_column(words_of(ProtocolEventKind, "kind"))
    at: Mapped[datetime]
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    question: Mapped[str | None] = mapped_column(String(64))
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("protocol_answer.answer_id"))
    detail: Mapped[bytes | None]


class DeterminantSet(Base):
    """Each change of the determinant that stands, with what it was read from or who chose it."""

    __tablename__ = "determinant_set"
    __table_args__ = (Index("ix_determinant_set_session_id_id", "session_id", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    determinant: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(20))
    common_code: Mapped[str | None] = mapped_column(String(40))
    priority: Mapped[int]
    """0-10, 10 highest."""
    criteria: Mapped[list[Any]] = mapped_column(JSON)
    """Ids of the rules met."""
    final: Mapped[bool]
    set_at: Mapped[datetime]
    source: Mapped[DeterminantSource] = mapped_column(
        words_of(DeterminantSource, "source"), server_default=DeterminantSource.RULES.value
    )
    computed: Mapped[str | None] = mapped_column(String(64))
    """What the rules alone say at that moment, whoever chose; None while no rule holds."""
    event_id: Mapped[str | None] = mapped_column(Id)
    """The event of a choice; None where the rules decided."""
    reason: Mapped[bytes | None]
    """Of a choice, sealed to `event_id`."""


class CallNote(Base):
    """A call-taker's notes on a call, saved as typed; sealed to `id`."""

    __tablename__ = "call_note"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[bytes]
    saved_at: Mapped[datetime]


class ServiceRequest(Base):
    """Something for a department to do. Place and description are sealed to `id`."""

    __tablename__ = "service_request"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    """What the caller is told: eight digits with a check digit, read in two groups of four."""
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("protocol_session.id"), unique=True)
    category: Mapped[str] = mapped_column(String(40), index=True)
    department: Mapped[str] = mapped_column(String(40))
    place: Mapped[bytes | None]
    """Sealed JSON: text, latitude, longitude, uncertainty, confirmed."""
    description: Mapped[bytes | None]
    jurisdiction: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[RequestState] = mapped_column(words_of(RequestState, "state"))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)


class TextMessage(Base):
    """A text message to a caller; the number is sealed to `id`, the words are made when sent.

    It is about a service request, about a node of the menu that the call began with, or carries the
    link of the `LocationLink` that names it.
    """

    __tablename__ = "text_message"
    __table_args__ = (
        Index("uq_text_message_call_id_menu_node", "call_id", "menu_node", unique=True),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    service_request_id: Mapped[str | None] = mapped_column(
        ForeignKey("service_request.id"), unique=True
    )
    menu_node: Mapped[str | None] = mapped_column(String(200))
    """The node whose text the caller asked for: once a node and call."""
    to_number: Mapped[bytes]
    message_sid: Mapped[str | None] = mapped_column(String(34))
    asked_at: Mapped[datetime]
    sending_until: Mapped[datetime | None]
    """Lease of the run that is asking Twilio now; another run leaves the message to it."""
    sent_at: Mapped[datetime | None]
    failed_code: Mapped[int | None]
