"""Desk telephones that call-takers have registered, and their ways from one device to another."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import DeskDevice, SwitchState

DESK_NUMBER = Column("desk_telephone", "number")


class DeskTelephone(Base):
    """A call-taker's own telephone; dialled only once somebody else has approved its number."""

    __tablename__ = "desk_telephone"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    number: Mapped[bytes]
    """Sealed E.164, bound to `staff_id`."""
    registered_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]


class TelephoneSwitch(Base):
    """One way of a call-taker into a call by another device. Its id is opaque, like an offer's."""

    __tablename__ = "telephone_switch"
    __table_args__ = (Index("ix_telephone_switch_staff_id_asked_at", "staff_id", "asked_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    offer_id: Mapped[str | None] = mapped_column(ForeignKey("offer.id"))
    """The offer that is taken by it; empty when they are in the room already."""
    device: Mapped[DeskDevice] = mapped_column(words_of(DeskDevice, "device"))
    state: Mapped[SwitchState] = mapped_column(words_of(SwitchState, "state"))
    call_sid: Mapped[str | None] = mapped_column(String(34))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
