"""Call others into a call: referrals, their legs and moments, and the ledger's word for a department."""

import sqlalchemy as sa
from alembic import op

from migrations.rewording import reword

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("crisis", "988", "cshw", "interpreter", "utility", "311", "department")
STATES = (
    *("requested", "dialling", "ringing", "answered", "accepted"),
    *("ended", "busy", "no_answer", "failed", "cancelled"),
)
NEW_WORDS = (
    ("leg", "kind", "referral"),
    ("deadline", "kind", "referral_rings_out"),
    ("handoff", "target_kind", "department"),
)
MOMENTS = ("dialled_at", "ringing_at", "answered_at", "accepted_at", "ended_at")


def upgrade() -> None:
    op.create_table(
        "referral",
        _id("id"),
        _id("call_id"),
        _id("staff_id"),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("stay_until_accepted", sa.Boolean(), nullable=False),
        sa.Column("consult", sa.Boolean(), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in MOMENTS),
        sa.Column("twilio_code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_referral_call_id_call")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_referral_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_referral_call_sid")),
    )
    op.create_index("ix_referral_call_id", "referral", ["call_id"])
    op.create_index(
        "uq_referral_open",
        "referral",
        ["call_id", "destination"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for table, column, word in NEW_WORDS:
        reword(table, column, add=word)


def downgrade() -> None:
    """Back to 911 alone: who else was called is forgotten, their legs and ledger rows with them."""
    op.drop_table("referral")
    op.execute("DELETE FROM leg WHERE kind = 'referral'")
    op.execute("DELETE FROM deadline WHERE kind = 'referral_rings_out'")
    op.execute("UPDATE handoff SET target_kind = 'utility' WHERE target_kind = 'department'")
    for table, column, word in NEW_WORDS:
        reword(table, column, remove=word)


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(length=32), nullable=False)
