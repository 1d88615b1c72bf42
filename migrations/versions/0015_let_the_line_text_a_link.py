"""Let the line itself text a location link: no call-taker asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("location_link") as link:
        link.alter_column("staff_id", existing_type=sa.CHAR(length=32), nullable=True)


def downgrade() -> None:
    """The line's own links are forgotten; the positions that came by them stay with their calls."""
    op.execute("DELETE FROM location_link WHERE staff_id IS NULL")
    with op.batch_alter_table("location_link") as link:
        link.alter_column("staff_id", existing_type=sa.CHAR(length=32), nullable=False)
