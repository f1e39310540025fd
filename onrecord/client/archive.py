"""An archive as a program sees it: what is in it, and the record behind a text."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import quote

from archive.api.files import CURSOR, ROWS
from archive.export.exporting import file_name
from onrecord.client.listing import Listing, Maker, Row, frames
from onrecord.client.ways import InProcess, OverHttp, Way
from storage.errors import UsageMistake
from storage.store import Store

Table = Literal["links", "articles", "settings", "providers", "inspections", "judgements"]
Form = Literal["csv", "jsonl", "parquet", "ftm", "sqlite", "datapackage"]
_PAGE: Final = "200"
_API: Final = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What a file has, and the ``cursor`` to give as ``since`` for what changes from then on."""

    rows: int
    cursor: str


class Archive:
    """A connection to an archive; close it, or use it as a context."""

    def __init__(self, way: Way) -> None:
        self._way = way

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the archive."""
        self._way.close()

    def search(self, query: str, *, sort: str | None = None, **filters: str | list[str]) -> Listing:
        """Articles and reports that a query finds; filters as the search page has them."""
        asked = {"q": query, "size": "100", **filters} | ({"sort": sort} if sort else {})
        return Listing(lambda: self._hits(asked))

    def articles(self, **narrowed: str) -> Listing:
        """Articles, narrowed by outlet, source_id or story_id."""
        return self._list("articles", narrowed)

    def links(self, **narrowed: str) -> Listing:
        """Decisions and candidates, narrowed by status, level, urn, local_authority, provider_id …"""
        return self._list("links", narrowed)

    def settings(self, **narrowed: str) -> Listing:
        """Settings, narrowed by regulator, urn, kind, local_authority, region, provider_id or status."""
        return self._list("settings", narrowed)

    def providers(self, **narrowed: str) -> Listing:
        """Providers, narrowed by company_number, group_name or sector."""
        return self._list("providers", narrowed)

    def inspections(self, **narrowed: str) -> Listing:
        """Inspections, narrowed by setting_id, provider_id, kind, overall or event_number."""
        return self._list("inspections", narrowed)

    def judgements(self, **narrowed: str) -> Listing:
        """People's judgements, for reviewers."""
        return self._list("judgements", narrowed)

    def changes(self, since: str | None = None) -> Listing:
        """What changed, oldest first, each with the address (``next``) that goes on behind its page."""
        return Listing(lambda: self._changes(since))

    def article(self, reference: str) -> Row:
        """One article by id or external id, with its text, links and evidence; NotAnswered."""
        return self._way.get(f"{_API}/articles/{quote(reference, safe='')}", {})

    def setting(self, urn: str, regulator: str = "ofsted") -> Row:
        """One setting by its regulator and URN, with inspections, owners and coverage; NotAnswered."""
        return self._way.get(f"{_API}/settings/{quote(regulator, safe='')}/{quote(urn, safe='')}", {})

    def provider(self, id_: str) -> Row:
        """One provider by id, with its names and what it holds; NotAnswered."""
        return self._way.get(f"{_API}/providers/{quote(id_, safe='')}", {})

    def link_text(self, text: str, *, title: str = "", published: str | None = None) -> Row:
        """The record behind a text, with candidates, waterfalls and clues; nothing of it is kept."""
        body = {"text": text, "title": title} | ({"published": published} if published else {})
        return self._way.post(f"{_API}/link", body)

    def export(
        self,
        what: Table,
        out: str | Path,
        form: Form = "jsonl",
        *,
        since: str | None = None,
        with_text: bool = False,
    ) -> Exported:
        """Write a table to a file, streamed, whole or what changed since a cursor; NotAnswered.

        The file is there whole or not at all. ``with_text``: articles with their text, for operators.
        """
        params = ({"since": since} if since else {}) | ({"text": "1"} if with_text else {})
        path = Path(out)
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as file:
                told = self._way.download(file_name(what, form), params, file)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return Exported(rows=int(told[ROWS]), cursor=told[CURSOR])

    def frame(self, what: Table, *, since: str | None = None, maker: Maker | None = None) -> tuple[Any, str]:
        """An export as a data frame of pandas or polars, and the cursor to go on from; NoFrames."""
        make = frames(maker).read_parquet
        with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
            path = Path(folder) / "table.parquet"
            told = self.export(what, path, "parquet", since=since)
            return make(path), told.cursor

    def _list(self, noun: str, narrowed: dict[str, str]) -> Listing:
        return Listing(lambda: self._rows(f"{_API}/{noun}", {**narrowed, "limit": _PAGE}))

    def _rows(self, path: str | None, params: dict[str, str]) -> Iterator[Row]:
        while path:
            page = self._way.get(path, params)
            yield from page["items"]
            path, params = page["next"], {}

    def _hits(self, asked: dict[str, Any]) -> Iterator[Row]:
        number = pages = 1
        while number <= pages:
            found = self._way.get(f"{_API}/search", {**asked, "page": str(number)})
            yield from found["hits"]
            number, pages = number + 1, found["pages"]

    def _changes(self, since: str | None) -> Iterator[Row]:
        path, params = since or f"{_API}/changes", {} if since else {"limit": _PAGE}
        while (page := self._way.get(path, params))["items"]:
            yield from ({**one, "next": page["next"]} for one in page["items"])
            path, params = page["next"], {}


def connect(place: str | Path, *, token: str | None = None) -> Archive:
    """The archive at a web address, with a token; or the one in a file or a PostgreSQL database of one's own.

    NoArchive where there is none; a file needs no token, since whoever can read it can read all of it.
    """
    if str(place).startswith(("http://", "https://")):
        return Archive(OverHttp(str(place), token))
    if token is not None:
        raise UsageMistake("a token is for an archive at an address of http; a file needs none")
    return Archive(InProcess(Store.at(place)))
