"""People who work the line: accounts, sessions, invitations, presence."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.states import PresenceState, Role


class Staff(Base):
    """An account. A disabled one cannot sign in; its live call stays theirs until taken over."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(words_of(Role, "role"))
    languages: Mapped[str] = mapped_column(String(40), default="en,es")
    """Languages this person takes calls in, comma separated."""
    skills: Mapped[str] = mapped_column(String(200), default="all", server_default="all")
    """Topics and agencies this person takes calls for, comma separated; `all` for every one."""
    password_hash: Mapped[str] = mapped_column(String(200))
    """argon2id."""
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    first_failed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(Base):
    """One signed-in browser. The cookie holds a random word; only its SHA-256 is kept."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the cookie's word, hex."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When the password was last given in this browser; publishing asks for it anew."""
    ended_at: Mapped[datetime | None]


class Invitation(Base):
    """A single-use address that makes an account; kept as its SHA-256."""

    __tablename__ = "invitation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(words_of(Role, "role"))
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Presence(Base):
    """What a call-taker is doing now."""

    __tablename__ = "presence"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    state: Mapped[PresenceState] = mapped_column(words_of(PresenceState, "state"))
    since: Mapped[datetime]
    idle_since: Mapped[datetime]
    """When their last call ended: the longest idle is offered first."""
    heartbeat_at: Mapped[datetime]
    """The desk page's last sign of life. A lost one only alarms."""
    break_reason: Mapped[str | None] = mapped_column(String(40))
    """Why they are on a break: a key of the city pack's list."""
    more_minutes: Mapped[int] = mapped_column(default=0)
    """How often they have asked for one more minute after this call."""
    page: Mapped[str | None] = mapped_column(String(32))
    """The open page that has their softphone: one of all their tabs and computers."""
