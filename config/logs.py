"""Logs: static event names with data in keywords, as JSON lines or for a terminal.

Ids, never objects; no number, no word that a caller said. What slips in under a telling name is
masked in one place, here.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

MASKED = frozenset(
    {"from_number", "to", "number", "caller_number", "words", "speech", "digits", "text", "token"}
)


def set_up(*, as_json: bool, level: int = logging.INFO) -> None:
    """Send every log line of this process to standard error."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values whose names say that they are personal."""
    for name in MASKED & event.keys():
        event[name] = "***"
    return event
