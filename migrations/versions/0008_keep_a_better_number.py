"""Keep the number at which a caller says they can be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("better_number", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Back to the shown number alone: what callers have said instead is forgotten."""
    op.drop_column("call", "better_number")
