"""A lean HTTP/1.1 client for measuring: keep-alive over bare sockets, so that the client costs little.

It talks to this machine only, and every run is bounded in time and number.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What came back. `size` is the body's length in bytes as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body)


@dataclass
class Link:
    """One kept connection."""

    port: int
    cookies: str = ""
    accept: str = "identity"
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", more: Sequence[str] = ()
    ) -> Answer:
        """Send one request (`more`: further header lines), read the whole answer. Raises OSError or EOFError when the server goes away."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(HOST, self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Accept-Encoding: {self.accept}"]
        if self.cookies:
            lines.append(f"Cookie: {self.cookies}")
        if method == "POST":
            lines += [f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
        self._writer.write("\r\n".join([*lines, *more, "", ""]).encode() + body)
        return await self._answer()

    async def _answer(self) -> Answer:
        reader = self._reader
        if reader is None:
            raise EOFError("not connected")
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:-2])
        }
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(head[0].split(" ", 2)[1]), headers, body)

    def close(self) -> None:
        """Let go of the connection."""
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None


@dataclass
class Tally:
    """How often and how long."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Successes per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0


Work = Callable[[], Awaitable[str]]
"""One unit of work. Returns an empty text, or what went wrong."""


async def hammer(workers: Iterable[Work], *, seconds: float) -> Tally:
    """Let all workers repeat their work side by side for so long; each finishes what it has begun."""
    tally = Tally()
    begin = time.perf_counter()
    end = begin + seconds

    async def repeat(work: Work) -> None:
        while (start := time.perf_counter()) < end:
            problem = await work()
            if problem:
                tally.failures.append(problem)
                if problem == DONE:
                    tally.failures.pop()
                    return
            else:
                tally.seconds.append(time.perf_counter() - start)

    await asyncio.gather(*(repeat(work) for work in workers))
    tally.elapsed = time.perf_counter() - begin
    return tally


DONE = "done"
"""A worker's word that it has nothing left to do."""
