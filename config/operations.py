"""Health, readiness and metrics, on every door. Nothing here says what a caller said."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

Check = Callable[[], object]
"""Raises when the thing it looks at cannot be used."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.8, 1.2, 2.0, 5.0)
REQUESTS = Counter(
    "oldpueblo_requests_total", "Requests by endpoint and status.", ["endpoint", "status"]
)
SECONDS = Histogram(
    "oldpueblo_request_seconds", "Seconds a request took.", ["endpoint"], buckets=BUCKETS
)


def operations_blueprint(
    needed: Mapping[str, Check],
    wanted: Mapping[str, Check],
    line_alarms: Callable[[], Mapping[str, bool]] = dict,
) -> Blueprint:
    """Make the operations' addresses.

    Args:
        needed: what readiness depends on, by name.
        wanted: what is reported and does not stop service (Redis).
        line_alarms: each destination of 911 with whether its test failed or is overdue.
    """
    operations = Blueprint("operations", __name__)

    @operations.get("/healthz")
    def healthz() -> Response:
        """This process answers."""
        return jsonify(status="ok")

    @operations.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Whether this door can serve, and what is missing."""
        missing = {name: why for name, check in needed.items() if (why := _fault(check))}
        degraded = {name: why for name, check in wanted.items() if (why := _fault(check))}
        ready = not missing
        body = jsonify(status="ready" if ready else "not ready", missing=missing, degraded=degraded)
        return body, 200 if ready else 503

    @operations.get("/metrics")
    def metrics() -> Response:
        """Prometheus text, over all processes of this door when they share a folder."""
        text = generate_latest(_registry()) + generate_latest(_line_tests(line_alarms))
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return operations


def measure(app: Flask) -> None:
    """Count and time every request by its endpoint."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        REQUESTS.labels(endpoint, str(response.status_code)).inc()
        if "began" in g:
            SECONDS.labels(endpoint).observe(time.perf_counter() - g.began)
        return response


def _fault(check: Check) -> str | None:
    try:
        check()
    except Exception as wrong:  # noqa: BLE001 - a door: whatever is wrong is the answer
        return type(wrong).__name__
    return None


class _LineTests(Collector):
    """How the ways to 911 stand, read when it is asked; nothing while the database is away."""

    def __init__(self, alarms: Callable[[], Mapping[str, bool]]) -> None:
        self._alarms = alarms

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(
            "oldpueblo_line_test_alarm",
            "1 where the test of a destination of 911 failed or is overdue.",
            labels=["destination"],
        )
        with suppress(SQLAlchemyError):
            for destination, is_alarm in self._alarms().items():
                gauge.add_metric([destination], float(is_alarm))
        yield gauge


def _line_tests(alarms: Callable[[], Mapping[str, bool]]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_LineTests(alarms))
    return registry


def _registry() -> Any:
    import os

    from prometheus_client import REGISTRY

    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
