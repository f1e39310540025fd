"""Articles and their versions: one address is one article, and other words are another version."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from storage import barred, changes
from storage.addresses import canonical
from storage.batches import select_where_in
from storage.errors import NotFound
from storage.ids import digest_of, opaque_id
from storage.records import Article
from storage.schema.press import article_urls, article_versions, articles
from storage.subjects.kept_out import without_erased

Outcome = Literal["new", "new version", "unchanged", "barred"]

_FILLED_IN = ("byline", "published", "modified", "section", "agency")
"""What a later look at the same words may add, but never replace."""

# Built once: a crawl runs these for every page, and building one costs more than running it.
_MET = sa.select(article_urls.c.article_id).where(article_urls.c.url == sa.bindparam("url"))
_WITH_ID = sa.select(articles.c.id).where(articles.c.id == sa.bindparam("id"))
_INSERT, _INSERT_URL = sa.insert(articles), sa.insert(article_urls)
_INSERT_VERSION = sa.insert(article_versions)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of an article that was handed in."""

    article_id: str
    version: int
    outcome: Outcome


def save(
    connection: sa.Connection,
    article: Article,
    *,
    at: dt.datetime,
    capture_id: str | None = None,
    import_id: str | None = None,
    source_id: str | None = None,
) -> Saved:
    """Keep the article: new, a new version if title or text differ from the latest, or unchanged.

    One that was taken down is ``barred``: nothing of it is kept until the order is lifted.
    """
    if barred.among(connection, [article.url]):
        return Saved(article_id=_identify(article.url), version=0, outcome="barred")
    origin = {"capture_id": capture_id, "import_id": import_id, "learned_at": at}
    article_id = known(connection, article.url)
    if article_id is None:
        article_id = _identify(article.url)
        _insert(connection, article_id, article, source_id, at)
        _add_version(connection, article_id, 1, article, origin)
        return Saved(article_id=article_id, version=1, outcome="new")
    article = without_erased(connection, "article", article_id, article)
    latest = latest_version(connection, article_id)
    met_under(connection, article_id, [article.url])
    if latest.digest != digest(article):
        number, come_back = latest.number + 1, {} if latest.digest else _come_back(article)
        _refresh(connection, article_id, article, source_id, {"latest_version": number} | come_back)
        _add_version(connection, article_id, number, article, origin)
        return Saved(article_id=article_id, version=number, outcome="new version")
    _refresh(connection, article_id, article, source_id, {})
    _fill_in(connection, latest, article, at)
    return Saved(article_id=article_id, version=latest.number, outcome="unchanged")


def known(connection: sa.Connection, url: str) -> str | None:
    """The id of the article at an address, however it is spelled; None when there is none."""
    met = connection.execute(_MET, {"url": url}).scalar()
    if met is not None:
        return str(met)
    return connection.execute(_WITH_ID, {"id": _identify(url)}).scalar()


def find(connection: sa.Connection, reference: str, *, sealed: bool = False) -> str:
    """The article's id, from an id, an address or an ``external_id``; NotFound.

    One that is restricted is found by nobody but those who ask for what is ``sealed``.
    """
    ids = [id_ for id_ in (reference, known(connection, reference)) if id_]
    named = sa.or_(articles.c.id.in_(ids), articles.c.external_id == reference)
    query = sa.select(articles.c.id).where(named)
    if not sealed:
        query = query.where(articles.c.restriction.is_(None))
    by_name_alone = sa.case((articles.c.external_id == reference, 1), else_=0)
    newest = query.order_by(by_name_alone, articles.c.first_seen.desc(), articles.c.id)
    if (found := connection.execute(newest).scalar()) is None:
        raise NotFound(f"there is no article {reference!r}; give its id, its address or its external id")
    return str(found)


