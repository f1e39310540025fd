"""Turns: who asks for much at once waits for himself, so that nobody else waits for him.

A person, or an address of people who are not known, has two requests answered at a time. Whoever asks for
more joins the crowd, of which one is answered after another, whoever they are, with a rest between while
others are here. More than may stand in line, or for longer, are refused.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.errors import TooMuchAtOnce

_AT_ONCE: Final = 2  # a browser asks for a page, and for a part of it or the next one
_IN_LINE: Final = 18  # of one person: somebody may open a dozen results in tabs of their own
_LONGEST: Final = 10.0  # seconds in line
_REST: Final = 5  # times as long as an answer took: 19 of 20 others meet none of the crowd, or its end
_LONGEST_REST: Final = 5.0  # seconds
_HERE: Final = 2.0  # seconds since others asked last


class Turns:
    """Who has requests under way, and the crowd's one turn."""

    def __init__(self, in_line: int = _IN_LINE) -> None:
        self._in_line = in_line
        self._asking: Counter[str] = Counter()
        self._crowd = asyncio.Semaphore(1)
        self._others_asked = -_HERE

    async def answer(self, who: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let ``app`` answer in a turn of theirs; TooMuchAtOnce."""
        async with contextlib.AsyncExitStack() as turn:
            await turn.enter_async_context(self._turn(who))

            async def send_on(message: Message) -> None:
                await turn.aclose()  # it is known what to send: to read it slowly keeps nobody waiting
                await send(message)

            await app(scope, receive, send_on)

    @contextlib.asynccontextmanager
    async def _turn(self, who: str) -> AsyncIterator[None]:
        if self._asking[who] >= self._in_line:
            raise _too_much()
        self._asking[who] += 1
        try:
            if self._asking[who] > _AT_ONCE:
                await self._join()
                begun = time.monotonic()
                try:
                    yield
                finally:
                    self._leave(time.monotonic() - begun)
            else:
                self._others_asked = time.monotonic()
                yield
        finally:
            self._asking[who] -= 1
            if not self._asking[who]:
                del self._asking[who]

    async def _join(self) -> None:
        try:
            async with asyncio.timeout(_LONGEST):
                await self._crowd.acquire()
        except TimeoutError:
            raise _too_much() from None

    def _leave(self, took: float) -> None:
        """Let the next of the crowd have its turn, after a rest where others are here."""
        alone = time.monotonic() - self._others_asked > _HERE
        rest = 0.0 if alone else min(_REST * took, _LONGEST_REST)
        asyncio.get_running_loop().call_later(rest, self._crowd.release)


def _too_much() -> TooMuchAtOnce:
    return TooMuchAtOnce("too much of yours is under way at once; try again in a second")
