"""The browser: Chromium, driven by Playwright (the extra ``js``), without a network of its own.

It resolves no name and reaches no address; what a page asks for is answered by ``crawler.scripted.showing``,
or not at all. It starts for the first page, shows one at a time, and ends with its process.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from crawler.errors import Crashed, CrawlerError, NoBrowser, TooMuchMemory, TooSlow

if TYPE_CHECKING:
    from playwright.async_api import Browser as Running
    from playwright.async_api import BrowserContext, Playwright

T = TypeVar("T")

_KNOWN: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",  # addresses in numbers are mapped to nothing, too
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=256",  # MiB for the scripts of a page
    "--blink-settings=imagesEnabled=false",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NOWHERE: Final = "http://127.0.0.1:1"  # the proxy of whatever is not answered; its address is mapped as well
_SECONDS: Final = 90.0  # for a page with all it asks for, at the pace of its host
_CLOSING: Final = 5.0  # seconds; what has not closed by then is killed
_LOOKING: Final = 0.2  # seconds between two looks at its memory
_MOST_MEMORY: Final = 1 << 30  # bytes of all its processes; a page of a paper needs a third of it


class Browser:
    """One browser for all sources of a crawl. ``executable``: None for the Chromium that is found."""

    def __init__(
        self, executable: str | None = None, *, seconds: float = _SECONDS, most_memory: int = _MOST_MEMORY
    ) -> None:
        self._executable = executable or next(filter(None, map(shutil.which, _KNOWN)), None)
        self._seconds, self._most_memory = seconds, most_memory
        self._turn = asyncio.Lock()
        self._driver: Playwright | None = None
        self._running: Running | None = None
        self._process: int | None = None
        self._users: set[object] = set()
        self._fault: str | None = None

    @property
    def missing(self) -> str | None:
        """What has to be done before a page can be shown, in words; None where nothing has."""
        if find_spec("playwright") is None:
            return "needs JavaScript: install onrecord[js]"
        if self._executable is None:
            return "needs JavaScript: install Chromium, or name a browser (browser = in onrecord.toml)"
        if shutil.which(self._executable) is None:
            return f"needs JavaScript: there is no browser at {self._executable} (browser = in onrecord.toml)"
        return self._fault

    async def run(self, show: Callable[["BrowserContext"], Awaitable[T]], *, agent: str) -> T:
        """Show a page, in its turn and in a context of its own.

        NoBrowser; TooSlow, TooMuchMemory and Crashed, after which the next page has another browser.
        """
        async with self._turn:
            showing = asyncio.ensure_future(self._in_context(show, agent))
            try:
                return await self._watched(showing)
            except BaseException:
                showing.cancel()
                self.kill()
                raise

    def enter(self, user: object) -> None:
        """A source that may show pages; the browser stays until the last of them has left."""
        self._users.add(user)

    async def leave(self, user: object) -> None:
        """A source has ended."""
        self._users.discard(user)
        if not self._users:
            await self.close()

    async def close(self) -> None:
        """End browser and driver; what does not end by itself is killed."""
        running, driver = self._running, self._driver
        self._driver = None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_CLOSING):
                if running:
                    await running.close()
        self.kill()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_CLOSING):
                if driver:
                    await driver.stop()

    def kill(self) -> None:
        """End every process of the browser now, whatever it is doing."""
        leader, self._process, self._running = self._process, None, None
        if leader is None:
            return
        for process in (*_session(leader), leader):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    async def _in_context(self, show: Callable[["BrowserContext"], Awaitable[T]], agent: str) -> T:
        running = await self._started()
        try:
            context = await running.new_context(
                user_agent=agent, service_workers="block", accept_downloads=False, locale="en-GB"
            )
            shown = await show(context)
            await context.close()
        except CrawlerError:
            raise
        except Exception as error:  # whatever a page can do to a browser
            said = str(error).strip().split("\n", 1)[0] or type(error).__name__
            raise Crashed(f"the browser could not show it ({said})") from None
        return shown

    async def _watched(self, showing: "asyncio.Future[T]") -> T:
        ends = time.monotonic() + self._seconds
        while not showing.done():
            await asyncio.wait([showing], timeout=_LOOKING)
            if _memory(self._process) > self._most_memory:
                raise TooMuchMemory(f"its scripts need more than {self._most_memory >> 20} MiB")
            if time.monotonic() > ends:
                raise TooSlow(f"its scripts did not end within {self._seconds:.0f} seconds")
        return showing.result()

    async def _started(self) -> "Running":
        if self._running and self._running.is_connected():
            return self._running
        if said := self.missing:
            raise NoBrowser(said)
        from playwright.async_api import async_playwright  # noqa: PLC0415 - an extra, perhaps not installed

        try:
            self._driver = self._driver or await async_playwright().start()
            running = await self._driver.chromium.launch(
                executable_path=self._executable,
                chromium_sandbox=os.geteuid() != 0,  # Chromium has none for root
                proxy={"server": _NOWHERE},
                args=_FLAGS,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            self._running = running
            session = await running.new_browser_cdp_session()
            told = await session.send("SystemInfo.getProcessInfo")
        except Exception as error:
            said = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
            self._fault = f"needs JavaScript: {self._executable} does not start ({said})"
            raise NoBrowser(self._fault) from None
        self._process = next(int(one["id"]) for one in told["processInfo"] if one["type"] == "browser")
        return running


def _session(leader: int) -> Iterator[int]:
    """The processes of a session, as Linux tells them; elsewhere those that end with their leader."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[3]) == leader:
                yield int(stat.parent.name)


def _memory(leader: int | None) -> int:
    """Bytes that the processes of a session hold for themselves."""
    total = 0
    for process in _session(leader) if leader is not None else ():
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/status").read_text().splitlines():
                if line.startswith(("RssAnon:", "RssShmem:")):
                    total += int(line.split()[1]) << 10
    return total