def addresses(connection: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The address of each article."""
    query = sa.select(articles.c.id, articles.c.url)
    return {row["id"]: row["url"] for row in select_where_in(connection, query, articles.c.id, ids)}


def imported_as(connection: sa.Connection, import_id: str, external_id: str) -> bool:
    """Whether an import gave a version of the article that bears this external id."""
    query = (
        sa.select(article_versions.c.id)
        .join(articles, articles.c.id == article_versions.c.article_id)
        .where(article_versions.c.import_id == import_id, articles.c.external_id == external_id)
    )
    return connection.execute(query).first() is not None


def met_under(connection: sa.Connection, article_id: str, urls: Iterable[str]) -> None:
    """Remember addresses under which the article was met; those of other articles stay theirs."""
    urls = list(urls)
    refused = barred.among(connection, urls)
    for url in urls:
        if url not in refused and not connection.execute(_MET, {"url": url}).first():
            connection.execute(_INSERT_URL, {"url": url, "article_id": article_id})


def gone(connection: sa.Connection, article_id: str, *, at: dt.datetime, reason: str) -> None:
    """Note that the outlet took the article down; its versions stay."""
    condition = (articles.c.id == article_id) & articles.c.gone_at.is_(None)
    marked = connection.execute(sa.update(articles).where(condition).values(gone_at=at, gone_reason=reason))
    if marked.rowcount:
        changes.note(connection, "article", [article_id], at)


def back(connection: sa.Connection, article_id: str, *, at: dt.datetime) -> None:
    """Note that an article which was gone is there again."""
    condition = (articles.c.id == article_id) & articles.c.gone_at.is_not(None)
    marked = connection.execute(sa.update(articles).where(condition).values(gone_at=None, gone_reason=None))
    if marked.rowcount:
        changes.note(connection, "article", [article_id], at)


def read_by(connection: sa.Connection, version_id: str, extractor: str) -> None:
    """Note that a newer extractor reads the same words in the bytes of a version."""
    this = article_versions.c.id == version_id
    connection.execute(sa.update(article_versions).where(this).values(extractor=extractor))


def latest_version(connection: sa.Connection, article_id: str) -> sa.Row[Any]:
    """The row of the article's newest version."""
    query = (
        sa.select(article_versions)
        .where(article_versions.c.article_id == article_id)
        .order_by(article_versions.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).one()


def digest(article: Article) -> str:
    """What tells one version from another: the title and the text."""
    return digest_of(f"{article.title or ''}\n\n{article.text}".encode())


def _identify(url: str) -> str:
    return opaque_id("article", canonical(url))


def _insert(
    connection: sa.Connection, article_id: str, article: Article, source_id: str | None, at: dt.datetime
) -> None:
    row = {
        "id": article_id,
        "url": article.url,
        "external_id": article.external_id,
        "source_id": source_id,
        "outlet": article.outlet,
        "latest_version": 1,
        "published": _iso(article),
        "first_seen": at,
    }
    connection.execute(_INSERT, row)
    connection.execute(_INSERT_URL, {"url": article.url, "article_id": article_id})


def _add_version(
    connection: sa.Connection, article_id: str, number: int, article: Article, origin: dict[str, Any]
) -> None:
    row = {field.name: getattr(article, field.name) for field in dataclasses.fields(Article)}
    for kept_elsewhere in ("url", "outlet", "external_id"):
        del row[kept_elsewhere]
    row |= {"published": _iso(article), "captions": list(article.captions), "digest": digest(article)}
    row |= {"id": opaque_id("version", article_id, number), "article_id": article_id, "number": number}
    connection.execute(_INSERT_VERSION, row | origin)
    changes.note(connection, "article", [article_id], origin["learned_at"])


def _refresh(
    connection: sa.Connection,
    article_id: str,
    article: Article,
    source_id: str | None,
    changed: dict[str, Any],
) -> None:
    """What the newest look says of the article itself; silence takes nothing away."""
    told = {"external_id": article.external_id, "source_id": source_id, "outlet": article.outlet}
    told |= {"published": _iso(article)} if changed else {}
    values = changed | {name: value for name, value in told.items() if value is not None}
    if values:
        connection.execute(sa.update(articles).where(articles.c.id == article_id).values(**values))


def _fill_in(connection: sa.Connection, latest: sa.Row[Any], article: Article, at: dt.datetime) -> None:
    told = {name: getattr(article, name) for name in _FILLED_IN} | {"published": _iso(article)}
    new = {name: value for name, value in told.items() if value and not latest._mapping[name]}
    if not new:
        return
    if "published" in new:
        new["published_from"] = article.published_from
        connection.execute(
            sa.update(articles).where(articles.c.id == latest.article_id).values(published=new["published"])
        )
    connection.execute(sa.update(article_versions).where(article_versions.c.id == latest.id).values(**new))
    changes.note(connection, "article", [latest.article_id], at)


def _come_back(article: Article) -> dict[str, Any]:
    """What makes an article of a tombstone again, whose takedown was lifted."""
    return {"url": article.url, "restriction": None}


def _iso(article: Article) -> str | None:
    return str(article.published) if article.published else None
