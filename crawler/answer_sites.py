"""The base of a regulator's API that answers in JSON: what changed, then each of those asked for by itself.

The key comes from the environment, or a file that it names, and goes to the API's own host alone: a redirect
is not followed.
"""

import datetime as dt
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.errors import Unreadable
from crawler.harvest import Gathered
from crawler.keys import key_of, wanting
from crawler.orders import Order
from crawler.outcomes import Verdict
from crawler.registers import KeptTable
from crawler.regulators.registry import regulator_named
from crawler.regulators.taking import File, read_in, take_inspections
from crawler.source import SourceSpider
from storage.frontier import Entry, Found

_LOOK_BACK = dt.timedelta(days=7)  # a run each week misses nothing; what is known already costs one request


class AnswerSite(SourceSpider):
    """One API. ``changes`` lists ids by page; ``things`` is where each is asked for."""

    kind: ClassVar[str] = "register"
    shown_to: ClassVar[str] = "public"
    api: ClassVar[str]
    changes: ClassVar[str]
    things: ClassVar[str]
    key_header: ClassVar[str]
    budget: ClassVar[int] = 20_000
    deepest: ClassVar[int] = 500  # pages of changes

    @classmethod
    def starts(cls) -> list[Found]:
        """The changes; ``starts_of`` says since when."""
        return [Found(url=urljoin(cls.api, cls.changes), kind="changes")]

    @classmethod
    def starts_of(cls, order: Order) -> list[Found]:
        """What changed in the last week, or since the day of the order."""
        since = dt.datetime.combine(order.since, dt.time(), dt.UTC) if order.since else order.at - _LOOK_BACK
        asked = {"startTimestamp": _stamp(since), "endTimestamp": _stamp(order.at), "page": 1, "perPage": 500}
        return [Found(url=f"{urljoin(cls.api, cls.changes)}?{urlencode(asked)}", kind="changes")]

    async def start(self) -> AsyncIterator[Request]:
        """Nothing without a key."""
        if self.needs_key and not key_of(self.needs_key):
            self.fault = f"it needs a key: {wanting(self.needs_key)}"
            return
        async for request in super().start():
            yield request

    def request(self, entry: Entry) -> Request:
        """With the key, and without following redirects, which would carry it elsewhere."""
        request = super().request(entry)
        request.headers[self.key_header] = (key_of(self.needs_key) if self.needs_key else None) or ""
        request.headers["Accept"] = "application/json"
        request.meta["dont_redirect"] = True
        return request

    async def read_changes(self, response: Response, entry: Entry) -> Gathered:
        """What changed, and the next page of it."""
        answer = await self.desk.read(read_answer, response.body)
        ids = [one for one in answer.get("changes", []) if isinstance(one, str)]
        found = [self._asked(f"{self.things}{one}", entry) for one in ids]
        following = answer.get("nextPageUri")
        if following and entry.depth < self.deepest:
            url = urljoin(self.api, str(following).removeprefix("/public/v1").lstrip("/"))
            found.append(Found(url=url, kind="changes", found_on=entry.url, depth=entry.depth + 1))
        if "changes" not in answer:
            return Gathered(verdict=Verdict(outcome="layout_changed", reason="the answer names no changes"))
        return Gathered(found=tuple(one for one in found if self.covers(one.url)))

    async def read_answer(self, response: Response, entry: Entry) -> Gathered:
        """What the regulator says of a setting, and where its provider is asked for."""
        assert self.regulator is not None
        answer = await self.desk.read(read_answer, response.body)
        file = File(
            name=response.url.rsplit("/", 1)[-1],
            content=response.body,
            regulator=regulator_named(self.regulator),
        )
        taken = await self.desk.take(
            partial(take_inspections, file=file, at=self.desk.at, read=read_in(self.desk.pool))
        )
        provider = answer.get("providerId") if "locationId" in answer else None
        found = (self._asked(f"providers/{provider}", entry),) if provider else ()
        return Gathered(keep=(KeptTable(taken=taken),), found=found)

    def _asked(self, path: str, entry: Entry) -> Found:
        """A thing to ask for, again whenever it is said to have changed."""
        return Found(
            url=urljoin(self.api, path),
            kind="answer",
            found_on=entry.url,
            depth=entry.depth + 1,
            hints={"modified": _stamp(self.desk.at)} if entry.kind == "changes" else {},
        )


def read_answer(content: bytes) -> dict[str, Any]:
    """A JSON object; Unreadable."""
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise Unreadable("the answer is no JSON object")
    return answer


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
