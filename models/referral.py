"""Somebody of the directory whom a call-taker calls into a live call: a crisis line, an interpreter."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.states import DestinationKind, ReferralState

OPEN = text("ended_at IS NULL")


class Referral(Base):
    """One dial of one entry of the directory; an entry is open once a call, and never tried again."""

    __tablename__ = "referral"
    __table_args__ = (
        Index(
            "uq_referral_open",
            "call_id",
            "destination",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    """Whose order it was."""
    destination: Mapped[str] = mapped_column(String(40))
    """Key of the directory's entry, as published."""
    kind: Mapped[DestinationKind] = mapped_column(words_of(DestinationKind, "kind"))
    stay_until_accepted: Mapped[bool]
    """Whether the call-taker stays until they say that they have the caller, as it stood then."""
    consult: Mapped[bool]
    """The caller was put on hold first."""
    state: Mapped[ReferralState] = mapped_column(words_of(ReferralState, "state"))
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    requested_at: Mapped[datetime]
    dialled_at: Mapped[datetime | None]
    ringing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    twilio_code: Mapped[int | None]
    """Twilio's error number where REST refused the dial."""
