"""What runs behind the doors: the job worker, and the minder that acts when nobody else does.

The minder sweeps deadlines, publishes what is due, relays the outbox, replays spooled 911 intents,
asks the telephone company about silent calls, scores the cases that have ended, keeps the ledger
of handoffs and rings the test numbers of 911's lines. It may die at any moment: every claim is a
conditional UPDATE, and the doors sweep deadlines too.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import cache, partial

import structlog
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from calltaker.authoring import schedule
from calltaker.authoring.grounds import Grounds
from calltaker.handoff import duties as handoff_duties
from calltaker.handoff.exchange import Exchange
from calltaker.intake import cut_off
from calltaker.intake.published import PublishedProtocols
from calltaker.quality import scores
from config import logs, settings
from config.assembly import build_runtime
from config.belt import TEXTS, Belt, worker_client
from config.city import load
from config.facts import exchange_of, grounds_of
from ivr import deadlines, jobs, line_tests, reconcile, warm_transfer
from ivr.runtime import Runtime

SWEEP_SECONDS = 0.25
RELAY_SECONDS = 0.5
RECONCILE_SECONDS = 30.0
SPOOL_SECONDS = 2.0
PUBLISH_SECONDS = 1.0
SCORE_SECONDS = 10.0
CUT_OFF_SECONDS = 2.0
HANDOFF_SECONDS = 0.5
LINE_TEST_SECONDS = 2.0

log = structlog.get_logger(__name__)


@cache
def runtime_of_this_process() -> Runtime:
    """The runtime of a worker process, built once."""
    return build_runtime(settings.read(os.environ))


def send_text(text_message_id: str) -> None:
    """The job behind `Belt.put`: send one text message, once."""
    jobs.send_text(runtime_of_this_process(), text_message_id)


def work(redis_url: str) -> None:
    """Run the job worker until told to stop.

    The short `worker_ttl` bounds how long a job of a killed worker stays unseen (RQ's default is
    seven minutes).
    """
    worker = Worker(
        [TEXTS],
        connection=worker_client(redis_url),
        serializer=JSONSerializer,
        worker_ttl=25,
        maintenance_interval=5,
        job_monitoring_interval=5,
    )
    worker.work(logging_level="WARNING")


def mind(
    runtime: Runtime,
    belt: Belt,
    stop: threading.Event,
    grounds: Callable[[], Grounds],
    exchange: Exchange,
) -> None:
    """Do each duty at its own pace until told to stop; one failing never stops another."""

    def put(text_message_id: str) -> None:
        belt.put("config.worker.send_text", text_message_id, job_id=f"text-{text_message_id}")

    protocols = PublishedProtocols()
    read_ahead = partial(protocols.read_ahead, runtime.reading)
    threading.Thread(target=read_ahead, name="protocols", daemon=True).start()
    duties: list[tuple[float, Callable[[], object]]] = [
        (SWEEP_SECONDS, lambda: deadlines.run_due(runtime, runtime.clock())),
        (RELAY_SECONDS, lambda: jobs.relay_outbox(runtime, put, runtime.clock())),
        (SPOOL_SECONDS, lambda: warm_transfer.replay_spool(runtime)),
        (RECONCILE_SECONDS, lambda: reconcile.run(runtime, runtime.clock())),
        (PUBLISH_SECONDS, lambda: schedule.run_due(runtime, grounds, runtime.clock())),
        (SCORE_SECONDS, lambda: scores.run_due(runtime, protocols, runtime.clock())),
        (CUT_OFF_SECONDS, lambda: cut_off.run_due(runtime, protocols, runtime.clock())),
        (HANDOFF_SECONDS, lambda: handoff_duties.run_due(exchange)),
        (HANDOFF_SECONDS, lambda: handoff_duties.speak_due(exchange)),
        (
            LINE_TEST_SECONDS,
            lambda: line_tests.run_due(runtime, exchange.tested_lines(), runtime.clock()),
        ),
    ]
    threads = [
        threading.Thread(target=repeat, args=(duty, pace, stop), daemon=True)
        for pace, duty in duties
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(1.0):
        continue


def repeat(duty: Callable[[], object], seconds: float, stop: threading.Event) -> None:
    """Do a duty again and again; a failure is told and the next turn comes as usual."""
    while not stop.is_set():
        began = time.monotonic()
        try:
            duty()
        except SQLAlchemyError as away:
            log.warning("duty_without_database", error=type(away).__name__)
        except Exception:
            log.exception("duty_failed")
        stop.wait(max(0.01, seconds - (time.monotonic() - began)))


def main(role: str) -> None:
    """Run as `python -m config.worker jobs|minder`."""
    logs.set_up(as_json=not sys.stderr.isatty())
    chosen = settings.read(os.environ)
    if role == "jobs":
        work(chosen.redis_url)
    else:
        runtime, pack = runtime_of_this_process(), load(chosen.city)
        grounds = cache(lambda: grounds_of(pack, runtime, production=chosen.production))
        exchange = exchange_of(pack, runtime, chosen)
        mind(runtime, Belt(chosen.redis_url), threading.Event(), grounds, exchange)


if __name__ == "__main__":
    main(sys.argv[1])
