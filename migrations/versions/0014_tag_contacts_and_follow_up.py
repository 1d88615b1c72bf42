"""Tag contacts, and keep what is to be followed up after a call."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "call_tag",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=True),
        sa.Column("word", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_tag_call_id_call")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_call_tag_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_tag")),
        sa.UniqueConstraint("call_id", "tag", name=op.f("uq_call_tag_call_id_tag")),
    )
    op.create_index(op.f("ix_call_tag_tagged_at"), "call_tag", ["tagged_at"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_staff_id", sa.CHAR(length=32), nullable=True),
        sa.Column("made_by", sa.CHAR(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.CHAR(length=32), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_follow_up_call_id_call")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_follow_up_done_by_staff")),
        sa.ForeignKeyConstraint(
            ["for_staff_id"], ["staff.id"], name=op.f("fk_follow_up_for_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_follow_up_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_call_id"), "follow_up", ["call_id"], unique=False)
    op.create_index(
        "ix_follow_up_to_do",
        "follow_up",
        ["due_at"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Forgets tags, and what was still to be done: read the desk's list first."""
    op.drop_index(
        "ix_follow_up_to_do", table_name="follow_up", sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.drop_index(op.f("ix_follow_up_call_id"), table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index(op.f("ix_call_tag_tagged_at"), table_name="call_tag")
    op.drop_table("call_tag")
