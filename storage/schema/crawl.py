"""Sources, the frontier, captures of raw bytes, runs and what failed in them."""

import sqlalchemy as sa

from storage.schema.base import Moment, key, metadata, refers, text

sources = sa.Table(
    "sources",
    metadata,
    key(),  # the spider's name: a source is named by its file
    text("kind", nullable=False),  # news, register, reports
    text("title", nullable=False),
    text("regulator"),
    text("home"),
    text("area"),  # the outlet's patch: authorities, comma-separated
    text("terms"),
    text("shown_to", nullable=False, default="newsroom"),  # nobody, newsroom, public
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("next_due", Moment),
    sa.Column("interval_seconds", sa.Integer),
    sa.Column("usual", sa.JSON, nullable=False, server_default="{}"),  # counts the source usually gives
)

hosts = sa.Table(
    "hosts",
    metadata,
    key(),  # the host's name
    sa.Column("not_before", Moment, nullable=False),  # it asked to be left alone until then
)

alarms = sa.Table(
    "alarms",
    metadata,
    key(),
    refers("source_id", "sources"),
    text("kind", nullable=False),  # what is wrong: silent, start, pages, field, text
    text("what", nullable=False),  # of what: the start's address, the field's name; or empty
    text("reason", nullable=False),
    sa.Column("times", sa.Integer, nullable=False),  # runs in a row
    sa.Column("first_at", Moment, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("raised_at", Moment),  # null while it was seen only once
    sa.Column("settled_at", Moment),  # null while it lasts
)

runs = sa.Table(
    "runs",
    metadata,
    key(),
    text("kind", nullable=False),  # crawl, link, import, index …
    refers("source_id", "sources", nullable=True),
    sa.Column("started", Moment, nullable=False, index=True),
    sa.Column("ended", Moment),
    text("outcome"),  # done, failed, stopped; null while it goes on
    sa.Column("fetched", sa.Integer, nullable=False, server_default="0"),
    sa.Column("stored", sa.Integer, nullable=False, server_default="0"),
    sa.Column("duplicate", sa.Integer, nullable=False, server_default="0"),
    sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("detail", sa.JSON, nullable=False, server_default="{}"),
)

frontier = sa.Table(
    "frontier",
    metadata,
    key(),  # opaque id of source and canonical URL
    refers("source_id", "sources"),
    text("url", nullable=False),
    text("kind", nullable=False),  # feed, sitemap, listing, article, setting, report, register
    text("state", nullable=False),  # waiting, claimed, done, left (of no interest)
    sa.Column("due", Moment, nullable=False),
    sa.Column("depth", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    text("claimed_by"),  # the run that is fetching it
    sa.Column("found_at", Moment, nullable=False),
    text("found_on"),
    sa.Column("fetched_at", Moment),
    text("outcome"),  # crawler.outcomes: done, unchanged, gone, blocked …
    text("reason"),
    text("etag"),
    text("last_modified"),
    text("digest"),  # of the last body
    sa.Column(
        "hints", sa.JSON, nullable=False, server_default="{}"
    ),  # title, published as the feed gave them
    sa.Index("ix_frontier_source_state_due", "source_id", "state", "due"),
)

captures = sa.Table(
    "captures",
    metadata,
    key(),
    text("url", nullable=False, index=True),
    refers("source_id", "sources", nullable=True, on_delete="SET NULL"),
    refers("run_id", "runs", nullable=True, on_delete="SET NULL"),
    sa.Column("fetched_at", Moment, nullable=False),
    sa.Column("status", sa.Integer),
    text("content_type"),
    text("digest", nullable=False, index=True),  # SHA-256 of the body
    text("warc_file", nullable=False),
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    text("record_digest", nullable=False),  # SHA-256 of the compressed record, byte for byte
    text("record_type", nullable=False),  # response, revisit, resource, conversion
    sa.Column("truncated", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("tls_verified", sa.Boolean),
    sa.UniqueConstraint("warc_file", "offset"),
)

seals_due = sa.Table(
    "seals_due",
    metadata,
    key(),  # the capture's: it was erased, and the evidence store may still hold its bytes
    text("warc_file", nullable=False),
)

failures = sa.Table(
    "failures",
    metadata,
    key(),
    refers("run_id", "runs", nullable=True),
    refers("capture_id", "captures", nullable=True, on_delete="SET NULL"),
    text("what", nullable=False),  # the URL or file
    text("outcome", nullable=False),  # crawler.outcomes
    text("reason", nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
)
