"""The composition root of the doors: chooses the real things and puts them together."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from types import FrameType

from flask import Flask
from sqlalchemy import select

from calltaker.authoring import schedule
from calltaker.authoring.grounds import Grounds
from calltaker.doors import DeskDoor, Intent, register_staff
from calltaker.handoff import duties as handoff_duties
from calltaker.handoff.blueprint import handoff_blueprint
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.pages import handoff_pages
from config import logs, migrating, settings
from config.assembly import build_runtime
from config.belt import RedisWakeup, webhook_client
from config.city import CityPack, load
from config.facts import exchange_of, grounds_of
from config.operations import Check, measure, operations_blueprint
from config.serving import Door
from config.worker import HANDOFF_SECONDS, PUBLISH_SECONDS, SWEEP_SECONDS, repeat
from ivr import deadlines, line_tests
from ivr.runtime import Runtime
from ivr.webhooks import voice_blueprint
from models.database import reading

MAX_BODY_BYTES = 1_000_000


def serve(door: str) -> Flask:
    """Make the application of a door from the environment (gunicorn asks for this)."""
    logs.set_up(as_json=not sys.stderr.isatty())
    chosen = settings.read(os.environ)
    pack = load(chosen.city)
    runtime = build_runtime(chosen, pack)
    needed = _needed(runtime)
    app = build(chosen, pack, runtime, None if door == "all" else Door(door), needed)
    if door in ("all", Door.VOICE):
        exchange = exchange_of(pack, runtime, chosen)
        grounds = cache(lambda: grounds_of(pack, runtime, production=chosen.production))
        sweep(runtime, grounds, exchange)
    if protocols := app.extensions.get("published_protocols"):
        needed["protocols"] = protocols.require_read_ahead
        read_ahead = partial(protocols.read_ahead, runtime.reading)
        threading.Thread(target=read_ahead, name="protocols", daemon=True).start()
    if streams := app.extensions.get("event_streams"):
        stop_with_the_worker(streams.stopping)
    return app


def build(
    chosen: settings.Settings,
    pack: CityPack,
    runtime: Runtime,
    door: Door | None,
    needed: Mapping[str, Check] | None = None,
) -> Flask:
    """Put one door together, or all of them on one origin; it is ready when every check of `needed` passes."""
    app = Flask("oldpueblo", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    measure(app)
    exchange = exchange_of(pack, runtime, chosen)
    alarms = partial(_line_alarms, exchange)
    needed = _needed(runtime) if needed is None else needed
    app.register_blueprint(operations_blueprint(needed, _wanted(chosen), alarms))
    if door in (None, Door.VOICE):
        app.register_blueprint(voice_blueprint(runtime))
    if door in (None, Door.STAFF):
        app.register_blueprint(handoff_blueprint(exchange))
        app.register_blueprint(handoff_pages(exchange))
    if door in (None, Door.STAFF, Door.PUSH):
        register_staff(app, desk_door(chosen, pack, runtime), push_only=door is Door.PUSH)
    return app


def desk_door(chosen: settings.Settings, pack: CityPack, runtime: Runtime) -> DeskDoor:
    """What the staff's door needs beyond the runtime."""
    exchange = exchange_of(pack, runtime, chosen)
    return DeskDoor(
        runtime=runtime,
        announced_for=lambda: timedelta(seconds=exchange.agencies.announced_for_seconds),
        public_url=chosen.public_url,
        secret_key=chosen.secret_key,
        signalling_url=chosen.twilio_signalling_url,
        wakeup=RedisWakeup(chosen.redis_url) if chosen.redis_url else None,
        jurisdiction_at=pack.jurisdiction_at,
        base_map=pack.base_map,
        grounds=grounds_of(pack, runtime, production=chosen.production),
        retention_days=pack.retention_days,
        tags=pack.tags,
        intents={
            slug: Intent(title=row["names"]["en"], protocol=row["protocol"])
            for slug, row in pack.categories.items()
        },
    )


def sweep(runtime: Runtime, grounds: Callable[[], Grounds], exchange: Exchange) -> None:
    """Sweep in this door too: a dead minder delays no caller, no publication and no handoff."""
    grace = timedelta(seconds=schedule.GRACE_SECONDS)
    duties: tuple[tuple[str, float, Callable[[], object]], ...] = (
        ("sweeper", SWEEP_SECONDS, lambda: deadlines.run_due(runtime, runtime.clock())),
        (
            "publisher",
            PUBLISH_SECONDS,
            lambda: schedule.run_due(runtime, grounds, runtime.clock() - grace),
        ),
        ("ledger", 4 * HANDOFF_SECONDS, lambda: handoff_duties.run_due(exchange)),
        ("handoffs", 4 * HANDOFF_SECONDS, lambda: handoff_duties.speak_due(exchange)),
    )
    for name, seconds, duty in duties:
        threading.Thread(
            target=repeat, args=(duty, seconds, threading.Event()), name=name, daemon=True
        ).start()


def stop_with_the_worker(stopping: threading.Event) -> None:
    """Set `stopping` when the server asks this process to end: open streams else use up its patience."""
    before = signal.getsignal(signal.SIGTERM)

    def asked(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, asked)


def _needed(runtime: Runtime) -> dict[str, Check]:
    engine = runtime.sessions().get_bind().engine

    def database() -> None:
        migrating.require_current(engine)

    def intent() -> None:
        """A first connection may cost more than the 150 ms that a 911 intent has: it is opened before."""
        with reading(runtime.intent_sessions) as session:
            session.execute(select(1))

    return {"database": database, "intent": intent, "menu": runtime.menus.live}


def _line_alarms(exchange: Exchange) -> dict[str, bool]:
    """Each destination of 911 with whether its test failed or is overdue."""
    with exchange.runtime.reading() as session:
        now = exchange.runtime.clock()
        found = line_tests.standings(session, exchange.tested_lines(), now)
    return {each.line.key: each.is_alarm for each in found}


def _wanted(chosen: settings.Settings) -> dict[str, Check]:
    return {"redis": webhook_client(chosen.redis_url).ping} if chosen.redis_url else {}
