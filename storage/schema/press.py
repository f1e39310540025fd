"""Articles, their versions and the stories they belong to."""

import sqlalchemy as sa

from storage.schema.base import Moment, key, metadata, refers, text

stories = sa.Table(
    "stories",
    metadata,
    key(),
    sa.Column("made_at", Moment, nullable=False),
    text("made_by", nullable=False),  # linker, or a person
)

articles = sa.Table(
    "articles",
    metadata,
    key(),
    text("url", nullable=False),
    text("external_id", index=True),
    refers("source_id", "sources", nullable=True, on_delete="SET NULL"),
    text("outlet", index=True),
    refers("story_id", "stories", nullable=True, on_delete="SET NULL"),
    sa.Column("latest_version", sa.Integer, nullable=False),
    text("published", index=True),  # of the latest version: an ISO date, perhaps partial, as given
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("gone_at", Moment),  # when the outlet took it down; the text stays
    text("gone_reason"),
    text("restriction"),  # null, restricted or taken down
    sa.UniqueConstraint("url"),
    sa.Index("ix_articles_source_id_first_seen", "source_id", "first_seen"),
    # What every list asks of the article that a link names, without reading the article.
    sa.Index("ix_articles_id_restriction", "id", "restriction", "published", "outlet"),
)

article_urls = sa.Table(
    "article_urls",
    metadata,
    sa.Column("url", sa.String, primary_key=True),  # every address it was met under
    refers("article_id", "articles"),
)

article_versions = sa.Table(
    "article_versions",
    metadata,
    key(),
    refers("article_id", "articles", index=False),
    sa.Column("number", sa.Integer, nullable=False),  # 1, 2, …
    text("title"),
    text("byline"),
    text("published"),
    text("published_from"),  # page, feed, address, words, none: how sure the date is
    text("modified"),
    text("section"),
    text("agency"),  # LDRS, PA …
    text("text", nullable=False),
    text("digest", nullable=False),  # of title and text
    sa.Column("captions", sa.JSON, nullable=False, server_default="[]"),
    refers("capture_id", "captures", nullable=True, on_delete="SET NULL"),
    refers("import_id", "imports", nullable=True, on_delete="SET NULL"),
    sa.Column("learned_at", Moment, nullable=False),
    text("extractor"),  # which extractor, at which version, made the text
    sa.UniqueConstraint("article_id", "number"),
)
