"""`<Enqueue>`: a caller stands in line until somebody, or the waiting itself, ends it.

Knows the line and what is reported of it; not what is heard there.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from simulator.errors import TwimlError
from simulator.journal import Kind
from simulator.legs import Leaving
from simulator.queues import Member, QueueResult
from simulator.steps import Ending, GoTo, HangUp, LeaveLine, Scene, Step
from simulator.twiml import Verb
from simulator.waiting import wait_in_line

if TYPE_CHECKING:
    from simulator.player import Player


async def enqueue(player: "Player", verb: Verb, scene: Scene) -> Step | None:
    """Stand in line; leads to the action with QueueResult, or to the next verb without one.

    Raises:
        TwimlError: An inline document whose addresses are relative.
    """
    exchange, leg = player.exchange, player.leg
    wanted = verb.get("waitUrl", "")
    first = GoTo(player.address(wanted, scene), verb.method("waitUrlMethod")) if wanted else None
    queue = exchange.lines.open(leg.account, verb.text, verb.number("maxQueueSize", 0) or None)
    if queue.is_full:
        return _on(player, verb, scene, QueueResult.QUEUE_FULL, {})
    member = queue.enter(leg)
    exchange.scribe.note(leg, Kind.QUEUED, {"queue": queue.name, "position": member.position})
    try:
        result, ending = await _wait(player, member, first)
    except asyncio.CancelledError:
        _moved(player, verb, scene, member)
        raise
    finally:
        queue.drop(member)
        exchange.scribe.note(leg, Kind.DEQUEUED, {"queue": queue.name})
    if isinstance(ending, HangUp):
        return ending
    return _on(player, verb, scene, result, _facts(member))


async def _wait(player: "Player", member: Member, first: GoTo | None) -> tuple[QueueResult, Ending]:
    waiting = asyncio.ensure_future(wait_in_line(player, first, member.parameters))
    try:
        either: set[asyncio.Future[Any]] = {waiting, member.taken}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if member.taken.done():
            member.queue.drop(member)
            waiting.cancel()
            await member.released.wait()
            return QueueResult.BRIDGED, None
        return QueueResult.LEAVE, waiting.result()
    except TwimlError:
        return QueueResult.ERROR, LeaveLine()
    finally:
        waiting.cancel()


def _moved(player: "Player", verb: Verb, scene: Scene, member: Member) -> None:
    """The call was moved by REST or has hung up: the action is told at once, its answer unheeded."""
    moved = player.leg.leaving is Leaving.UPDATED and not player.leg.is_over
    result = QueueResult.REDIRECTED if moved else QueueResult.HANGUP
    if verb.get("action", ""):
        step = player.action(verb, scene, _facts(member) | {"QueueResult": result.value})
        player.exchange.documents.tell(player.leg, step.url, step.params, step.method)


def _on(
    player: "Player", verb: Verb, scene: Scene, result: QueueResult, facts: dict[str, str]
) -> GoTo | None:
    if not verb.get("action", ""):
        return None
    return player.action(verb, scene, facts | {"QueueResult": result.value})


def _facts(member: Member) -> dict[str, str]:
    return {"QueueSid": member.queue.sid, "QueueTime": str(member.seconds)}
