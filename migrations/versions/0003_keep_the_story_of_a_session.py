"""Keep the story of a protocol session: its events in order, and who set each determinant.

Keep beside a version of a document which warnings of the gate somebody accepted, and why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("shown", "answered", "red_flag_raised", "retriaged", "overridden", "ended")
SOURCES = ("rules", "red_flag", "retriage", "override")


def upgrade() -> None:
    _protocol_event()
    _tell_what_was_answered()
    _determinant_set()
    for table in ("draft", "publication"):
        op.add_column(table, sa.Column("accepted", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Back to answers and determinants alone; what people chose against the rules goes with it."""
    for table in ("draft", "publication"):
        op.drop_column(table, "accepted")
    op.execute("DELETE FROM determinant_set WHERE source <> 'rules'")
    for name in ("reason", "event_id", "computed", "source"):
        op.drop_column("determinant_set", name)
    op.drop_table("protocol_event")


def _protocol_event() -> None:
    shown = sa.text("kind = 'shown'")
    op.create_table(
        "protocol_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("event_id", sa.CHAR(length=32), nullable=False),
        sa.Column("session_id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=True),
        sa.Column("answer_id", sa.CHAR(length=32), nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        _refers("session_id", "protocol_session.id"),
        _refers("staff_id", "staff.id"),
        _refers("answer_id", "protocol_answer.answer_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_protocol_event_event_id")),
    )
    op.create_index("ix_protocol_event_session_id_id", "protocol_event", ["session_id", "id"])
    op.create_index(
        "uq_protocol_event_shown",
        "protocol_event",
        ["session_id", "question"],
        unique=True,
        sqlite_where=shown,
        postgresql_where=shown,
    )


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    table = to.partition(".")[0]
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_protocol_event_{column}_{table}"))


def _tell_what_was_answered() -> None:
    """Sessions from before go on: each answer becomes the event that it was, in the same order.

    When their questions were shown is known of the answers alone (`protocol_answer.shown_at`).
    """
    op.execute(
        "INSERT INTO protocol_event (event_id, session_id, kind, at, staff_id, answer_id)"
        " SELECT a.answer_id, a.session_id, 'answered', a.answered_at, s.staff_id, a.answer_id"
        " FROM protocol_answer a JOIN protocol_session s ON s.id = a.session_id ORDER BY a.id"
    )


def _determinant_set() -> None:
    words = ", ".join(repr(source) for source in SOURCES)
    # Said by hand: SQLite takes a check with a new column, and no other way.
    op.execute(
        "ALTER TABLE determinant_set ADD COLUMN source VARCHAR(32) DEFAULT 'rules' NOT NULL"
        f" CONSTRAINT ck_determinant_set_source CHECK (source IN ({words}))"
    )
    op.add_column("determinant_set", sa.Column("computed", sa.String(length=64), nullable=True))
    op.add_column("determinant_set", sa.Column("event_id", sa.CHAR(length=32), nullable=True))
    op.add_column("determinant_set", sa.Column("reason", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE determinant_set SET computed = determinant")
