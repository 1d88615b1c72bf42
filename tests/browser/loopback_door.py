"""A small door on the loopback for one page: serves the built bundles and what a mock of the product answers.

Runs on a thread with a loop of its own. Knows no page.
"""

import asyncio
import json
import threading
import time
from pathlib import Path
from typing import Any

from aiohttp import web

BUILD = Path(__file__).parents[2] / "calltaker" / "static" / "build"
PATIENCE_SECONDS = 10.0
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-mock'; style-src 'self' 'nonce-mock'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'"
)
FRAME = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Editor</title><link rel="icon" type="image/svg+xml" href="/static/build/{favicon}">
<link rel="stylesheet" href="/static/build/{staff}"><link rel="stylesheet" href="/static/build/{css}">
<meta name="csrf-token" content="mock-token"><script type="module" src="/static/build/{js}"></script></head>
<body class="{body}">{main}</body></html>"""


class LoopbackDoor:
    """Serves `routes()`; what a test changes is seen by the next request."""

    def __init__(self) -> None:
        self.address = ""
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()

    def routes(self) -> list[web.AbstractRouteDef]:
        """What this door answers, beside the bundles."""
        raise NotImplementedError

    def start(self) -> None:
        """Serve on a free port of the loopback."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """Close the door and wait until it is closed."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)

    def comes_to(self, what: Any) -> bool:
        """Whether this becomes true before patience ends."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not what() and time.monotonic() < until:
            time.sleep(0.02)
        return bool(what())

    def _serve(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serving(ready))

    async def _serving(self, ready: threading.Event) -> None:
        app = web.Application(client_max_size=4_000_000)
        app.add_routes([*self.routes(), web.static("/static/build", BUILD)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await self._closing.wait()
        await runner.cleanup()


def frame(bundle: str, main: str, body: str) -> web.Response:
    """The page around a bundle, with the product's own policy."""
    names = json.loads((BUILD / "manifest.json").read_text())
    text = FRAME.format(
        js=names[f"{bundle}.js"],
        css=names[f"{bundle}.css"],
        staff=names["staff.css"],
        favicon=names["favicon.svg"],
        main=main,
        body=body,
    )
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=text, content_type="text/html", headers=headers)
