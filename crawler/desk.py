"""What the spiders of one crawl share: archive, keeper, readers, courtesy, browser, and its rules."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from crawler.courtesy import Courtesy
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits
from crawler.keeping import Keeper
from crawler.scripted.browser import Browser
from storage.patience import patiently
from storage.store import Store

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """``at``: the moment of this crawl; ``told``: called as pages end."""

    store: Store
    keeper: Keeper
    pool: Pool
    courtesy: Courtesy
    browser: Browser
    at: dt.datetime
    told: Callable[[str, str], None] = lambda source, outcome: None

    async def take(self, function: Callable[[Store], T]) -> T:
        """Have a table taken into the archive, in a thread; again where the server went away meanwhile."""
        return await asyncio.to_thread(patiently, lambda: function(self.store), self.store.patience)

    async def read(
        self, function: Callable[..., T], content: bytes, *arguments: Any, limits: Limits | None = None
    ) -> T:
        """Run a reader in a child process; the reactor goes on meanwhile. Raises what the pool raises."""
        return await asyncio.wrap_future(self.pool.submit(function, content, *arguments, limits=limits))
