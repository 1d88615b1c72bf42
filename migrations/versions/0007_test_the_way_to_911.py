"""Test the way to 911: calls to destinations' test numbers, and how they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_test",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("ended_as", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_test")),
    )
    op.create_index("ix_line_test_destination_begun_at", "line_test", ["destination", "begun_at"])
    op.create_index(
        "uq_line_test_open",
        "line_test",
        ["destination"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Back to no test calls: how the last ones went is forgotten."""
    op.drop_table("line_test")
