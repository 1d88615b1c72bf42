"""Text a location link: by it a caller's telephone may tell, once, where they are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "location_link",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("text_message_id", sa.CHAR(length=32), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_location_link_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["text_message_id"],
            ["text_message.id"],
            name=op.f("fk_location_link_text_message_id_text_message"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_location_link_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_link")),
        sa.UniqueConstraint("text_message_id", name=op.f("uq_location_link_text_message_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_location_link_token_digest")),
    )
    op.create_index(op.f("ix_location_link_call_id"), "location_link", ["call_id"], unique=False)


def downgrade() -> None:
    """No link works any more; the positions that came by one stay with their calls."""
    op.drop_index(op.f("ix_location_link_call_id"), table_name="location_link")
    op.drop_table("location_link")
