"""Let the city edit: drafts, their history, scheduled versions, switches and recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("draft", "publication_event", "menu_switch", "prompt_recording", "voicemail", "call_back")
"""In the order in which foreign keys allow them."""

OLD_KINDS = ("menu", "hours", "destinations", "categories", "protocol")
KINDS = (*OLD_KINDS, "announcement")
OLD_STATES = ("draft", "live", "superseded")
STATES = ("scheduled", "live", "superseded", "withheld", "trial")
OLD_OUTCOMES = (
    "helped",
    "abandoned",
    "transferred_to_911",
    "human_line",
    "goodbye",
    "failed",
)
OUTCOMES = (*OLD_OUTCOMES, "transferred", "voicemail", "call_back")
EVENTS = (
    "begun",
    "discarded",
    "proposed",
    "withdrawn",
    "declined",
    "approved",
    "cancelled",
    "published",
    "rolled_back",
    "withheld",
    "taken_away",
    "tried",
    "switched_on",
    "switched_off",
)


def upgrade() -> None:
    _draft()
    _keep_drafts()
    _publication()
    _publication_event()
    _menu_switch()
    _prompt_recording()
    _voicemail()
    _call_back()
    _text_message_of_the_menu()
    _call_outcome()
    op.add_column(
        "staff_session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("staff_session", "confirmed_at")
    for table in reversed(TABLES):
        op.drop_table(table)
    _narrow_publication()
    _narrow_calls()


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _reword(table: str, column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let a column hold other words: its check alone changes.

    SQLite has no statement for that and a table that others refer to cannot be made anew under
    foreign keys, so its check is rewritten in the schema, as SQLite's own manual describes for
    changes that leave the stored rows as they are (lang_altertable, section 7).
    """
    old, new = _check(column, before), _check(column, after)
    if op.get_bind().dialect.name == "sqlite":
        _reword_sqlite(table, old, new)
        return
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, sa.text(new))


def _reword_sqlite(table: str, old: str, new: str) -> None:
    connection = op.get_bind()
    schema = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new)"
            " WHERE type = 'table' AND name = :table AND instr(sql, :old) > 0"
        ),
        {"old": old, "new": new, "table": table},
    ).rowcount
    connection.exec_driver_sql(f"PRAGMA schema_version = {schema + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError(f"the check of {table} is not as migration 0001 wrote it: {old}")


def _check(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _publication() -> None:
    _reword("publication", "kind", OLD_KINDS, KINDS)
    _reword("publication", "state", OLD_STATES, STATES)
    for name in ("approved_at", "publish_at"):
        op.add_column("publication", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_publication_scheduled",
        "publication",
        ["publish_at"],
        unique=False,
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )


def _narrow_publication() -> None:
    """Back to the old words: what they cannot say was never live, or is one city notice less."""
    op.drop_index("ix_publication_scheduled", table_name="publication")
    op.execute("DELETE FROM publication WHERE kind = 'announcement'")
    op.execute(
        "UPDATE publication SET state = 'superseded'"
        " WHERE state IN ('scheduled', 'withheld', 'trial')"
    )
    _reword("publication", "state", STATES, OLD_STATES)
    _reword("publication", "kind", KINDS, OLD_KINDS)
    for name in ("publish_at", "approved_at"):
        op.drop_column("publication", name)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.CHAR(length=32), nullable=True),
        sa.Column("state", _words("state", ("editing", "proposed")), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on"], ["publication.id"], name=op.f("fk_draft_based_on_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_draft_kind_key")),
    )


def _keep_drafts() -> None:
    """The city pack's drafts were versions until now: the newest of each becomes the draft."""
    op.execute(
        "INSERT INTO draft (id, kind, key, document, revision, based_on, state, reason,"
        " saved_by, saved_at)"
        " SELECT p.id, p.kind, p.key, p.document, 1,"
        " (SELECT l.id FROM publication l"
        "  WHERE l.kind = p.kind AND l.key = p.key AND l.state = 'live'),"
        " 'editing', p.reason, p.author, p.created_at"
        " FROM publication p WHERE p.state = 'draft' AND p.version ="
        " (SELECT max(n.version) FROM publication n"
        "  WHERE n.kind = p.kind AND n.key = p.key AND n.state = 'draft')"
    )
    op.execute("DELETE FROM publication WHERE state = 'draft'")


def _publication_event() -> None:
    op.create_table(
        "publication_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("publication_id", sa.CHAR(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("what", _words("what", EVENTS), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_event_publication_id_publication"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_event")),
    )
    op.create_index(
        "ix_publication_event_kind_key_id", "publication_event", ["kind", "key", "id"], unique=False
    )


def _menu_switch() -> None:
    op.create_table(
        "menu_switch",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_menu_switch")),
    )


def _prompt_recording() -> None:
    op.create_table(
        "prompt_recording",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_recording")),
    )


def _voicemail() -> None:
    op.create_table(
        "voicemail",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("recording_sid", sa.String(length=34), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("language", _words("language", ("en", "es")), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.CHAR(length=32), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_voicemail_call_id_call")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_voicemail_done_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_voicemail_recording_sid")),
    )
    op.create_index(op.f("ix_voicemail_call_id"), "voicemail", ["call_id"])
    _index_of_tasks("ix_voicemail_to_do", "voicemail", "left_at")


def _call_back() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", sa.CHAR(length=32), nullable=False),
        sa.Column("call_id", sa.CHAR(length=32), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("language", _words("language", ("en", "es")), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.CHAR(length=32), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_back_call_id_call")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_call_back_done_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_back_call_id")),
    )
    _index_of_tasks("ix_call_back_to_do", "call_back", "asked_at")


def _index_of_tasks(name: str, table: str, column: str) -> None:
    open_ones = sa.text("done_at IS NULL")
    op.create_index(name, table, [column], sqlite_where=open_ones, postgresql_where=open_ones)


def _text_message_of_the_menu() -> None:
    op.add_column("text_message", sa.Column("menu_node", sa.String(length=200), nullable=True))
    op.create_index(
        "uq_text_message_call_id_menu_node", "text_message", ["call_id", "menu_node"], unique=True
    )


def _call_outcome() -> None:
    _reword("call", "outcome", OLD_OUTCOMES, OUTCOMES)


def _narrow_calls() -> None:
    """Back to the old words: whoever was helped without a call-taker counts as helped."""
    op.drop_index("uq_text_message_call_id_menu_node", table_name="text_message")
    op.drop_column("text_message", "menu_node")
    op.execute(
        "UPDATE call SET outcome = 'helped'"
        " WHERE outcome IN ('transferred', 'voicemail', 'call_back')"
    )
    _reword("call", "outcome", OUTCOMES, OLD_OUTCOMES)
