"""A private PostgreSQL for one run of the suite, from the machine's own binaries.

As root it runs as the user `postgres`; it listens on loopback alone, keeps nothing, and is ended by the
process that started it.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_MEND = (
    "these tests need PostgreSQL: run ./run test (it installs one where it may), "
    "or set TEST_DATABASE_URL to a server whose user may create databases"
)

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3


class NoPostgresqlError(Exception):
    """No server binaries are to be found; the message says what to run."""


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and give its address; end it afterwards.

    Args:
        durable: real fsync, for benchmarks; tests do without.
    """
    binaries = _binaries()
    place = None if durable else memory()
    folder = Path(tempfile.mkdtemp(prefix="oldpueblo-postgresql-", dir=place))
    port = free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _as_server(
        binaries / "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "tests", "-E", "UTF8"
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        # A vacuum in a template makes the copying of it wait, and nothing lives long enough to need one.
        options += " -c autovacuum=off -c max_wal_size=256MB"
    _as_server(
        *(binaries / "pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log")),
        *("-o", options, "-w", "start"),
    )
    try:
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        _as_server(binaries / "pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> Path | None:
    """A folder in memory with room for a run; None where the machine has none, as in a plain container.

    Every test copies a database of some 300 files: on a disk that is ten times the work.
    """
    try:
        has_room = shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    except OSError:
        return None
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


def free_port() -> int:
    """A loopback port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoPostgresqlError(HOW_TO_MEND)
    return Path(on_path).parent


def _as_server(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(
        words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise NoPostgresqlError(f"{words[-1] if len(words) < 3 else words}: {done.stderr.strip()}")
