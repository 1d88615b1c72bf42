"""Offer calls by skill, and give callers who were cut off their place back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TAKEN = sa.text("state = 'taken'")


def upgrade() -> None:
    op.add_column(
        "staff", sa.Column("skills", sa.String(length=200), nullable=False, server_default="all")
    )
    op.add_column("line_entry", sa.Column("overflow", sa.JSON(), nullable=True))
    op.add_column("line_entry", sa.Column("continues_id", sa.CHAR(length=32), nullable=True))
    op.create_index(
        "ix_line_entry_taken",
        "line_entry",
        ["ended_at"],
        unique=False,
        sqlite_where=TAKEN,
        postgresql_where=TAKEN,
    )
    op.create_index("uq_line_entry_continues_id", "line_entry", ["continues_id"], unique=True)


def downgrade() -> None:
    """Everybody takes every call again, and nobody who was cut off has a place."""
    op.drop_index("uq_line_entry_continues_id", table_name="line_entry")
    op.drop_index("ix_line_entry_taken", table_name="line_entry")
    op.drop_column("line_entry", "continues_id")
    op.drop_column("line_entry", "overflow")
    op.drop_column("staff", "skills")
