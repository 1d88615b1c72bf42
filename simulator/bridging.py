"""`<Dial>` to people: rings telephones and softphones at once, and bridges with the first who answers.

Also the front of a line (`<Queue>`). Knows no rooms.
"""

import asyncio
import re
from typing import TYPE_CHECKING

from simulator.config import E164
from simulator.errors import TwimlError
from simulator.legs import Answer, CallbackPlan, Direction, Leaving, Leg, What
from simulator.queues import Member, Queue
from simulator.steps import GoTo, HangUp, Scene
from simulator.twiml import Verb
from simulator.twiml_rules import SCHEMA

if TYPE_CHECKING:
    from simulator.player import Player

BAD_CALLER, BAD_NUMBER, TOO_MANY = 13214, 13223, SCHEMA
MOST_AT_ONCE = 10
IDENTITY = re.compile(r"[A-Za-z0-9_.@-]{1,121}")
WORST_LAST = (Answer.BUSY, Answer.NO_ANSWER, Answer.UNREACHABLE, Answer.FAILED, Answer.CANCELED)


async def dial_people(player: "Player", verb: Verb, scene: Scene) -> dict[str, str]:
    """Ring all at once, bridge with the first to answer; what is told to the action.

    Raises:
        TwimlError: 13214, 13223, or more than ten.
    """
    nouns = verb.children or (Verb("Number", {}, verb.text, ()),)
    if len(nouns) > MOST_AT_ONCE:
        raise TwimlError(TOO_MANY, f"at most {MOST_AT_ONCE} can be dialled at once")
    caller = _caller_id(player, verb, nouns)
    legs = [_leg(player, noun, caller, scene) for noun in nouns]
    player.exchange.scribe.heard(player.leg, What.RING, ", ".join(leg.to for leg in legs))
    try:
        won, answer = await _first_to_answer(player, legs, verb.number("timeout", 30))
        if won is None:
            status = "failed" if answer is Answer.UNREACHABLE else answer.value
            return {"DialCallStatus": status, "DialCallSid": legs[0].sid, "DialBridged": "false"}
        return await _talk(player, won, _screening(player, nouns[legs.index(won)], scene), verb)
    finally:
        for leg in legs:
            player.exchange.calls.hang_up(leg, Leaving.HUNG_UP)


def _caller_id(player: "Player", verb: Verb, nouns: tuple[Verb, ...]) -> str:
    leg = player.leg
    chosen = verb.get("callerId", leg.from_)
    own = {number.number for number in leg.account.numbers}
    to_telephone = any(noun.name == "Number" for noun in nouns)
    if to_telephone and chosen.startswith("client:"):
        raise TwimlError(BAD_CALLER, "a softphone's call to a telephone needs a callerId")
    if "callerId" in verb.attributes and chosen not in own | {leg.from_, leg.to}:
        raise TwimlError(BAD_CALLER, f"Dial: invalid callerId value {chosen!r}")
    return chosen


def _leg(player: "Player", noun: Verb, caller: str, scene: Scene) -> Leg:
    if noun.name == "Client":
        identity = noun.text or next(
            (child.text for child in noun.children if child.name == "Identity"), ""
        )
        if not IDENTITY.fullmatch(identity):
            raise TwimlError(SCHEMA, f"Dial->Client: invalid identity {identity!r}")
        to = f"client:{identity}"
    elif E164.fullmatch(noun.text):
        to = noun.text
    else:
        raise TwimlError(BAD_NUMBER, f"Dial: invalid phone number format {noun.text!r}")
    parameters = {
        child.get("name", ""): child.get("value", "")
        for child in noun.children
        if child.name == "Parameter"
    }
    return player.exchange.calls.originate(
        player.leg.account, to, caller, Direction.OUTBOUND_DIAL,
        parent_sid=player.leg.sid, progress=_progress(player, noun, scene), fields=parameters,
    )  # fmt: skip


def _progress(player: "Player", noun: Verb, scene: Scene) -> CallbackPlan | None:
    url = noun.get("statusCallback", "")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    return CallbackPlan(player.address(url, scene), events, noun.method("statusCallbackMethod"))


