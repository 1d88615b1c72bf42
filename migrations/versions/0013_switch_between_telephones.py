"""Switch between telephones: desk telephones, the reasons of a hold and a break, one page a person."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DEVICES = ("softphone", "desk_telephone")
STATES = ("asked", "coming", "taken", "unanswered", "failed", "cancelled")


def upgrade() -> None:
    op.add_column("call", sa.Column("hold_reason", sa.String(length=40), nullable=True))
    op.add_column("presence", sa.Column("break_reason", sa.String(length=40), nullable=True))
    op.add_column(
        "presence", sa.Column("more_minutes", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("presence", sa.Column("page", sa.String(length=32), nullable=True))
    op.create_table(
        "desk_telephone",
        _id("staff_id"),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        _moment("registered_at"),
        sa.Column("approved_by", sa.CHAR(length=32), nullable=True),
        _moment("approved_at", nullable=True),
        _to("desk_telephone", "staff_id", "staff"),
        _to("desk_telephone", "approved_by", "staff"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_desk_telephone")),
    )
    op.create_table(
        "telephone_switch",
        _id("id"),
        _id("call_id"),
        _id("staff_id"),
        sa.Column("offer_id", sa.CHAR(length=32), nullable=True),
        sa.Column("device", _words("device", DEVICES), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        _moment("asked_at"),
        _moment("ended_at", nullable=True),
        _to("telephone_switch", "call_id", "call"),
        _to("telephone_switch", "staff_id", "staff"),
        _to("telephone_switch", "offer_id", "offer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telephone_switch")),
    )
    op.create_index(op.f("ix_telephone_switch_call_id"), "telephone_switch", ["call_id"])
    op.create_index(
        "ix_telephone_switch_staff_id_asked_at", "telephone_switch", ["staff_id", "asked_at"]
    )


def downgrade() -> None:
    """Back to the softphone alone: numbers, reasons and switches are forgotten; legs stay."""
    op.drop_table("telephone_switch")
    op.drop_table("desk_telephone")
    for name in ("page", "more_minutes", "break_reason"):
        op.drop_column("presence", name)
    op.drop_column("call", "hold_reason")


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(length=32), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
