"""A caller's telephone with a browser: opens the link of a text message and tells where it is.

Knows the page as any browser does, a token in its head and a form of three numbers; nothing of scripts.
"""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError

POSITION = ("latitude", "longitude", "accuracy")
_LINK = re.compile(r"https?://\S+/here/[\w-]+")


def link_in(texts: Iterable[str]) -> str | None:
    """The newest link by which a location may be sent; None where no text holds one."""
    found = [link for text in texts for link in _LINK.findall(text)]
    return found[-1] if found else None


async def tell(link: str, position: Mapping[str, Any]) -> None:
    """Open the page, and press its button on a telephone that knows its `position`.

    Raises:
        RefusedError: The page or the position was refused.
    """
    # Its address is a bare 127.0.0.1: a jar takes no cookie from one unless told to.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(link) as answer:
            token = _Token()
            token.feed(await answer.text())
            if answer.status != 200:
                raise RefusedError("the page of the location link", answer.status)
        headers = {"X-CSRFToken": token.value}
        async with session.post(link, json=dict(position), headers=headers) as answer:
            if answer.status != 200:
                raise RefusedError("the location that was sent", answer.status)


class _Token(HTMLParser):
    """Finds the page's token."""

    def __init__(self) -> None:
        super().__init__()
        self.value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name") == "csrf-token":
            self.value = given.get("content") or ""
