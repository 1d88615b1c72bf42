"""A column that holds one of some words learns or forgets one: the same on both engines."""

import re

import sqlalchemy as sa
from alembic import op


def reword(table: str, column: str, *, add: str = "", remove: str = "") -> None:
    """Let a column hold one word more or less, whatever others it holds by now.

    SQLite has no statement for that and a table that others refer to cannot be made anew under
    foreign keys, so its check is rewritten in the schema, as SQLite's own manual describes for
    changes that leave the stored rows as they are (lang_altertable, section 7).
    """
    name = f"ck_{table}_{column}"
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    old = next(check["sqltext"] for check in checks if check["name"] == name)
    words = [word for word in re.findall(r"'([^']*)'", old) if word != remove]
    new = f"{column} IN ({', '.join(repr(word) for word in [*words, *filter(None, [add])])})"
    if op.get_bind().dialect.name == "sqlite":
        _reword_sqlite(table, old, new)
        return
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, sa.text(new))


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
        raise RuntimeError(f"the check of {table} is not as it was read: {old}")
