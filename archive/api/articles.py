"""Articles: the list, one with its text, versions, clues and links."""

from typing import Any, ClassVar, Final

import sqlalchemy as sa
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.linked import Evidence, Links, Mention, evidence_told, links_told
from archive.api.shapes import Id, Moment, Page, Paging, Published, Record, Text, page
from archive.reading.articles import ArticlePage, article_page
from archive.reading.stretches.press import article_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of


class ArticlesQuery(Paging):
    """Which articles."""

    outlet: Text | None = None
    source_id: Text | None = None
    story_id: Text | None = None


class ArticleLine(Record):
    """An article in a list, by its newest version."""

    id: Id
    url: str = Field(examples=["https://www.bolton-beacon.example/news/1"])
    external_id: str | None
    """What the file it was imported from called it."""
    source_id: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published: Published | None
    story_id: Id | None
    latest_version: int
    first_seen: Moment


class VersionLine(Record):
    """A version in an article's list."""

    number: int
    learned_at: Moment
    digest: str
    """SHA-256 of title and text."""


class Article(Record):
    """An article with its text, its links and their evidence."""

    id: Id
    url: str
    external_id: str | None
    outlet: str | None
    published: Published | None
    title: str | None
    byline: str | None
    text: str | None
    """Null where the outlet's terms do not let it be shown."""
    version: int
    versions: list[VersionLine]
    linked_version: int | None
    """The version that the links are of."""
    mentions: list[Mention]


class Version(Record):
    """One version of an article."""

    article_id: Id
    number: int
    title: str | None
    byline: str | None
    published: Published | None
    published_from: str | None
    """Where the date stood: page, feed, address or words."""
    section: str | None
    agency: str | None
    text: str | None
    """Null where the outlet's terms do not let it be shown."""
    digest: str
    learned_at: Moment
    modified: ClassVar[str] = "learned_at"


class Clue(Evidence):
    """A clue, and the mention it speaks of."""

    mention: int


def articles(request: Request, asked: ArticlesQuery) -> dict[str, Any]:
    """List articles."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    wanted = Stretch(after=cursors.text_place("articles", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        return page(request, "articles", article_stretch(connection, wanted), asked)


def article(request: Request, asked: Any) -> dict[str, Any]:
    """An article by id, external id or address, with its text, links and evidence."""
    with site_of(request).store.reading() as connection:
        return _told(_page(connection, request))


def versions(request: Request, asked: Any) -> dict[str, Any]:
    """The versions of an article."""
    with site_of(request).store.reading() as connection:
        return {"items": list(_page(connection, request).versions)}


def version(request: Request, asked: Any) -> dict[str, Any]:
    """One version of an article by its number."""
    number = request.path_params["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 7 and int(number)):
        raise HTTPException(404)
    with site_of(request).store.reading() as connection:
        shown = _page(connection, request, int(number))
    told = dict(shown.version._mapping)
    return told | {"text": told["text"] if shown.readable else None}


def clues(request: Request, asked: Any) -> dict[str, Any]:
    """Every clue that the article's links rest on, with the characters that carry it."""
    with site_of(request).store.reading() as connection:
        shown = _page(connection, request)
    return {
        "items": [
            evidence_told(line, readable=shown.readable) | {"mention": mention.decision.link.mention}
            for mention in shown.mentions
            for line in mention.evidence
        ]
    }


def links(request: Request, asked: Any) -> dict[str, Any]:
    """What the article is linked to, what else was considered, and what was withdrawn."""
    with site_of(request).store.reading() as connection:
        return links_told(_page(connection, request))


def told_of_article(shown: ArticlePage) -> dict[str, Any]:
    """An article with its text, links and evidence, as JSON takes it; the text where its terms allow it."""
    return Article.model_validate(_told(shown)).model_dump(mode="json")


def _told(shown: ArticlePage) -> dict[str, Any]:
    row, version = shown.article, shown.version
    return {
        "id": row.id,
        "url": row.url,
        "external_id": row.external_id,
        "outlet": row.outlet,
        "published": version.published,
        "title": version.title,
        "byline": version.byline,
        "text": version.text if shown.readable else None,
        "version": version.number,
        "versions": list(shown.versions),
        "linked_version": shown.linked_version,
        "mentions": links_told(shown)["mentions"],
    }


def _page(connection: sa.Connection, request: Request, number: int | None = None) -> ArticlePage:
    return article_page(connection, request.path_params["id"], number)


_ONE: Final = "/api/v1/articles/{id}"
ENDPOINTS: Final = (
    Endpoint(path="/api/v1/articles", answer=articles, takes=ArticlesQuery, gives=Page[ArticleLine]),
    Endpoint(path=_ONE, answer=article, gives=Article),
    Endpoint(path=f"{_ONE}/versions", answer=versions, gives=Page[VersionLine]),
    Endpoint(path=_ONE + "/versions/{number}", answer=version, gives=Version),
    Endpoint(path=f"{_ONE}/clues", answer=clues, gives=Page[Clue]),
    Endpoint(path=f"{_ONE}/links", answer=links, gives=Links),
)
