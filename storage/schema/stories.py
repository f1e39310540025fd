"""What makes articles one story: sketches, pairs found alike, people's decisions, facts that differ."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, metadata, refers, text

story_sketches = sa.Table(
    "story_sketches",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),  # the version that was compared with the others
)

story_bands = sa.Table(
    "story_bands",
    metadata,
    refers("article_id", "articles", index=False),
    sa.Column("band", sa.BigInteger, nullable=False, index=True),  # equal in texts that are likely alike
    sa.PrimaryKeyConstraint("article_id", "band"),
)

story_pairs = sa.Table(
    "story_pairs",
    metadata,
    refers("article_id", "articles", index=False),
    refers("other_id", "articles"),
    sa.Column("likeness", sa.Float, nullable=False),  # the share of the shorter text found in the longer
    sa.PrimaryKeyConstraint("article_id", "other_id"),
)

story_decisions = sa.Table(
    "story_decisions",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    text("decision", nullable=False),  # merge, split, undo
    sa.Column("articles", sa.JSON, nullable=False),
    sa.Column("others", sa.JSON, nullable=False),  # of a split: those they were parted from
    sa.Column("undoes", SEQUENCE),
    text("reason"),
    text("who", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

story_facts = sa.Table(
    "story_facts",
    metadata,
    refers("article_id", "articles", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    text("fact", nullable=False),  # operator, judgement, visit, capacity, residents …
    text("value", nullable=False),
    text("field", nullable=False),
    sa.Column("start", sa.Integer, nullable=False),  # code points of that field
    sa.Column("end", sa.Integer, nullable=False),
    text("text", nullable=False),
    sa.PrimaryKeyConstraint("article_id", "number"),
)

link_origins = sa.Table(
    "link_origins",
    metadata,
    sa.Column("link_id", sa.ForeignKey("links.id", ondelete="CASCADE"), primary_key=True),
    refers("article_id", "articles"),  # the copy of the story that the decision was made on
)
