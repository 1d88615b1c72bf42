"""A small bounded load on loopback: prepared requests over kept-alive connections, one a thread.

The client costs a fraction of what any of the measured servers costs a request, and the same for each.
"""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: answers by status, seconds it took, and each request's seconds."""

    answered: int
    failed: int
    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.answered / self.seconds


def post(url: str, headers: dict[str, str], body: bytes) -> bytes:
    """One prepared HTTP/1.1 request."""
    parts = urlsplit(url)
    lines = [
        f"POST {parts.path or '/'} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Content-Length: {len(body)}",
        "Content-Type: application/x-www-form-urlencoded",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(port: int, streams: Sequence[Sequence[bytes]], seconds: float) -> Load:
    """Send each stream over its own connection, in order, until done or `seconds` are over."""
    results: list[tuple[int, int, list[float]]] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=lambda stream=stream: results.append(_one(port, stream, until)))
        for stream in streams
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    latencies = tuple(latency for _, _, listed in results for latency in listed)
    return Load(sum(r[0] for r in results), sum(r[1] for r in results), took, latencies)


def until_answered(port: int) -> None:
    """Until the server answers anything at all, both processes of it warm."""
    until = time.monotonic() + 60
    answers = 0
    while answers < 8:
        if time.monotonic() > until:
            raise RuntimeError(f"nothing answers on {port}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
        except urllib.error.HTTPError:
            answers += 1
        except OSError:
            time.sleep(0.1)
        else:
            answers += 1


def _one(port: int, stream: Sequence[bytes], until: float) -> tuple[int, int, list[float]]:
    good, bad, latencies = 0, 0, []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in stream:
            if time.monotonic() > until:
                break
            began = time.monotonic()
            connection.sendall(request)
            status = _answer(connection)
            latencies.append(time.monotonic() - began)
            good, bad = (good + 1, bad) if status == 200 else (good, bad + 1)
    return good, bad, latencies


def _answer(connection: socket.socket) -> int:
    """Read one answer whole; gives its status."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return 0
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1])
