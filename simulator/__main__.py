"""Runs the simulator: `python -m simulator --config FILE [--port N]`, on 127.0.0.1 only."""

import argparse
import asyncio
import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from simulator.app import build_app
from simulator.config import SimulatorConfig, load_config
from simulator.errors import ConfigError

HOST = "127.0.0.1"


async def serve(config: SimulatorConfig) -> None:
    """Serve until a signal asks to stop; says when it is ready."""
    runner = web.AppRunner(await build_app(config), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, config.listen_port).start()
    sys.stdout.write(f"simulator ready http://{HOST}:{config.listen_port}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


def main() -> int:
    """Read the command line and the file; 2 when the file cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument(
        "--config", type=Path, required=True, help="the YAML file of accounts and telephones"
    )
    parser.add_argument("--port", type=int, help="listen here instead of at the file's listen_port")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    try:
        config = load_config(given.config)
    except ConfigError as error:
        sys.stderr.write(f"{given.config}:\n{error}\n")
        return 2
    asyncio.run(serve(replace(config, listen_port=given.port or config.listen_port)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
