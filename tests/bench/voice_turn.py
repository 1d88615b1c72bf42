"""A signed, persisted voice turn against a bare WSGI answer and against the idiomatic ORM turn.

Same WSGI server (gunicorn gthread, 2 processes of 16 threads), 16 concurrent callers, 20 form
parameters, PostgreSQL with real fsync; median of interleaved rounds. Source of the goals: the
project's performance goals P1 (0.13 of bare) and P2 (2 times the ORM turn).
"""

import base64
import hashlib
import hmac
import re
import statistics
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode
from uuid import uuid4

from config.processes import Child, ProcessGroup, python
from config.stack import Stack, free_port
from tests import cluster
from tests.bench import load
from tests.bench.figures import Figure

CALLERS = 16
ROUNDS = 5
ROUND_SECONDS = 3.0
STEPS = 35
"""Turns of one call; a caller who wanders for 40 is taken to a person."""
CALLS_EACH = 5
"""Calls that each connection takes one after another: more turns than a round has time for."""
PARAMETERS = {
    "ApiVersion": "2010-04-01",
    "CallStatus": "in-progress",
    "Called": "+15205550100",
    "CalledCity": "TUCSON",
    "CalledCountry": "US",
    "CalledState": "AZ",
    "CalledZip": "85701",
    "Caller": "+15205550142",
    "CallerCity": "TUCSON",
    "CallerCountry": "US",
    "CallerState": "AZ",
    "CallerZip": "85705",
    "Direction": "inbound",
    "From": "+15205550142",
    "FromCountry": "US",
    "To": "+15205550100",
    "ToCountry": "US",
    "StirVerstat": "TN-Validation-Passed-A",
}


def measure() -> Iterator[Figure]:
    """Measure all three in turn and give the ratios."""
    folder = Path(mkdtemp(prefix="oldpueblo-bench-"))
    with ExitStack() as stack:
        database = stack.enter_context(cluster.running(durable=True))
        product = Stack(folder / "product", free_port(), free_port(), database_url=database)
        product.prepare()
        ports = {
            "bare": stack.enter_context(_served("tests.bench.yardsticks:bare", {})),
            "orm": stack.enter_context(
                _served("tests.bench.yardsticks:orm()", product.environment)
            ),
        }
        ports["ours"] = stack.enter_context(
            _served("config.app:serve('voice')", product.environment, product.port)
        )
        rounds = {name: [] for name in ports}
        latencies: list[float] = []
        for number in range(ROUNDS):
            for name, port in ports.items():
                result = load.send(port, _streams(name, product, port), ROUND_SECONDS)
                if result.failed or not result.answered:
                    raise RuntimeError(f"{name}, round {number}: {result.failed} bad answers")
                rounds[name].append(result.per_second)
                latencies += result.latencies if name == "ours" else ()
    bare, orm, ours = (statistics.median(rounds[name]) for name in ("bare", "orm", "ours"))
    yield Figure("bare WSGI answers, for scale", bare, "1/s")
    yield Figure("voice turn, signed and persisted, against bare WSGI", ours / bare, "ratio", 0.13)
    yield Figure("voice turn against the ORM turn", ours / orm, "ratio", 2.0)
    yield Figure("ORM turn against bare WSGI", orm / bare, "ratio")
    p99 = statistics.quantiles(latencies, n=100)[98]
    yield Figure("voice turn under this load, 99th percentile", p99, "s")


@contextmanager
def _served(application: str, environment: dict[str, str], port: int = 0) -> Iterator[int]:
    port = port or free_port()
    group = ProcessGroup()
    command = python(
        *("-m", "gunicorn", application, "--worker-class", "gthread", "--workers", "2"),
        *("--threads", "16", "--bind", f"127.0.0.1:{port}", "--no-control-socket"),
        *("--keep-alive", "30", "--log-level", "error"),
    )
    group.start(Child("server", command, environment))
    try:
        load.until_answered(port)
        yield port
    finally:
        group.stop()


def _streams(name: str, product: Stack, port: int) -> list[list[bytes]]:
    """Requests prepared before the clock runs: each caller takes one numbered step after another."""
    if name == "bare":
        body = urlencode(PARAMETERS | {"CallSid": "CA" + "0" * 32, "Digits": "*"}).encode()
        return [
            [load.post(f"http://127.0.0.1:{port}/", {"X-Twilio-Signature": "x"}, body)] * 20000
        ] * CALLERS
    return [
        [request for _ in range(CALLS_EACH) for request in _calling(product, port, *_open(product))]
        for _ in range(CALLERS)
    ]


def _calling(product: Stack, port: int, sid: str, first: int) -> list[bytes]:
    """One caller who asks again and again: fewer turns than send them to a person."""
    return [_turn(product, port, sid, step) for step in range(first, first + STEPS)]


def _open(product: Stack) -> tuple[str, int]:
    """Begin a call that waits at the language question; gives its sid and awaited step."""
    sid = "CA" + uuid4().hex
    answer = _ask(
        product, "/voice/incoming", PARAMETERS | {"CallSid": sid, "CallStatus": "ringing"}
    )
    found = re.search(rb"/voice/t/\w+/(\d+)", answer)
    if found is None:
        raise RuntimeError(f"the first answer names no step: {answer[:300]!r}")
    return sid, int(found[1])


def _turn(product: Stack, port: int, sid: str, step: int) -> bytes:
    form = PARAMETERS | {"CallSid": sid, "Digits": "*"}
    path = f"/voice/t/{sid}/{step}"
    headers = {"X-Twilio-Signature": _sign(product, path, form)}
    return load.post(f"http://127.0.0.1:{port}{path}", headers, urlencode(form).encode())


def _ask(product: Stack, path: str, form: dict[str, str]) -> bytes:
    request = urllib.request.Request(
        f"{product.product_url}{path}",
        data=urlencode(form).encode(),
        headers={"X-Twilio-Signature": _sign(product, path, form)},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def _sign(product: Stack, path: str, form: dict[str, str]) -> str:
    text = product.product_url + path + "".join(f"{name}{form[name]}" for name in sorted(form))
    token = product.environment["TWILIO_AUTH_TOKEN"].encode()
    return base64.b64encode(hmac.new(token, text.encode(), hashlib.sha1).digest()).decode()
