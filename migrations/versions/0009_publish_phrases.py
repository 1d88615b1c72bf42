"""Let a city publish phrases of danger: one more kind of publication and draft."""

from alembic import op

from migrations.rewording import reword

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("publication", "draft")


def upgrade() -> None:
    for table in TABLES:
        reword(table, "kind", add="phrases")


def downgrade() -> None:
    """Back to the signs of the city pack alone: phrases and their history are forgotten."""
    for table in ("draft", "publication_event", "publication"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'phrases'")  # noqa: S608 (our own names)
    for table in TABLES:
        reword(table, "kind", remove="phrases")
