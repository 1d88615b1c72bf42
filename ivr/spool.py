"""The local file that takes a 911 intent when the database does not, line by line.

Append-only, each line on the disk before the call goes on; replayed once into the database. Lines
hold ids and figures, never what a caller said. It must not know rows.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

Line = Mapping[str, Any]


def append(spool: Path, line: Line) -> None:
    """Write one line and wait until the disk has it."""
    spool.parent.mkdir(parents=True, exist_ok=True)
    written = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    descriptor = os.open(spool, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, written)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def taken(spool: Path) -> Iterator[list[Line]]:
    """Take every line for replaying; they are gone only when the block ends without an error.

    The file is moved aside first, so that lines written meanwhile wait for the next replay; what a
    replay that died left behind is taken too. Replaying a line twice must be harmless.
    """
    with suppress(FileNotFoundError):  # empty, or somebody else has just moved it aside
        spool.rename(spool.with_name(f"{spool.name}.{uuid4().hex}.replaying"))
    aside = sorted(spool.parent.glob(f"{spool.name}.*.replaying"))
    yield [line for path in aside for line in _lines(path)]
    for path in aside:
        path.unlink(missing_ok=True)


def is_empty(spool: Path) -> bool:
    """Say whether nothing waits to be replayed."""
    return not spool.exists() and not any(spool.parent.glob(f"{spool.name}.*.replaying"))


def _lines(path: Path) -> list[Line]:
    if not path.exists():
        return []
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(text))
        except ValueError:  # a line cut short by the power: its dial is found by its label
            continue
    return found
