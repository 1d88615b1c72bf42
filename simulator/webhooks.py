"""Sends signed requests to a customer's application, with Twilio's limits, retries and faults.

Knows how to ask and when to give up; what an answer means is `simulator.documents`' business.
"""

import asyncio
import hashlib
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urlsplit

import aiohttp

from simulator.config import Account
from simulator.connection import Connection, connection
from simulator.errors import TwimlError
from simulator.faults import Fault, FaultKind, Faults
from simulator.signature import sign

HTTP_FAILURE, CONNECT_FAILURE = 11200, 11205


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a customer's application; `family` names the calls it belongs to."""

    account: Account
    url: str
    params: Mapping[str, str]
    method: str = "POST"
    family: Collection[str] | None = None

    @property
    def path(self) -> str:
        """The URL's path."""
        return urlsplit(self.url).path


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `took_seconds` with all retries."""

    status: int
    content_type: str
    body: bytes
    took_seconds: float

    @property
    def digest(self) -> str:
        """SHA-256 of the body, to compare answers byte by byte."""
        return hashlib.sha256(self.body).hexdigest()


class _Failure(Exception):  # noqa: N818 - not an error yet: it may be tried again
    """One attempt failed; `why` is Twilio's word for it (ct, rt, 4xx, 5xx)."""

    def __init__(self, why: str, code: int, reason: str) -> None:
        super().__init__(reason)
        self.why = why
        self.code = code


class Webhooks:
    """The way out to all customers' applications."""

    def __init__(self, session: aiohttp.ClientSession, faults: Faults) -> None:
        self._session = session
        self._faults = faults

    async def send(self, request: Request, token: str | None = None) -> Reply:
        """Ask, and ask again where the URL's overrides say so; every try carries the same token.

        Raises:
            TwimlError: 11205 no connection, 11200 any other failure, within 15 s.
        """
        limits = connection(request.url)
        token = token or str(uuid.uuid4())
        began, tries = time.monotonic(), limits.retries + 1
        while True:
            tries -= 1
            left = limits.total_seconds - (time.monotonic() - began)
            try:
                return await self._attempt(request, limits, left, token, began)
            except _Failure as failure:
                over = time.monotonic() - began >= limits.total_seconds
                if tries == 0 or over or failure.why not in limits.retry_on:
                    raise TwimlError(failure.code, str(failure)) from failure

    async def _attempt(
        self, request: Request, limits: Connection, left: float, token: str, began: float
    ) -> Reply:
        failing = self._fault(FaultKind.WEBHOOK_FAIL, request)
        if failing is not None:
            raise _Failure(
                f"{failing.status // 100}xx", HTTP_FAILURE, f"HTTP status {failing.status}"
            )
        slow = self._fault(FaultKind.WEBHOOK_SLOW, request)
        started = time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0.001)):
                status, content_type, body = await self._post(request, limits, token)
                await self._be_slow(slow, limits, started)
        except TimeoutError as error:
            raise _Failure("rt", HTTP_FAILURE, "no answer in time") from error
        if status >= 400:
            raise _Failure(f"{status // 100}xx", HTTP_FAILURE, f"HTTP status {status}")
        return Reply(status, content_type, body, round(time.monotonic() - began, 3))

    async def _be_slow(self, slow: Fault | None, limits: Connection, started: float) -> None:
        if slow is None:
            return
        taken = time.monotonic() - started
        await asyncio.sleep(min(slow.seconds, max(limits.read_seconds - taken, 0.0)))
        if slow.seconds + taken > limits.read_seconds:
            raise TimeoutError

    async def _post(
        self, request: Request, limits: Connection, token: str
    ) -> tuple[int, str, bytes]:
        url, params = urldefrag(request.url).url, dict(request.params)
        if request.method == "GET":
            url, params = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}", {}
        headers = {
            "X-Twilio-Signature": sign(request.account.auth_token, url, params.items()),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=limits.connect_seconds, sock_read=limits.read_seconds
        )
        try:
            async with self._session.request(
                request.method, url, data=params or None, headers=headers, timeout=timeout
            ) as answer:
                return answer.status, answer.headers.get("Content-Type", ""), await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _Failure("ct", CONNECT_FAILURE, "no connection") from error
        except aiohttp.ServerTimeoutError as error:
            raise TimeoutError from error
        except (aiohttp.ClientError, ValueError) as error:
            raise _Failure("rt", HTTP_FAILURE, f"no good answer: {error}") from error

    def _fault(self, kind: FaultKind, request: Request) -> Fault | None:
        return self._faults.take(kind, request.family, path=request.path)
