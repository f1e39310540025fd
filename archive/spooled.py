"""Large answers: made whole in a temporary file, then sent, so that no transaction waits for a slow client.

One a person (or an address) at a time, until it is sent or given up, and two being made for all together.
"""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Mapping
from typing import IO, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from archive.errors import TooMuchAtOnce

_MADE_AT_ONCE: Final = 2
_CHUNK: Final = 2**18
_LONGEST: Final = 1_800
"""Seconds that a client may take over one answer."""


class Spools:
    """Who has a large answer under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: set[str] = set()
        self._makers = threading.BoundedSemaphore(_MADE_AT_ONCE)

    def answer(
        self, who: str, make: Callable[[IO[bytes]], Mapping[str, str]], *, media_type: str
    ) -> "Spooled":
        """What ``make`` writes, with the headers that it returns; TooMuchAtOnce."""
        with self._lock:
            if who in self._under_way:
                raise TooMuchAtOnce("an export of yours is still under way; take one at a time")
            self._under_way.add(who)
        try:
            file, headers = self._made(make)
        except BaseException:
            self._ended(who)
            raise
        return Spooled(file, headers, media_type, ended=lambda: self._ended(who))

    def _made(self, make: Callable[[IO[bytes]], Mapping[str, str]]) -> tuple[IO[bytes], Mapping[str, str]]:
        if not self._makers.acquire(blocking=False):
            raise TooMuchAtOnce("other exports are being made; try again in a minute")
        file = tempfile.TemporaryFile(prefix="onrecord-export-")  # noqa: SIM115  the answer closes it
        try:
            return file, make(file)
        except BaseException:
            file.close()
            raise
        finally:
            self._makers.release()

    def _ended(self, who: str) -> None:
        with self._lock:
            self._under_way.discard(who)


class Spooled(Response):
    """An answer that is sent from its file, which goes when the client has it or is gone."""

    def __init__(
        self, file: IO[bytes], headers: Mapping[str, str], media_type: str, *, ended: Callable[[], None]
    ) -> None:
        size = str(file.seek(0, 2))
        super().__init__(None, headers={**headers, "Content-Length": size}, media_type=media_type)
        self._file, self._ended = file, ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            async with asyncio.timeout(_LONGEST):
                await self._send(scope, send)
        finally:
            self._file.close()
            self._ended()

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._file.seek(0)
        chunk = b"" if scope["method"] == "HEAD" else await run_in_threadpool(self._file.read, _CHUNK)
        while chunk:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await run_in_threadpool(self._file.read, _CHUNK)
        await send({"type": "http.response.body", "body": b""})
