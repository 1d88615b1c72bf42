"""Builds the simulator's web application: REST, control interface, signalling and pages.

The composition root of the program; everything it serves is built on one exchange.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib import import_module
from importlib.util import find_spec

import aiohttp
from aiohttp import web

from simulator import control_api, rest_calls, rest_conferences, rest_media, rest_others
from simulator.config import SimulatorConfig
from simulator.exchange import Exchange
from simulator.rest_api import add_not_found

LARGEST_REQUEST = 1_000_000


async def build_app(config: SimulatorConfig, *, with_pages: bool = True) -> web.Application:
    """Make the application and its exchange, inside a running event loop.

    Args:
        config: The file's values.
        with_pages: Also serve signalling and pages, which need the built front end.
    """
    # Connections are not kept: an application that has closed one must not look broken.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    exchange = Exchange(config, session)
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[EXCHANGE] = exchange
    control_api.add_routes(app, exchange)
    for resource in (rest_calls, rest_conferences, rest_others, rest_media):
        resource.add_routes(app, exchange)
    add_not_found(app, exchange)
    for name in ("simulator.signalling", "simulator.pages") if with_pages else ():
        if find_spec(name) is not None:
            import_module(name).add_routes(app, exchange)
    app.cleanup_ctx.append(_running)
    return app


EXCHANGE = web.AppKey("exchange", Exchange)


async def _running(app: web.Application) -> AsyncIterator[None]:
    exchange = app[EXCHANGE]
    saving = asyncio.ensure_future(exchange.journal.keep_saving())
    yield
    saving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await saving
    await exchange.close()
    await exchange.session.close()
    exchange.journal.save()
