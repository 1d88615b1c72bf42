"""An account's calls per second: calls that REST makes wait their turn, silently, as at Twilio."""

import asyncio


class Lane:
    """Turns at an even pace."""

    def __init__(self, calls_per_second: float) -> None:
        self._pace = 1 / calls_per_second
        self._next = 0.0

    async def turn(self) -> float:
        """Wait for a turn; the seconds waited."""
        now = asyncio.get_running_loop().time()
        slot = max(now, self._next)
        self._next = slot + self._pace
        await asyncio.sleep(slot - now)
        return slot - now
