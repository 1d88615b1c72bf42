"""The rehearsal's way to the simulator: its control interface as plain methods.

Knows addresses and JSON; knows nothing of scripts or of the product.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError
from simulator.rehearsal.kinship import is_made_for


class TelephoneCompany:
    """The simulator at `base_url`, over a session that somebody else opens and closes."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")

    async def make_call(
        self, caller: str, number: str, faults: Sequence[Mapping[str, Any]] = ()
    ) -> str:
        """Dial from a resident's telephone, with faults of this call alone; returns the CallSid."""
        made = await self._ask(
            "POST", "/calls", {"from": caller, "to": number, "faults": list(faults)}
        )
        return str(made["call_sid"])

    async def call(self, call_sid: str) -> dict[str, Any]:
        """A call as it is now: status, conference, queue, listening, heard."""
        return await self._ask("GET", f"/calls/{call_sid}")

    async def press(self, call_sid: str, digits: str) -> None:
        """Press keys on a leg."""
        await self._ask("POST", f"/calls/{call_sid}/keys", {"digits": digits})

    async def say(self, call_sid: str, text: str) -> None:
        """Say words on a leg: to a Gather, or to the others in a room."""
        await self._ask("POST", f"/calls/{call_sid}/say", {"text": text})

    async def hang_up(self, call_sid: str) -> None:
        """Hang a leg up from its own end."""
        await self._ask("POST", f"/calls/{call_sid}/hangup", {})

    async def set_phone(self, number: str, behaviour: Mapping[str, Any]) -> None:
        """Say how a telephone outside behaves the next times it rings, and otherwise."""
        await self._ask("PUT", f"/phones/{number}", behaviour)

    async def register(self, token: str) -> str:
        """Register a softphone without a browser; returns its identity."""
        registered = await self._ask("POST", "/softphones", {"token": token})
        return str(registered["identity"])

    async def connect(self, identity: str, params: Mapping[str, str]) -> str:
        """Call out from a softphone through the TwiML App; returns the CallSid."""
        made = await self._ask("POST", f"/softphones/{identity}/connect", {"params": dict(params)})
        return str(made["call_sid"])

    async def drop(self, identity: str) -> None:
        """The softphone's browser is gone."""
        await self._ask("POST", f"/softphones/{identity}/drop", {})

    async def calls(self, since: str = "") -> dict[str, dict[str, Any]]:
        """Every call, or `since` and those made after it, by CallSid: from, to, status."""
        calls = (await self._ask("GET", "/calls" + _from(since)))["calls"]
        return {str(call["call_sid"]): call for call in calls}

    async def rung_for(self, caller_sid: str) -> list[dict[str, Any]]:
        """Every call that was made for a caller's, as it is now; others at the same telephone are not among them."""
        calls = await self.calls(caller_sid)
        caller = calls[caller_sid]
        return [call for call in calls.values() if is_made_for(call, caller)]

    async def journal(self, since: str = "") -> list[dict[str, Any]]:
        """All that every party heard and did, or did since a call began, oldest first."""
        entries = (await self._ask("GET", "/journal" + _from(since)))["entries"]
        return list(entries)

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self._session.request(
            method, f"{self._base_url}/simulator{path}", json=body
        ) as answer:
            if answer.status >= 400:
                raise RefusedError(f"simulator {method} {path}", answer.status)
            told = await answer.json() if answer.status != 204 else {}
            return dict(told)


def _from(since: str) -> str:
    return f"?since={since}" if since else ""
