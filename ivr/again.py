"""Doing a unit of work again when the database was busy or its connection was cut.

A report that Twilio posts is answered either way and never comes again, so it is worth a moment. The
work must be one that may be done twice: its own commit is its last act.
"""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

import structlog

from models.faults import Fault, fault_of

log = structlog.get_logger(__name__)
T = TypeVar("T")

PAUSES = (0.1, 0.4)
"""Seconds before each further try; each may itself wait for a lock."""


def persistently(work: Callable[[], T]) -> T:
    """Do the work; on a busy or cut database up to twice more.

    Raises:
        whatever the last try raises, and at once what is no such fault.
    """
    for pause in PAUSES:
        try:
            return work()
        except Exception as error:
            if fault_of(error) not in {Fault.BUSY, Fault.CUT}:
                raise
            log.warning("work_again", fault=type(error).__name__)
            sleep(pause)
    return work()
