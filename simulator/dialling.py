"""`<Dial>`: into a room, to telephones and softphones, or to the next in a line.

Leads to the action with Twilio's words for how it went, or to the next verb when there is none.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.bridging import dial_people, dial_queue
from simulator.conference import Music, Participant, RoomPlan
from simulator.errors import TwimlError
from simulator.steps import GoTo, Scene, Step
from simulator.twiml import Verb
from simulator.twiml_rules import SCHEMA

if TYPE_CHECKING:
    from simulator.player import Player


async def dial(player: "Player", verb: Verb, scene: Scene) -> Step | None:
    """Do a Dial.

    Raises:
        TwimlError: 13214 a caller's number that may not be shown, 13223 no number, 12200 mixed kinds.
    """
    kinds = {child.name for child in verb.children} or ({"Number"} if verb.text else set())
    if "action" in verb.attributes:
        # An address that cannot be used is refused before anybody is rung.
        player.address(verb.get("action", ""), scene)
    match sorted(kinds):
        case ["Conference"]:
            told = await _join(player, verb, scene)
        case ["Queue"]:
            told = await dial_queue(player, verb, verb.children[0], scene)
        case ["Client"] | ["Number"] | ["Client", "Number"]:
            told = await dial_people(player, verb, scene)
        case _:
            raise TwimlError(SCHEMA, "Dial needs somebody to dial, and one kind of them")
    return after_dial(player, verb, scene, told)


def after_dial(player: "Player", verb: Verb, scene: Scene, told: Mapping[str, str]) -> GoTo | None:
    """With an action the verbs after a Dial never run; without one they do."""
    return player.action(verb, scene, told) if verb.get("action", "") else None


async def _join(player: "Player", verb: Verb, scene: Scene) -> dict[str, str]:
    """Be in a room until the room or somebody ends it; what is told to the action."""
    exchange, noun = player.exchange, verb.children[0]
    participant = _participant(player, noun, scene)
    if participant is None:
        return {"DialCallStatus": "failed", "DialBridged": "false"}
    exchange.rooms.add(participant)
    exchange.rooms.join(participant)
    try:
        await participant.gone.wait()
    except asyncio.CancelledError:
        _cut_off(player, verb, scene, participant)
        raise
    status = "failed" if participant.failure is not None else "answered"
    return _told(status, participant)


def _cut_off(player: "Player", verb: Verb, scene: Scene, participant: Participant) -> None:
    """Hung up or moved by REST; after a hang-up the action is still told, its answer unheeded."""
    leg, exchange = player.leg, player.exchange
    exchange.rooms.leave(participant, leg.leaving)
    if leg.is_over and verb.get("action", ""):
        step = player.action(verb, scene, _told("completed", participant))
        exchange.documents.tell(leg, step.url, step.params, step.method)


def _told(status: str, participant: Participant) -> dict[str, str]:
    # DialCallSid and DialCallDuration are not sent for a conference.
    return {"DialCallStatus": status, "DialBridged": str(participant.bridged).lower()}


def _participant(player: "Player", noun: Verb, scene: Scene) -> Participant | None:
    """The leg as a participant, or None when Twilio lets it fall through (16025, 13240)."""
    exchange, leg = player.exchange, player.leg
    room = exchange.rooms.open(leg.account, noun.text, _plan(player, noun, scene))
    label, coached = noun.attributes.get("participantLabel"), noun.attributes.get("coach")
    refusal = None
    if label and room.find(label):
        refusal = f"16025 label {label!r} is in use"
    elif coached and room.find(coached) is None:
        refusal = f"13240 {coached!r} to be coached is not in the conference"
    if refusal:
        exchange.refused(leg, refusal)
        exchange.rooms.discard(room)
        return None
    return Participant(
        leg,
        room,
        label,
        muted=noun.flag("muted", default=False),
        coaching=bool(coached),
        coached_sid=coached,
        start_on_enter=noun.flag("startConferenceOnEnter", default=True),
        end_on_exit=noun.flag("endConferenceOnExit", default=False),
        beep=noun.get("beep", "true"),
        wait=_wait_music(player, noun, scene),
    )


def _plan(player: "Player", noun: Verb, scene: Scene) -> RoomPlan | None:
    url = noun.get("statusCallback", "")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "").split())
    return RoomPlan(player.address(url, scene), events, noun.method("statusCallbackMethod"))


def _wait_music(player: "Player", noun: Verb, scene: Scene) -> Music:
    url = noun.attributes.get("waitUrl")
    return Music(player.address(url, scene) if url else url, noun.method("waitMethod"))
