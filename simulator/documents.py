"""Asks a leg's application for a document, and keeps what came of it on the leg.

Does not know what a document means to the call, nor what happens when there is none.
"""

import asyncio
import uuid
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from simulator.callbacks import Spawn
from simulator.errors import TwimlError
from simulator.faults import FaultKind, Faults
from simulator.journal import Kind
from simulator.legs import Asked, Leg
from simulator.parameters import turn_parameters
from simulator.scribe import Scribe
from simulator.twiml import Document, read_answer
from simulator.webhooks import Reply, Request, Webhooks

Family = Callable[[Leg], Collection[str] | None]
BAD_URL = 11100


class Documents:
    """The way from a leg to the next document."""

    def __init__(
        self, webhooks: Webhooks, faults: Faults, scribe: Scribe, spawn: Spawn, family: Family
    ) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._scribe = scribe
        self._spawn = spawn
        self._family = family
        self._asking: set[asyncio.Task[Document]] = set()

    async def ask(
        self, leg: Leg, url: str, params: Mapping[str, str], method: str = "POST"
    ) -> Document:
        """Ask `url` what the leg does next.

        The request goes on when whoever asked is cancelled: a caller who hangs up does not take
        back what the application has been asked.

        Raises:
            TwimlError: No answer, or one that Twilio refuses; it stands in the leg's journal.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise TwimlError(BAD_URL, f"{url!r} is not an absolute URL")
        asking = asyncio.ensure_future(self._ask(leg, url, params, method))
        self._asking.add(asking)
        asking.add_done_callback(self._asked)
        return await asyncio.shield(asking)

    def _asked(self, asking: "asyncio.Task[Document]") -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()

    async def _ask(self, leg: Leg, url: str, params: Mapping[str, str], method: str) -> Document:
        request = Request(
            leg.account, url, turn_parameters(leg) | dict(params), method, self._family(leg)
        )
        began = leg.seconds()
        token = str(uuid.uuid4())
        first = self._perhaps_twice(leg, request, token)
        try:
            reply = await self._webhooks.send(request, token)
        except TwimlError as error:
            self._keep(leg, url, None, round(leg.seconds() - began, 3), error)
            raise
        if first is not None and not first.done():
            first.set_result(reply)
        return self._read(leg, url, reply)

    def tell(self, leg: Leg, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """Ask without waiting and without heeding the answer: the call has gone on already."""
        self._spawn(self._tell(leg, url, params, method))

    async def _tell(self, leg: Leg, url: str, params: Mapping[str, str], method: str) -> None:
        # A refused answer is written down by `ask`; nothing is left to be done about it.
        try:
            await self.ask(leg, url, params, method)
        except TwimlError:
            return

    def _read(self, leg: Leg, url: str, reply: Reply) -> Document:
        try:
            document = read_answer(reply.content_type, reply.body)
        except TwimlError as error:
            self._keep(leg, url, reply, reply.took_seconds, error)
            raise
        self._keep(leg, url, reply, reply.took_seconds, None)
        return document

    def _keep(
        self, leg: Leg, url: str, reply: Reply | None, took: float, error: TwimlError | None
    ) -> None:
        body = "" if reply is None else reply.body.decode("utf-8", "replace")
        status = None if reply is None else reply.status
        why = None if error is None else str(error)
        self._scribe.asked(
            leg, Asked(url, status, body, took, why), reply.digest if reply else None
        )

    def _perhaps_twice(
        self, leg: Leg, request: Request, token: str
    ) -> "asyncio.Future[Reply] | None":
        fault = self._faults.take(FaultKind.TURN_DUPLICATE, request.family, path=request.path)
        if fault is None:
            return None
        first: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._spawn(self._again(leg, request, token, fault.after_seconds, first))
        return first

    async def _again(
        self, leg: Leg, request: Request, token: str, after: float, first: "asyncio.Future[Reply]"
    ) -> None:
        """The fault of a doubled turn: the same question once more; both answers are compared."""
        await asyncio.sleep(after)
        told: dict[str, object] = {"kind": FaultKind.TURN_DUPLICATE.value, "url": request.url}
        try:
            second = await self._webhooks.send(request, token)
            told["status"] = second.status
            told["body"] = second.body.decode("utf-8", "replace")
            async with asyncio.timeout(15):
                told["same_bytes"] = (await first).body == second.body
        except (TwimlError, TimeoutError) as error:
            told["error"] = str(error)
        self._scribe.note(leg, Kind.FAULT, told)
