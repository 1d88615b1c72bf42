"""What somebody hears who waits: in a line (`<Enqueue>`), in a room that has not started, on hold.

Runs a waitUrl's documents, in which only some verbs are allowed; says how waiting ended by itself.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.conference import Music
from simulator.errors import TwimlError
from simulator.legs import Leg
from simulator.steps import Ending, GoTo, HangUp, Scene
from simulator.twiml_rules import QUEUE_VERBS, SCHEMA, WAITING_VERBS

if TYPE_CHECKING:
    from simulator.player import Player

BAD_WAITING_VERB = 13238
SHORTEST_ROUND_SECONDS = 1.0


async def wait_in_line(
    player: "Player", first: GoTo | None, parameters: Callable[[], Mapping[str, str]]
) -> Ending:
    """Hear the line's documents over and over until one says Leave or Hangup.

    Raises:
        TwimlError: A document is missing or refused.
    """
    if first is None:
        await player.speaker.music(player.leg)
        return HangUp()
    while True:
        began = time.monotonic()
        scene = Scene(first.url, parameters, QUEUE_VERBS, SCHEMA)
        ending = await player.through(first, scene)
        if ending is not None:
            return ending
        # A document without any length would ask the application without end.
        least = player.rates.timer_seconds(SHORTEST_ROUND_SECONDS)
        await asyncio.sleep(max(0.0, least - (time.monotonic() - began)))


async def play_music(player: "Player", music: Music) -> None:
    """Play to somebody in a room until cancelled; a document that ends leaves silence, as at Twilio.

    Raises:
        TwimlError: The document is missing or refused.
    """
    leg: Leg = player.leg
    if music.url is None:
        await player.speaker.music(leg)
    elif music.url:
        scene = Scene(music.url, dict, WAITING_VERBS, BAD_WAITING_VERB)
        await player.through(GoTo(music.url, music.method), scene)
    await player.speaker.silence(leg)


async def announce(player: "Player", url: str, method: str) -> bool:
    """Play an announcement once; whether it could be."""
    scene = Scene(url, dict, WAITING_VERBS, BAD_WAITING_VERB)
    try:
        await player.through(GoTo(url, method), scene)
    except TwimlError:
        return False
    return True
