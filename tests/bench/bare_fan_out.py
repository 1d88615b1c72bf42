"""The yardstick of the live events: an asyncio server that writes each line it is told to everyone.

`python -m tests.bench.bare_fan_out PORT`. A connection that begins with TELL tells; every other one listens.
"""

import asyncio
import sys

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


class FanOut:
    """Who listens, and how many events there were."""

    def __init__(self) -> None:
        self.listeners: set[asyncio.StreamWriter] = set()
        self.count = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        if await reader.readline() == b"TELL\n":
            while line := await reader.readline():
                self.tell(line.strip())
            return
        writer.write(HEAD)
        self.listeners.add(writer)
        await reader.read()
        self.listeners.discard(writer)

    def tell(self, data: bytes) -> None:
        """Write one event to everybody."""
        self.count += 1
        text = b"id: %d\nevent: line_changed\ndata: %b\n\n" % (self.count, data)
        for writer in self.listeners:
            writer.write(text)


async def main(port: int) -> None:
    """Serve until ended."""
    server = await asyncio.start_server(FanOut().meet, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
