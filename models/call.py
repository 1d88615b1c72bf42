"""One telephone call to the line, from the first ring to its end, and the legs that took part."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import (
    CallOutcome,
    CallPhase,
    EmergencyLevel,
    Language,
    LegKind,
    LegState,
    NumberPresentation,
    Origin,
)

CALLER_NUMBER = Column("call", "caller_number")
BETTER_NUMBER = Column("call", "better_number")
CALL_TOKEN = Column("call", "call_token")
MENU_STATE = Column("call", "menu_state")
PLACE = Column("call", "place")
TURN_ANSWER = Column("call_turn", "answer")


class Call(Base):
    """A contact by telephone. Personal columns are sealed, bound to the call's id."""

    __tablename__ = "call"
    __table_args__ = (
        Index(
            "ix_call_open",
            "phase",
            sqlite_where=text("phase <> 'ended'"),
            postgresql_where=text("phase <> 'ended'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_sid: Mapped[str] = mapped_column(String(34), unique=True)
    """The caller's own leg. It changes when a lost caller is called back."""
    origin: Mapped[Origin] = mapped_column(words_of(Origin, "origin"))
    phase: Mapped[CallPhase] = mapped_column(words_of(CallPhase, "phase"))
    language: Mapped[Language | None] = mapped_column(words_of(Language, "language"))
    caller_number: Mapped[bytes | None]
    caller_number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    better_number: Mapped[bytes | None]
    """Where the caller says that they can be called back: told to people, never dialled by us."""
    number_presentation: Mapped[NumberPresentation] = mapped_column(
        words_of(NumberPresentation, "number_presentation")
    )
    dialled_number: Mapped[str] = mapped_column(String(64))
    stir_verstat: Mapped[str | None] = mapped_column(String(64))
    call_token: Mapped[bytes | None]
    """Twilio's newest CallToken of the caller's leg; cleared when the call ends."""
    menu_publication_id: Mapped[str | None] = mapped_column(ForeignKey("publication.id"))
    step: Mapped[int] = mapped_column(default=0)
    """The step whose answer is awaited next; the key of a turn is (call_sid, step)."""
    menu_state: Mapped[bytes | None]
    """Sealed JSON of `ivr.rules.menu.MenuState`: words, intent, place, emergency reading."""
    place: Mapped[bytes | None]
    """Sealed JSON of the place as a call-taker corrected it; wins over the menu's."""
    intent: Mapped[str | None] = mapped_column(String(40))
    emergency_level: Mapped[EmergencyLevel] = mapped_column(
        words_of(EmergencyLevel, "emergency_level"), default=EmergencyLevel.NONE
    )
    jurisdiction: Mapped[str | None] = mapped_column(String(40))
    conference_sid: Mapped[str | None] = mapped_column(String(34), index=True)
    """Known from the REST reply, the Dial action or a callback, whichever comes first."""
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """The call-taker who has the call now, or who had it last."""
    hold_since: Mapped[datetime | None]
    hold_reason: Mapped[str | None] = mapped_column(String(40))
    """Why they are held (`HoldReason`), spoken to them; kept for what the next hold begins with."""
    leave_commanded_at: Mapped[datetime | None]
    end_commanded_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    heard_at: Mapped[datetime]
    """When Twilio last told us anything of this call; the reconciler asks after silent ones."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[CallOutcome | None] = mapped_column(words_of(CallOutcome, "outcome"))

    @property
    def room(self) -> str:
        """The name of the call's conference: every leg enters by it, commands use the Sid.

        A leg sent to a Sid whose room has just ended would open a new room of that name, alone.
        """
        return f"room-{self.id}"


class CallTurn(Base):
    """The answer given at one step: a repeated webhook gets these bytes again."""

    __tablename__ = "call_turn"

    call_sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answer: Mapped[bytes]
    """Sealed TwiML, bound to `call_sid:step`."""
    answered_at: Mapped[datetime]


class Leg(Base):
    """One leg of a call as Twilio reports it; counted anew on every join and leave."""

    __tablename__ = "leg"
    __table_args__ = (Index("ix_leg_call_id_state", "call_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    call_sid: Mapped[str] = mapped_column(String(34), unique=True)
    kind: Mapped[LegKind] = mapped_column(words_of(LegKind, "kind"))
    state: Mapped[LegState] = mapped_column(words_of(LegState, "state"))
    label: Mapped[str | None] = mapped_column(String(128))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("escalation_attempt.id"))
    sequence: Mapped[int] = mapped_column(default=-1)
    """Highest SequenceNumber applied; an older callback is recorded and not applied."""
    on_hold: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    leave_commanded_at: Mapped[datetime | None]
    """Set before we take the leg out; a call-taker's leg gone without it is a loss."""
    dialled_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class CallbackReceived(Base):
    """The inbox: one row a fact reported, so that a repeated callback has no second effect."""

    __tablename__ = "callback_received"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
