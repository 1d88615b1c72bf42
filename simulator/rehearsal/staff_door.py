"""The product's staff door as a browser uses it: a form to log in, a cookie, a token in a header, JSON.

Knows addresses and shapes of that door; knows nothing of telephones or scripts.
"""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError

SILENCE_SECONDS = 11.0  # a healthy stream gives a sign of life every five


class HiddenField(HTMLParser):
    """Finds the value of one hidden input in a page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.value: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser for each start tag."""
        given = dict(attrs)
        if tag == "input" and given.get("name") == self._name:
            self.value = given.get("value")


class StaffDoor:
    """One member of staff at the door; `session` has a cookie jar of its own."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._csrf_token = ""
        self._after = 0

    async def log_in(self, email: str, password: str) -> None:
        """Sign in and go to the desk.

        Raises:
            RefusedError: The page, the password or the desk was refused.
        """
        async with self._session.get(f"{self._base_url}/login") as answer:
            field = HiddenField("csrf_token")
            field.feed(await answer.text())
        form = {"email": email, "password": password, "csrf_token": field.value or ""}
        async with self._session.post(
            f"{self._base_url}/login", data=form, allow_redirects=False
        ) as answer:
            if answer.status not in (302, 303):
                raise RefusedError(f"login of {email}", answer.status)
        await self.state()

    async def state(self) -> dict[str, Any]:
        """The desk as its page would show it."""
        async with self._session.get(f"{self._base_url}/desk/state") as answer:
            if answer.status != 200:
                raise RefusedError("GET /desk/state", answer.status)
            state: dict[str, Any] = await answer.json()
        return self._learned(state)

    async def heartbeat(self) -> dict[str, Any]:
        """Say that the page is alive; the answer is the desk as the page would show it."""
        return self._learned(await self.post("/heartbeat"))

    def _learned(self, state: dict[str, Any]) -> dict[str, Any]:
        self._csrf_token = str(state.get("csrf_token", ""))
        self._after = int(state.get("as_of_event") or 0)
        return state

    async def events(self) -> AsyncIterator[str]:
        """The lines of the stream of news, from the last state that was read until the stream ends.

        Raises:
            RefusedError: There is no stream to be had.
        """
        limit = aiohttp.ClientTimeout(total=None, sock_read=SILENCE_SECONDS)
        async with self._session.get(
            f"{self._base_url}/events", params={"after": self._after}, timeout=limit
        ) as answer:
            if answer.status != 200:
                raise RefusedError("GET /events", answer.status)
            async for line in answer.content:
                yield line.decode().rstrip()

    async def post(self, path: str, body: Any = None) -> dict[str, Any]:
        """Order something of the desk.

        Raises:
            RefusedError: The answer was no success; `status` tells a lost race (409) from the rest.
        """
        headers = {"X-CSRFToken": self._csrf_token}
        async with self._session.post(
            f"{self._base_url}/desk{path}", json=body or {}, headers=headers
        ) as answer:
            is_json = answer.content_type.endswith("json")
            told = await answer.json(content_type=None) if is_json else {}
            told = told if isinstance(told, dict) else {}
            if answer.status >= 400:
                why = str(told.get("problem", ""))
                raise RefusedError(f"POST /desk{path}", answer.status, why)
            return told
