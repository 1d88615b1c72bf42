"""How well calls were taken: scores, samples, human reviews, disputes, and feedback to a person.

A score is the machine's and a review a person's; each stands in its own table and neither is ever
worked into the other. Nothing is overwritten: what was disputed stays beside what was decided.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import (
    CaseGrade,
    DisputeAbout,
    DisputeDecision,
    Reading,
    ReviewGrade,
    SampleReason,
    Triage,
)

REVIEW_COMMENT = Column("case_review", "comment")
DISPUTE_WORDS = Column("case_dispute", "words")
DISPUTE_ANSWER = Column("case_dispute", "answer")
FEEDBACK_WORDS = Column("case_feedback", "words")
FEEDBACK_REPLY = Column("case_feedback", "reply")
UNDECIDED = text("decided_at IS NULL")


class CaseScore(Base):
    """The automatic score of one ended session by the scoring rules of one name (`scale`)."""

    __tablename__ = "case_score"
    __table_args__ = (
        UniqueConstraint("session_id", "scale"),
        Index("ix_case_score_ended_at", "ended_at"),
        Index("ix_case_score_staff_id_ended_at", "staff_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    """The person concerned: whoever began the session."""
    protocol: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    scale: Mapped[str] = mapped_column(String(16))
    grade: Mapped[CaseGrade] = mapped_column(words_of(CaseGrade, "grade"))
    earned: Mapped[int]
    applicable: Mapped[int]
    """Points; the percentage is never stored without them."""
    checks: Mapped[list[Any]] = mapped_column(JSON)
    """Objects {item, weight, result, why, questions}; ids and our own sentences only."""
    under_triage: Mapped[list[Any]] = mapped_column(JSON)
    """Signs that the case was held for less than it was."""
    ended_at: Mapped[datetime]
    scored_at: Mapped[datetime]


class CaseSample(Base):
    """A case that a person is to read, and why; drawn once for each reason."""

    __tablename__ = "case_sample"
    __table_args__ = (UniqueConstraint("session_id", "reason"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    reason: Mapped[SampleReason] = mapped_column(words_of(SampleReason, "reason"))
    drawn_by: Mapped[str] = mapped_column(String(64))
    """A staff id, or `line` for what is sampled by itself."""
    drawn_at: Mapped[datetime]


class CaseReview(Base):
    """What one reader found in a case; final when written. `comment` is sealed to `id`."""

    __tablename__ = "case_review"
    __table_args__ = (UniqueConstraint("session_id", "reading"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    reading: Mapped[Reading] = mapped_column(words_of(Reading, "reading"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    form: Mapped[str] = mapped_column(String(16))
    """Name of the form's version."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Question of the form to `yes`, `no` or `not_applicable`."""
    grade: Mapped[ReviewGrade] = mapped_column(words_of(ReviewGrade, "grade"))
    triage: Mapped[Triage] = mapped_column(words_of(Triage, "triage"))
    comment: Mapped[bytes | None]
    reviewed_at: Mapped[datetime]


class CaseDispute(Base):
    """The person concerned does not agree; at most one undecided a case and thing."""

    __tablename__ = "case_dispute"
    __table_args__ = (
        Index(
            "uq_case_dispute_undecided",
            "session_id",
            "about",
            unique=True,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"))
    about: Mapped[DisputeAbout] = mapped_column(words_of(DisputeAbout, "about"))
    raised_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[bytes]
    """Sealed to `id`, as is `answer`."""
    raised_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decision: Mapped[DisputeDecision | None] = mapped_column(words_of(DisputeDecision, "decision"))
    answer: Mapped[bytes | None]
    decided_at: Mapped[datetime | None]


class CaseFeedback(Base):
    """Words to the person concerned about a case: given, read, acknowledged, perhaps replied to."""

    __tablename__ = "case_feedback"
    __table_args__ = (Index("ix_case_feedback_to_staff_id_given_at", "to_staff_id", "given_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("protocol_session.id"), index=True)
    from_staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    to_staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[bytes]
    """Sealed to `id`, as is `reply`."""
    given_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """When its case was first opened by the person concerned."""
    acknowledged_at: Mapped[datetime | None]
    reply: Mapped[bytes | None]
