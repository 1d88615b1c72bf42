"""What menus lean on beside their text: switches that a supervisor sets, and uploaded sound."""

from datetime import datetime

from sqlalchemy import Float, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class MenuSwitch(Base):
    """A switch that menus branch by. One that has no row is off."""

    __tablename__ = "menu_switch"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    is_on: Mapped[bool]
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]


class PromptRecording(Base):
    """An uploaded prompt. Never changed: its id is the SHA-256 of its bytes, hex."""

    __tablename__ = "prompt_recording"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(32))
    """`audio/wav` or `audio/mpeg`, by content."""
    seconds: Mapped[float] = mapped_column(Float)
    """Measured length."""
    data: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(120))
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
