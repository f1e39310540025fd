"""Clients that ask a served archive for too much: as a process, ``python -m tests.archive.attackers URL SECONDS``.

Standard input names the sessions that they have, one a line, and then what each of them is: a name of ``KINDS``.
"""

import asyncio
import contextlib
import itertools
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

WORDS = ("home", "children", "staff", "care", "visit", "report", "inspector", "manager", "council", "safe")
PATHS = {
    "huge query": "/search?q=" + "a" * 20_000,
    "long query": "/search?q=" + "children+" * 400,
    "deep OR": "/search?q=" + "+OR+".join(f"{word}{n}" for n in range(6) for word in WORDS)[:900],
    "nested": "/search?q=" + "(" * 300 + "home" + ")" * 300,
    "beginnings": "/search?q=" + "+OR+".join(f"{word[:3]}*" for word in WORDS),
    "shortest beginnings": "/search?q=" + "+OR+".join(f"{word[:1]}*" for word in WORDS),
    "far page": "/search?q=home&page=1000000000",
    "last page": "/search?q=home&page=999999999&size=999999999",
    "far list": "/authorities?page=1000000000",
    "far in the API": "/api/v1/articles?limit=1000000000",
    "values": "/search/values?facet=provider&q=home+OR+children&page=1000000",
    "export": "/exports/articles.csv",
    "table": "/search.csv?q=home+OR+children+OR+care",
}
"""What is asked for again and again, by name."""
SLOW = ("slow headers", "slow body", "slow reader")
KINDS = (*PATHS, "huge body", "everything at once", *SLOW)
_PAUSE = 0.02  # seconds between two questions of one client, who has to be fair to nobody else
_Answer = tuple[str, int]


@dataclass(kw_only=True)
class Attack:
    """Clients of some kinds at a served archive; ``answers`` counts (kind, status), 0 for a lost connection."""

    url: str
    sessions: Sequence[str]
    answers: Counter[_Answer] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def by(self, kinds: Sequence[str], seconds: float) -> None:
        """Attack by one client of each kind named, for so long."""
        sessions = itertools.cycle(self.sessions)
        async with asyncio.TaskGroup() as group:
            for kind, session in zip(kinds, sessions, strict=False):
                group.create_task(self._client(kind, session))
            await asyncio.sleep(seconds)
            self.over.set()

    async def _client(self, kind: str, session: str) -> None:
        while not self.over.is_set():
            try:
                async with asyncio.timeout(30):
                    status = await self._ask(kind, session)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                status = 0
            self.answers[kind, status] += 1
            await asyncio.sleep(_PAUSE)

    async def _ask(self, kind: str, session: str) -> int:
        if kind == "huge body":
            return await self._answered("POST", "/sign-in", session, b"a" * 3_000_000)
        if kind == "everything at once":
            asked = [self._answered("GET", PATHS["deep OR"], session) for _ in range(10)]
            return max(await asyncio.gather(*asked))
        if kind in SLOW:
            return await self._slowly(kind, session)
        return await self._answered("GET", PATHS[kind], session)

    async def _answered(self, method: str, path: str, session: str, body: bytes = b"") -> int:
        """The status of an answer that is read to its end."""
        reader, writer = await self._opened()
        with contextlib.closing(writer):
            writer.write(
                self._head(method, path, session, f"Content-Length: {len(body)}", "Connection: close") + body
            )
            status = int((await reader.readline() or b"- 0").split()[1])
            with contextlib.suppress(ConnectionResetError):
                while await reader.read(2**18):
                    pass
        return status

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.url)
        return await asyncio.open_connection(parts.hostname, parts.port)

    def _head(self, method: str, path: str, session: str, *more: str) -> bytes:
        form = "Content-Type: application/x-www-form-urlencoded"
        named = (f"Host: {urlsplit(self.url).netloc}", f"Cookie: onrecord-session={session}", form)
        return "\r\n".join((f"{method} {path} HTTP/1.1", *named, *more, "", "")).encode()

    async def _slowly(self, kind: str, session: str) -> int:
        """Say or hear a little at a time; the status that came, 0 where none did."""
        reader, writer = await self._opened()
        with contextlib.closing(writer):
            if kind == "slow reader":
                writer.write(self._head("GET", "/exports/links.csv", session))
                said: Callable[[], Awaitable[bytes]] = lambda: reader.read(64)  # noqa: E731
            else:
                whole = self._head("POST", "/sign-in", session, "Content-Length: 9999")
                writer.write(whole if kind == "slow body" else whole[:-4])
                said = self._dripping(writer)
            got = b""
            while not self.over.is_set() and (more := await said()):
                got += more if len(got) < 64 else b""
                await asyncio.sleep(0.2)
        return int(got.split()[1]) if got.startswith(b"HTTP/") else 0

    def _dripping(self, writer: asyncio.StreamWriter) -> Callable[[], Awaitable[bytes]]:
        async def drip() -> bytes:
            writer.write(b"X")
            await writer.drain()
            return b"."

        return drip


def main() -> None:
    """Attack, and tell what was answered."""
    url, seconds = sys.argv[1:]
    sessions, kinds = (json.loads(sys.stdin.readline()) for _ in range(2))
    attack = Attack(url=url, sessions=sessions)
    asyncio.run(attack.by(kinds, float(seconds)))
    told = [[kind, status, times] for (kind, status), times in sorted(attack.answers.items())]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
