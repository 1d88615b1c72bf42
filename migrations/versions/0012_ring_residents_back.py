"""Ring residents back: the place that a wish keeps, its tries, and who works on what was left."""

import sqlalchemy as sa
from alembic import op

from migrations.rewording import reword

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OUTCOMES = (
    *("taken", "busy", "no_answer", "machine", "declined"),
    *("cancelled", "failed", "broken_off", "put_off"),
)
NEW_WORDS = (
    ("call", "outcome", "not_reached"),
    ("deadline", "kind", "call_back_due"),
    ("deadline", "kind", "call_back_rings"),
)
OPEN = "ended_at IS NULL"


def upgrade() -> None:
    for column in _of_a_wish():
        op.add_column("call_back", column)
    op.create_index("ix_call_back_number_index", "call_back", ["number_index"])
    for column in _of_a_claim():
        op.add_column("voicemail", column)
    op.create_table(
        "call_back_try",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_back_id", sa.CHAR(length=32), nullable=False),
        sa.Column("contact_id", sa.CHAR(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        _moment("opened_at", nullable=False),
        _moment("dialled_at"),
        sa.Column(
            "outcome",
            sa.Enum(
                *OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        _moment("ended_at"),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_back.id"], name=op.f("fk_call_back_try_call_back_id_call_back")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["call.id"], name=op.f("fk_call_back_try_contact_id_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back_try")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_call_back_try_contact_id")),
    )
    op.create_index(
        "uq_call_back_try_open",
        "call_back_try",
        ["call_back_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_index("ix_call_back_try_call_back_id_n", "call_back_try", ["call_back_id", "n"])
    op.create_index("ix_call_back_try_dialled_at", "call_back_try", ["dialled_at"])
    for table, column, word in NEW_WORDS:
        reword(table, column, add=word)


def downgrade() -> None:
    """Nobody is rung any more: the wishes stay as tasks, their tries and places are forgotten."""
    op.drop_table("call_back_try")
    op.execute("DELETE FROM deadline WHERE kind IN ('call_back_due', 'call_back_rings')")
    op.execute("UPDATE call SET outcome = 'abandoned' WHERE outcome = 'not_reached'")
    for table, column, word in NEW_WORDS:
        reword(table, column, remove=word)
    for column in _of_a_claim():
        op.drop_column("voicemail", column.name)
    op.drop_index("ix_call_back_number_index", table_name="call_back")
    for column in _of_a_wish():
        op.drop_column("call_back", column.name)


def _of_a_wish() -> list[sa.Column[object]]:
    return [
        sa.Column("number_index", sa.String(length=64), nullable=True),
        sa.Column("skill", sa.String(length=40), nullable=False, server_default="general"),
        _moment("waiting_since"),
        sa.Column("after_hours", sa.Boolean(), nullable=False, server_default=sa.false()),
        _moment("next_try_at"),
        sa.Column("text_message_id", sa.CHAR(length=32), nullable=True),
        *_of_a_claim(),
    ]


def _of_a_claim() -> list[sa.Column[object]]:
    return [sa.Column("claimed_by", sa.CHAR(length=32), nullable=True), _moment("claimed_at")]


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
