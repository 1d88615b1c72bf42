"""Hand contacts both ways: incidents, handoffs with 911, their packets and messages."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from migrations.rewording import reword

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "incident",
    "incident_call",
    "handoff",
    "handoff_event",
    "handoff_packet",
    "handoff_message",
)
"""In the order in which foreign keys allow them."""
DIRECTIONS = ("out", "in")
TARGETS = ("911", "311", "988", "crisis", "cshw", "utility")
FACTS = (
    *("announced", "claimed", "with_dispatcher", "alone", "packet_saved", "packet_faulty"),
    *("packet_sent", "packet_unsent", "packet_read", "packet_received", "acknowledged"),
    *("rejected", "unacknowledged", "completed", "answers_filled", "returned"),
)


def upgrade() -> None:
    _incident()
    _handoff()
    _handoff_event()
    _handoff_packet()
    _handoff_message()
    op.create_index("ix_escalation_requested_at", "escalation", ["requested_at"])
    for table, column, word in NEW_WORDS:
        reword(table, column, add=word)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_escalation_requested_at", "escalation")
    op.execute("UPDATE escalation SET cause = 'possible_untaken' WHERE cause = 'unanswered'")
    op.execute("DELETE FROM draft WHERE kind = 'agencies'")
    op.execute("DELETE FROM publication_event WHERE kind = 'agencies'")
    op.execute("DELETE FROM publication WHERE kind = 'agencies'")
    for table, column, word in NEW_WORDS:
        reword(table, column, remove=word)


NEW_WORDS = (
    ("escalation", "cause", "unanswered"),
    ("publication", "kind", "agencies"),
    ("draft", "kind", "agencies"),
)


def _incident() -> None:
    op.create_table("incident", _id("id"), _moment("begun_at"), _keyed("incident"))
    op.create_table(
        "incident_call",
        _id("call_id"),
        _id("incident_id"),
        _moment("joined_at"),
        _refers("incident_call", "call_id", "call"),
        _refers("incident_call", "incident_id", "incident"),
        _keyed("incident_call", "call_id"),
    )
    op.create_index("ix_incident_call_incident_id", "incident_call", ["incident_id"])


def _handoff() -> None:
    op.create_table(
        "handoff",
        _id("id"),
        _id("incident_id"),
        sa.Column("direction", _words("direction", DIRECTIONS), nullable=False),
        sa.Column("target_kind", _words("target_kind", TARGETS), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        _id("call_id", nullable=True),
        _id("escalation_id", nullable=True),
        sa.Column("their_incident_urn", sa.String(length=330), nullable=True),
        sa.Column("their_call_urn", sa.String(length=330), nullable=True),
        sa.Column("number_index", sa.String(length=64), nullable=True),
        sa.Column("return_to", sa.String(length=40), nullable=True),
        _moment("begun_at"),
        _refers("handoff", "incident_id", "incident"),
        _refers("handoff", "call_id", "call"),
        _refers("handoff", "escalation_id", "escalation"),
        _keyed("handoff"),
        sa.UniqueConstraint("escalation_id", name=op.f("uq_handoff_escalation_id")),
    )
    for column in ("incident_id", "call_id", "their_incident_urn", "begun_at"):
        op.create_index(f"ix_handoff_{column}", "handoff", [column])
    op.create_index("ix_handoff_open", "handoff", ["agency", "begun_at"])


def _handoff_event() -> None:
    op.create_table(
        "handoff_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        _id("handoff_id"),
        sa.Column("fact", _words("fact", FACTS), nullable=False),
        _moment("at"),
        sa.Column("actor", sa.String(length=253), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        _refers("handoff_event", "handoff_id", "handoff"),
        _keyed("handoff_event"),
    )
    op.create_index("ix_handoff_event_handoff_id_id", "handoff_event", ["handoff_id", "id"])


def _handoff_packet() -> None:
    once = ("handoff_id", "direction", "version")
    op.create_table(
        "handoff_packet",
        _id("id"),
        _id("handoff_id"),
        sa.Column("direction", _words("direction", DIRECTIONS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("essence", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        _moment("made_at"),
        _refers("handoff_packet", "handoff_id", "handoff"),
        _keyed("handoff_packet"),
        _once("handoff_packet", *once),
    )


def _handoff_message() -> None:
    op.create_table(
        "handoff_message",
        _id("id"),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=330), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        _moment("received_at"),
        _keyed("handoff_message"),
        _once("handoff_message", "agency", "kind", "subject", "sha256"),
        _once("handoff_message", "agency", "token_id"),
    )


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(length=32), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _keyed(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
