"""The product alone: which processes each door needs, and how many threads.

Without a door everything answers on one origin: a small site and the tests. With one, a door is a
process group of its own behind a reverse proxy, so that a room full of open streams or a slow page
can never take a thread from a caller.
"""

import os
import tempfile
from dataclasses import dataclass
from enum import StrEnum

from config import embedded_redis, migrating
from config.processes import Child, ProcessGroup, python
from config.settings import ROOT, Settings
from models.database import open_engine


class Door(StrEnum):
    """What can be served alone."""

    VOICE = "voice"
    STAFF = "staff"
    PUSH = "push"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Size:
    """Processes and threads of one door."""

    workers: int
    threads: int


SIZES = {
    Door.VOICE: Size(workers=2, threads=16),
    Door.STAFF: Size(workers=2, threads=16),
    Door.PUSH: Size(workers=2, threads=300),
}
ALL_DOORS = Size(workers=1, threads=240)


class BuildMissingError(Exception):
    """The pages were not built; the message names the command."""


def serve(settings: Settings, door: Door | None) -> None:
    """Serve one door, or every door on one origin, until told to stop.

    Raises:
        UnmigratedError: the database is behind the code.
        BuildMissingError: the pages were not built.
    """
    migrating.require_current(open_engine(settings.database_url, patient=True))
    if door not in (Door.VOICE, Door.WORKER):
        require_build()
    group = ProcessGroup()
    group_environment = {}
    if not settings.redis_url and door in (None, Door.WORKER):
        redis, address = embedded_redis.child(settings.state_folder / "redis")
        group.start(redis)
        group_environment["REDIS_URL"] = address
    for child in children(settings, door, group_environment):
        group.start(child)
    group.watch()


def children(settings: Settings, door: Door | None, environment: dict[str, str]) -> list[Child]:
    """The processes of a door (of all of them for None)."""
    if door is Door.WORKER:
        return background(environment)
    web = web_server(settings, door, environment)
    return [web] if door else [web, *background(environment)]


def background(environment: dict[str, str]) -> list[Child]:
    """The job worker, and the minder: sweeper, outbox relay and reconciler."""
    return [
        Child("worker", python("-m", "config.worker", "jobs"), environment),
        Child("minder", python("-m", "config.worker", "minder"), environment),
    ]


def web_server(settings: Settings, door: Door | None, environment: dict[str, str]) -> Child:
    """gunicorn with threads for one door."""
    size = SIZES[door] if door else ALL_DOORS
    metrics = tempfile.mkdtemp(prefix="oldpueblo-metrics-")
    command = python(
        *("-m", "gunicorn", f"config.app:serve('{door.value if door else 'all'}')"),
        *("--worker-class", "gthread"),
        *("--workers", str(size.workers)),
        *("--threads", str(size.threads)),
        *("--bind", f"{os.environ.get('BIND', '127.0.0.1')}:{settings.port}"),
        *("--backlog", "512"),
        *("--keep-alive", "20"),
        *("--graceful-timeout", "5"),
        *("--timeout", "30"),
        *("--log-level", "warning"),
        "--no-control-socket",
    )
    return Child(
        door.value if door else "doors",
        command,
        {**environment, "PROMETHEUS_MULTIPROC_DIR": metrics},
    )


def require_build() -> None:
    """Refuse to serve pages that were never built."""
    manifest = ROOT / "calltaker/static/build/manifest.json"
    if not manifest.is_file():
        raise BuildMissingError("the desk's pages are not built: run npm ci && npm run build")
