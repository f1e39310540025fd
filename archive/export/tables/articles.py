"""Articles in their latest version, as ``import articles`` takes them back."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from archive.export import changed
from archive.export.kinds import text, whole
from archive.export.tabled import Reading, Rows, Table, streamed
from storage.schema.crawl import sources
from storage.schema.press import article_versions, articles

_TEXT: Final = 5
WITHOUT_TEXT: Final = "articles are without their text, which their sources' terms show to nobody"
_QUERY: Final = (
    sa.select(
        articles.c.url,
        articles.c.outlet,
        article_versions.c.title,
        article_versions.c.byline,
        article_versions.c.published,
        article_versions.c.text,
        articles.c.external_id,
        articles.c.id,
        article_versions.c.number,
        sources.c.shown_to,
    )
    .join(
        article_versions,
        (article_versions.c.article_id == articles.c.id)
        & (article_versions.c.number == articles.c.latest_version),
    )
    .outerjoin(sources, sources.c.id == articles.c.source_id)
    .where(articles.c.restriction.is_(None))
    .order_by(articles.c.id)
)
_BARE: Final = _QUERY.with_only_columns(
    *(sa.null().label("text") if one.name == "text" else one for one in _QUERY.selected_columns)
)


def _read(reading: Reading) -> Rows:
    query = (_QUERY if reading.with_text else _BARE).where(changed.only(reading, articles.c.id, "article"))
    for batch in streamed(reading, query):
        texts = _allowed(reading, batch[_TEXT], batch[-1])
        yield [*batch[:_TEXT], texts, *batch[_TEXT + 1 : -1], (None,) * len(texts)]
    for gone in changed.held_back(reading):
        yield ARTICLES.gone({one["article_id"]: one for one in gone}.values())


def _allowed(
    reading: Reading, texts: Sequence[str | None], shown_to: Sequence[str | None]
) -> list[str | None]:
    """The texts whose sources' terms let the newsroom have them; the others are counted."""
    kept = [text if to != "nobody" else None for text, to in zip(texts, shown_to, strict=True)]
    refused = sum(text is not None and one is None for text, one in zip(texts, kept, strict=True))
    if refused:
        reading.refused[WITHOUT_TEXT] += refused
    return kept


ARTICLES: Final = Table(
    name="articles",
    told="Articles of the press, each in its latest version.",
    key="article_id",
    columns=(
        text("url", "the article's address", "press"),
        text("outlet", "the paper or broadcaster", "press"),
        text("title", "the headline", "press"),
        text("byline", "who wrote it", "press"),
        text("published", "ISO date, as exact as it is known: 2022, 2022-08, 2022-08-03", "press"),
        text("text", "its text, with `--with-text` and where the source's terms allow", "press"),
        text("id", "the id it was imported with", "import"),
        text("article_id", "the article's id here", "archive"),
        whole("version", "1, 2, …: grows when the text changes", "archive"),
        text("status", "empty; since a cursor also `restricted` or `erased`", "archive"),
    ),
    read=_read,
    facets=("outlet", "published"),
)