def _screening(player: "Player", noun: Verb, scene: Scene) -> GoTo | None:
    url = noun.get("url", "")
    return GoTo(player.address(url, scene), noun.method()) if url else None


async def _first_to_answer(
    player: "Player", legs: list[Leg], timeout_seconds: int
) -> tuple[Leg | None, Answer]:
    ringing: dict[asyncio.Future[Answer], Leg] = {
        asyncio.ensure_future(player.exchange.calls.ring(leg, timeout_seconds)): leg for leg in legs
    }
    answers: list[Answer] = []
    pending: set[asyncio.Future[Answer]] = set(ringing)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.result() is Answer.ANSWERED:
                    return ringing[task], Answer.ANSWERED
                answers.append(task.result())
    finally:
        for task in pending:
            task.cancel()
            player.exchange.calls.hang_up(ringing[task], Leaving.HUNG_UP, canceled=True)
    return None, min(answers, key=WORST_LAST.index)


async def _talk(player: "Player", other: Leg, screening: GoTo | None, verb: Verb) -> dict[str, str]:
    """Be bridged until either goes, or the time limit is reached."""
    bridged = screening is None or await _screened(player, other, screening)
    if bridged and not other.is_over:
        await _bridged(player, other, verb.number("timeLimit", 14_400))
    player.exchange.calls.hang_up(other, Leaving.HUNG_UP)
    return {
        "DialCallStatus": "completed",
        "DialCallSid": other.sid,
        "DialCallDuration": str(other.duration_seconds),
        "DialBridged": str(bridged).lower(),
    }


async def _screened(player: "Player", other: Leg, screening: GoTo) -> bool:
    """Play the noun's document to the one who answered; True when they are still there after it."""
    theirs = player.exchange.player(other)
    other.task = player.exchange.spawn(_screen(theirs, screening))
    await asyncio.wait({other.task})
    return not other.is_over


async def _screen(theirs: "Player", screening: GoTo) -> None:
    try:
        ending = await theirs.through(screening, Scene(screening.url))
    except TwimlError:
        ending = None
    if isinstance(ending, HangUp):
        await theirs.exchange.calls.finish(theirs.leg, None)


async def _bridged(player: "Player", other: Leg, limit_seconds: int) -> None:
    leg = player.leg
    leg.bridged_to, other.bridged_to = other, leg
    other.task = player.exchange.spawn(_until_parted(other))
    try:
        limit = player.rates.timer_seconds(limit_seconds)
        await asyncio.wait({other.task}, timeout=limit)
    finally:
        leg.bridged_to = other.bridged_to = None


async def _until_parted(other: Leg) -> None:
    """The other leg's own work while bridged: REST cancels it when it moves that leg elsewhere."""
    await other.over.wait()


async def dial_queue(player: "Player", verb: Verb, noun: Verb, scene: Scene) -> dict[str, str]:
    """Take the next caller of a line; waits for one as long as the Dial's timeout."""
    queue = player.exchange.lines.open(player.leg.account, noun.text)
    try:
        async with asyncio.timeout(player.rates.timer_seconds(verb.number("timeout", 30))):
            member = await _front(queue)
    except TimeoutError:
        return {"DialCallStatus": "no-answer", "DialBridged": "false"}
    if noun.get("url", ""):
        await _before_bridging(
            player, member, player.address(noun.get("url", ""), scene), noun.method()
        )
    leg, other = player.leg, member.leg
    member.taken.set_result(leg)
    leg.bridged_to, other.bridged_to = other, leg
    try:
        await other.over.wait()
    finally:
        leg.bridged_to = other.bridged_to = None
        member.released.set()
    return {"DialCallStatus": "completed", "DialCallSid": other.sid, "DialBridged": "true"}


async def _front(queue: Queue) -> Member:
    while not queue.members:
        queue.arrived.clear()
        await queue.arrived.wait()
    return queue.members[0]


async def _before_bridging(player: "Player", member: Member, url: str, method: str) -> None:
    told = {
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.seconds),
        "DequeingCallSid": player.leg.sid,
    }
    theirs = player.exchange.player(member.leg)
    try:
        await theirs.through(GoTo(url, method, told), Scene(url))
    except TwimlError:
        return
