"""Let the city edit: drafts, their history, scheduled versions, switches and recordings."""

from datetime import datetime
from typing import Any

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
    op.add_column("staff_session", _moment("confirmed_at", nullable=True))


def downgrade() -> None:
    op.drop_column("staff_session", "confirmed_at")
    for table in reversed(TABLES):
        op.drop_table(table)
    _narrow_publication()
    _narrow_calls()


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
        op.add_column("publication", _moment(name, nullable=True))
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
        _id("id"),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _id("based_on", nullable=True),
        sa.Column("state", _words("state", ("editing", "proposed")), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        _moment("publish_at", nullable=True),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        _moment("proposed_at", nullable=True),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        _moment("saved_at"),
        _refers("draft", "based_on", "publication"),
        _keyed("draft"),
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
        _id("publication_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("what", _words("what", EVENTS), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        _moment("at"),
        sa.Column("reason", sa.String(length=400), nullable=False),
        _refers("publication_event", "publication_id", "publication"),
        _keyed("publication_event"),
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
        _moment("set_at"),
        _keyed("menu_switch", "key"),
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
        _moment("uploaded_at"),
        _keyed("prompt_recording"),
    )


def _voicemail() -> None:
    _tasks(
        "voicemail",
        [
            sa.Column("recording_sid", sa.String(length=34), nullable=False),
            sa.Column("seconds", sa.Integer(), nullable=False),
            sa.Column("language", _words("language", ("en", "es")), nullable=False),
            _moment("left_at"),
            _moment("kept_at", nullable=True),
        ],
        once="recording_sid",
        since="left_at",
    )
    op.create_index(op.f("ix_voicemail_call_id"), "voicemail", ["call_id"])


def _call_back() -> None:
    _tasks(
        "call_back",
        [
            sa.Column("number", sa.LargeBinary(), nullable=False),
            sa.Column("language", _words("language", ("en", "es")), nullable=False),
            sa.Column("node", sa.String(length=200), nullable=False),
            _moment("asked_at"),
        ],
        once="call_id",
        since="asked_at",
    )


def _tasks(table: str, columns: list[sa.Column[Any]], *, once: str, since: str) -> None:
    """What a caller left, with what came of it; open ones are looked for by their age."""
    op.create_table(
        table,
        _id("id"),
        _id("call_id"),
        *columns,
        _moment("done_at", nullable=True),
        _id("done_by", nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _refers(table, "call_id", "call"),
        _refers(table, "done_by", "staff"),
        _keyed(table),
        sa.UniqueConstraint(once, name=op.f(f"uq_{table}_{once}")),
    )
    open_ones = sa.text("done_at IS NULL")
    op.create_index(
        f"ix_{table}_to_do", table, [since], sqlite_where=open_ones, postgresql_where=open_ones
    )


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
