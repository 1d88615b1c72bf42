"""The local file that takes a 911 intent when the database does not, line by line.

Append-only, each line on the disk before the call goes on; replayed once into the database. Lines
hold ids and figures, never what a caller said. It must not know rows.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

Line = Mapping[str, Any]
CLAIM_SECONDS = 5.0
"""As long as a dial may take to be seen by whoever looks into the room."""
_CLAIM = ".dialling"


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


def claim(
    spool: Path,
    subject: str,
    now: datetime,
    lasts_seconds: float = CLAIM_SECONDS,
    held_seconds: float = 0.0,
) -> bool:
    """Say that 911 is dialled from here now; False when another dial said so just before.

    `subject` is the call, or the label of one attempt. One file each beside the spool, made by one process or thread of this machine alone. Without a
    disk nobody is refused: a dial too many is a lesser harm than none. It binds for `lasts_seconds`, and
    while the process lives that made it for `held_seconds`: its request may be under way so long.
    """
    path = _claim(spool, subject)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and _is_old(path, now, lasts_seconds):
            path.unlink(missing_ok=True)
        return _made(path, f"{now.isoformat()} {os.getpid()} {held_seconds:g}")
    except OSError:
        return True


def _made(path: Path, text: str) -> bool:
    """Make the file, whole from its first moment; False when it is there already."""
    whole = path.with_name(f"{path.name}.{uuid4().hex}")
    whole.write_text(text, encoding="ascii")
    try:
        os.link(whole, path)
    except FileExistsError:
        return False
    finally:
        whole.unlink()
    return True


def release(spool: Path, call_id: str) -> None:
    """Nothing rings for this call: 911 may be asked for again at once."""
    with suppress(OSError):
        _claim(spool, call_id).unlink(missing_ok=True)


def sweep_claims(spool: Path, now: datetime) -> None:
    """Forget the claims of dials long since out."""
    for path in spool.parent.glob(f"{spool.name}.*{_CLAIM}"):
        if _is_old(path, now):
            path.unlink(missing_ok=True)


def _claim(spool: Path, subject: str) -> Path:
    return spool.with_name(f"{spool.name}.{subject}{_CLAIM}")


def _is_old(path: Path, now: datetime, seconds: float = CLAIM_SECONDS) -> bool:
    """A claim that was cut short by the power, or vanished meanwhile, binds nobody."""
    try:
        made, process_id, held = path.read_text(encoding="ascii").split()
        age = abs((now - datetime.fromisoformat(made)).total_seconds())
        return age > seconds and (age > float(held) or not _is_alive(int(process_id)))
    except (OSError, ValueError):
        return True


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True


def is_empty(spool: Path) -> bool:
    """Say whether nothing waits to be replayed."""
    return not spool.exists() and not any(spool.parent.glob(f"{spool.name}.*.replaying"))


def has_rung(spool: Path, escalation_id: str, n: int) -> bool:
    """Say whether a line that waits to be replayed tells that this attempt was dialled and rang."""
    waiting = [spool, *spool.parent.glob(f"{spool.name}.*.replaying")]
    told = {"kind": "outcome", "escalation": escalation_id, "n": n, "rings": True}
    return any(told.items() <= line.items() for path in waiting for line in _lines(path))


def _lines(path: Path) -> list[Line]:
    found: list[Line] = []
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:  # replayed this moment
        return found
    for text in texts:
        try:
            found.append(json.loads(text))
        except ValueError:  # a line cut short by the power: its dial is found by its label
            continue
    return found
