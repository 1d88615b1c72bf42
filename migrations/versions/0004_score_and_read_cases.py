"""Score and read cases: scores, samples, reviews, disputes and feedback, each a table of its own."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("case_score", "case_sample", "case_review", "case_dispute", "case_feedback")
GRADES = ("meets", "partly", "non_compliant")


def upgrade() -> None:
    _case_score()
    _case_sample()
    _case_review()
    _case_dispute()
    _case_feedback()
    op.create_index(op.f("ix_protocol_session_ended_at"), "protocol_session", ["ended_at"])


def downgrade() -> None:
    """Back to sessions alone: what was judged of them goes, the sessions stay."""
    op.drop_index(op.f("ix_protocol_session_ended_at"), table_name="protocol_session")
    for table in reversed(TABLES):
        op.drop_table(table)


def _words(name: str, *words: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(length=32), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _keyed(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _case_score() -> None:
    op.create_table(
        "case_score",
        _id("id"),
        _id("session_id"),
        _id("call_id"),
        _id("staff_id"),
        _text("protocol", 64),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("scale", 16),
        _words("grade", *GRADES, "not_scored"),
        sa.Column("earned", sa.Integer(), nullable=False),
        sa.Column("applicable", sa.Integer(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("under_triage", sa.JSON(), nullable=False),
        _moment("ended_at"),
        _moment("scored_at"),
        _refers("case_score", "session_id", "protocol_session"),
        _refers("case_score", "call_id", "call"),
        _refers("case_score", "staff_id", "staff"),
        _keyed("case_score"),
        _once("case_score", "session_id", "scale"),
    )
    op.create_index("ix_case_score_ended_at", "case_score", ["ended_at"])
    op.create_index("ix_case_score_staff_id_ended_at", "case_score", ["staff_id", "ended_at"])


def _case_sample() -> None:
    op.create_table(
        "case_sample",
        _id("id"),
        _id("session_id"),
        _words("reason", "random", "under_triage", "second_reader"),
        _text("drawn_by", 64),
        _moment("drawn_at"),
        _refers("case_sample", "session_id", "protocol_session"),
        _keyed("case_sample"),
        _once("case_sample", "session_id", "reason"),
    )


def _case_review() -> None:
    op.create_table(
        "case_review",
        _id("id"),
        _id("session_id"),
        _words("reading", "first", "second", "agreed"),
        _id("reviewer_id"),
        _text("form", 16),
        sa.Column("answers", sa.JSON(), nullable=False),
        _words("grade", *GRADES),
        _words("triage", "right", "under", "over"),
        _sealed("comment", nullable=True),
        _moment("reviewed_at"),
        _refers("case_review", "session_id", "protocol_session"),
        _refers("case_review", "reviewer_id", "staff"),
        _keyed("case_review"),
        _once("case_review", "session_id", "reading"),
    )
    op.create_index(op.f("ix_case_review_reviewer_id"), "case_review", ["reviewer_id"])


def _case_dispute() -> None:
    op.create_table(
        "case_dispute",
        _id("id"),
        _id("session_id"),
        _words("about", "score", "review"),
        _id("raised_by"),
        _sealed("words"),
        _moment("raised_at"),
        _id("decided_by", nullable=True),
        _words("decision", "stands", "set_aside", nullable=True),
        _sealed("answer", nullable=True),
        _moment("decided_at", nullable=True),
        _refers("case_dispute", "session_id", "protocol_session"),
        _refers("case_dispute", "raised_by", "staff"),
        _refers("case_dispute", "decided_by", "staff"),
        _keyed("case_dispute"),
    )
    undecided = sa.text("decided_at IS NULL")
    op.create_index(
        "uq_case_dispute_undecided",
        "case_dispute",
        ["session_id", "about"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )


def _case_feedback() -> None:
    op.create_table(
        "case_feedback",
        _id("id"),
        _id("session_id"),
        _id("from_staff_id"),
        _id("to_staff_id"),
        _sealed("words"),
        _moment("given_at"),
        _moment("read_at", nullable=True),
        _moment("acknowledged_at", nullable=True),
        _sealed("reply", nullable=True),
        _refers("case_feedback", "session_id", "protocol_session"),
        _refers("case_feedback", "from_staff_id", "staff"),
        _refers("case_feedback", "to_staff_id", "staff"),
        _keyed("case_feedback"),
    )
    op.create_index(op.f("ix_case_feedback_session_id"), "case_feedback", ["session_id"])
    op.create_index(
        "ix_case_feedback_to_staff_id_given_at", "case_feedback", ["to_staff_id", "given_at"]
    )
