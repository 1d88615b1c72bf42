"""Begin the record: calls, the line, escalations, staff, publications, intake and effects."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "call_turn",
    "callback_received",
    "outbox",
    "publication",
    "staff",
    "call",
    "desk_event",
    "invitation",
    "presence",
    "staff_session",
    "call_note",
    "contact_fact",
    "deadline",
    "escalation",
    "journal",
    "line_entry",
    "protocol_session",
    "determinant_set",
    "escalation_attempt",
    "offer",
    "protocol_answer",
    "service_request",
    "leg",
    "text_message",
)
"""In the order in which foreign keys allow them."""


def upgrade() -> None:
    _call_turn()
    _callback_received()
    _outbox()
    _publication()
    _staff()
    _call()
    _desk_event()
    _invitation()
    _presence()
    _staff_session()
    _call_note()
    _contact_fact()
    _deadline()
    _escalation()
    _journal()
    _line_entry()
    _protocol_session()
    _determinant_set()
    _escalation_attempt()
    _offer()
    _protocol_answer()
    _service_request()
    _leg()
    _text_message()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _call_turn() -> None:
    op.create_table(
        "call_turn",
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_sid", "step", name=op.f("pk_call_turn")),
    )


def _callback_received() -> None:
    op.create_table(
        "callback_received",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_callback_received")),
    )
    op.create_index(
        op.f("ix_callback_received_received_at"), "callback_received", ["received_at"], unique=False
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "gave_up",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def _publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "menu",
                "hours",
                "destinations",
                "categories",
                "protocol",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "live",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("approver", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_publication_kind_key_version")),
    )
    op.create_index(
        "uq_publication_live",
        "publication",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "call_taker",
                "senior",
                "supervisor",
                "menu_admin",
                "system_admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "311",
                "ten_digit",
                "transfer_in",
                "call_back",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "menu",
                "line",
                "room",
                "human_line",
                "ended",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "language",
            sa.Enum(
                "en", "es", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("caller_number", sa.LargeBinary(), nullable=True),
        sa.Column("caller_number_index", sa.String(length=64), nullable=True),
        sa.Column(
            "number_presentation",
            sa.Enum(
                "given",
                "withheld",
                "sip",
                "client",
                name="number_presentation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("dialled_number", sa.String(length=64), nullable=False),
        sa.Column("stir_verstat", sa.String(length=64), nullable=True),
        sa.Column("call_token", sa.LargeBinary(), nullable=True),
        sa.Column("menu_publication_id", sa.CHAR(length=32), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("menu_state", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column(
            "emergency_level",
            sa.Enum(
                "none",
                "possible",
                "emergency",
                name="emergency_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("jurisdiction", sa.String(length=40), nullable=True),
        sa.Column("conference_sid", sa.String(length=34), nullable=True),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=True),
        sa.Column("hold_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leave_commanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_commanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "helped",
                "abandoned",
                "transferred_to_911",
                "human_line",
                "goodbye",
                "failed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["menu_publication_id"],
            ["publication.id"],
            name=op.f("fk_call_menu_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_call_call_sid")),
    )
    op.create_index(
        op.f("ix_call_caller_number_index"), "call", ["caller_number_index"], unique=False
    )
    op.create_index(op.f("ix_call_conference_sid"), "call", ["conference_sid"], unique=False)
    op.create_index(
        "ix_call_open",
        "call",
        ["phase"],
        unique=False,
        sqlite_where=sa.text("phase <> 'ended'"),
        postgresql_where=sa.text("phase <> 'ended'"),
    )
    op.create_index(op.f("ix_call_started_at"), "call", ["started_at"], unique=False)


def _desk_event() -> None:
    op.create_table(
        "desk_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=True),
        sa.Column("call_id", sa.CHAR(length=32), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_desk_event_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_event")),
    )
    op.create_index(op.f("ix_desk_event_at"), "desk_event", ["at"], unique=False)


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "call_taker",
                "senior",
                "supervisor",
                "menu_admin",
                "system_admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("invited_by", sa.CHAR(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["staff.id"], name=op.f("fk_invitation_invited_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )


def _presence() -> None:
    op.create_table(
        "presence",
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offline",
                "available",
                "on_call",
                "wrap_up",
                "break",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_presence")),
    )


def _staff_session() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)


def _call_note() -> None:
    op.create_table(
        "call_note",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_note_call_id_call")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_call_note_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_note")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_note_call_id")),
    )


def _contact_fact() -> None:
    op.create_table(
        "contact_fact",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_contact_fact_call_id_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_fact")),
    )
    op.create_index(
        "ix_contact_fact_call_id_field", "contact_fact", ["call_id", "field"], unique=False
    )


def _deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "offer_ends",
                "join_ends",
                "caller_alone",
                "hold_ends",
                "possible_untaken",
                "psap_rings_out",
                "psap_unattended",
                "empty_chair",
                "longest_wait",
                "retry_redirect",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_deadline_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_deadline_kind_subject")),
    )
    op.create_index(op.f("ix_deadline_call_id"), "deadline", ["call_id"], unique=False)
    op.create_index(
        "ix_deadline_due",
        "deadline",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "key",
                "words",
                "possible_confirmed",
                "possible_untaken",
                "red_button",
                "determinant",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=40), nullable=True),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "dialling",
                "ringing",
                "answered",
                "accepted",
                "ended",
                "busy",
                "no_answer",
                "failed",
                "declined",
                "caller_gone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "accepted_by",
            sa.Enum(
                "call_taker",
                "acknowledgement",
                "unattended",
                name="accepted_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packet_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("override_reason", sa.String(length=200), nullable=True),
        sa.Column("spooled", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_escalation_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_call_id"), "escalation", ["call_id"], unique=False)
    op.create_index(
        "uq_escalation_open",
        "escalation",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("entry_id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_journal_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_journal_entry_id")),
    )
    op.create_index("ix_journal_call_id_id", "journal", ["call_id", "id"], unique=False)


def _line_entry() -> None:
    op.create_table(
        "line_entry",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "emergency",
                "possible",
                "from_911",
                "returning",
                "priority",
                "ordinary",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "en", "es", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reserved",
                "taken",
                "abandoned",
                "moved",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_for", sa.CHAR(length=32), nullable=True),
        sa.Column("first_for_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved_offer_id", sa.CHAR(length=32), nullable=True),
        sa.Column("reserved_by", sa.CHAR(length=32), nullable=True),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_line_entry_call_id_call")),
        sa.ForeignKeyConstraint(
            ["first_for"], ["staff.id"], name=op.f("fk_line_entry_first_for_staff")
        ),
        sa.ForeignKeyConstraint(
            ["reserved_by"], ["staff.id"], name=op.f("fk_line_entry_reserved_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_entry")),
    )
    op.create_index(
        "ix_line_entry_waiting",
        "line_entry",
        ["state", "joined_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'reserved')"),
        postgresql_where=sa.text("state IN ('waiting', 'reserved')"),
    )
    op.create_index(
        "uq_line_entry_active",
        "line_entry",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'reserved')"),
        postgresql_where=sa.text("state IN ('waiting', 'reserved')"),
    )


def _protocol_session() -> None:
    op.create_table(
        "protocol_session",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("publication_id", sa.CHAR(length=32), nullable=False),
        sa.Column("protocol", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_protocol_session_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_protocol_session_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_protocol_session_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_session")),
    )
    op.create_index(
        op.f("ix_protocol_session_call_id"), "protocol_session", ["call_id"], unique=False
    )


def _determinant_set() -> None:
    op.create_table(
        "determinant_set",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("session_id", sa.CHAR(length=32), nullable=False),
        sa.Column("determinant", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("common_code", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["protocol_session.id"],
            name=op.f("fk_determinant_set_session_id_protocol_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determinant_set")),
    )
    op.create_index(
        "ix_determinant_set_session_id_id", "determinant_set", ["session_id", "id"], unique=False
    )


def _escalation_attempt() -> None:
    op.create_table(
        "escalation_attempt",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("escalation_id", sa.CHAR(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "dialling",
                "ringing",
                "answered",
                "accepted",
                "ended",
                "busy",
                "no_answer",
                "failed",
                "declined",
                "caller_gone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        sa.Column("caller_number_shown", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dialled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("twilio_code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_escalation_attempt_escalation_id_escalation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_attempt")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_escalation_attempt_call_sid")),
        sa.UniqueConstraint(
            "escalation_id", "n", name=op.f("uq_escalation_attempt_escalation_id_n")
        ),
        sa.UniqueConstraint("label", name=op.f("uq_escalation_attempt_label")),
    )


def _offer() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("entry_id", sa.CHAR(length=32), nullable=True),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "joined",
                "expired",
                "withdrawn",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_offer_call_id_call")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["line_entry.id"], name=op.f("fk_offer_entry_id_line_entry")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_offer_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_call_id"), "offer", ["call_id"], unique=False)
    op.create_index("ix_offer_staff_id_state", "offer", ["staff_id", "state"], unique=False)


def _protocol_answer() -> None:
    op.create_table(
        "protocol_answer",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("answer_id", sa.CHAR(length=32), nullable=False),
        sa.Column("session_id", sa.CHAR(length=32), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["protocol_session.id"],
            name=op.f("fk_protocol_answer_session_id_protocol_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_answer")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_protocol_answer_answer_id")),
    )
    op.create_index(
        "ix_protocol_answer_session_id_id", "protocol_answer", ["session_id", "id"], unique=False
    )


def _service_request() -> None:
    op.create_table(
        "service_request",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=True),
        sa.Column("session_id", sa.CHAR(length=32), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("description", sa.LargeBinary(), nullable=True),
        sa.Column("jurisdiction", sa.String(length=40), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "forwarded",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_service_request_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["protocol_session.id"],
            name=op.f("fk_service_request_session_id_protocol_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("number", name=op.f("uq_service_request_number")),
        sa.UniqueConstraint("session_id", name=op.f("uq_service_request_session_id")),
    )
    op.create_index(
        op.f("ix_service_request_call_id"), "service_request", ["call_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_request_category"), "service_request", ["category"], unique=False
    )
    op.create_index(
        op.f("ix_service_request_created_at"), "service_request", ["created_at"], unique=False
    )


def _leg() -> None:
    op.create_table(
        "leg",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "caller",
                "call_taker",
                "psap",
                "desk_telephone",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "dialling",
                "ringing",
                "answered",
                "in_room",
                "left",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=128), nullable=True),
        sa.Column("staff_id", sa.CHAR(length=32), nullable=True),
        sa.Column("attempt_id", sa.CHAR(length=32), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("leave_commanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dialled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["escalation_attempt.id"],
            name=op.f("fk_leg_attempt_id_escalation_attempt"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_leg_call_id_call")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_leg_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_leg_call_sid")),
    )
    op.create_index("ix_leg_call_id_state", "leg", ["call_id", "state"], unique=False)


def _text_message() -> None:
    op.create_table(
        "text_message",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("service_request_id", sa.CHAR(length=32), nullable=True),
        sa.Column("to_number", sa.LargeBinary(), nullable=False),
        sa.Column("message_sid", sa.String(length=34), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_text_message_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name=op.f("fk_text_message_service_request_id_service_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_message")),
        sa.UniqueConstraint("service_request_id", name=op.f("uq_text_message_service_request_id")),
    )
    op.create_index(op.f("ix_text_message_call_id"), "text_message", ["call_id"], unique=False)
