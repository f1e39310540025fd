"""Links from articles to the record, their evidence, the models that made them, and people's judgements."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, key, metadata, refers, text

models = sa.Table(
    "models",
    metadata,
    key(),
    sa.Column("made_at", Moment, nullable=False),
    text("fitted_on", nullable=False),  # which labels and judgements, or "defaults"
    sa.Column("weights", sa.JSON, nullable=False),
    sa.Column("calibration", sa.JSON, nullable=False),
    sa.Column("scores", sa.JSON, nullable=False),
    sa.Column("in_use", sa.Boolean, nullable=False, server_default=sa.false()),
)

links = sa.Table(
    "links",
    metadata,
    key(),
    refers("article_id", "articles"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("mention", sa.Integer, nullable=False),
    sa.Column("rank", sa.Integer),  # of a candidate; null on the decision itself
    text("status", nullable=False),  # linked, candidate, none, withdrawn
    text("answer"),  # on the decision: asserted, several_fit, not_in_register …
    text("level", nullable=False),  # inspection, setting, provider, none
    refers("inspection_id", "inspections", nullable=True, index=False),
    refers("setting_id", "settings", nullable=True, index=False),
    refers("provider_id", "providers", nullable=True, index=False),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("margin", sa.Float),  # log2 odds over the runner-up
    text("decided_by", nullable=False),
    sa.Column("decided_at", Moment, nullable=False),
    refers("model_id", "models", nullable=True, on_delete="SET NULL"),
    sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("withdrawn_at", Moment),
    sa.Index("ix_links_article_id_mention", "article_id", "mention"),
    # None of the status alone: without statistics it is taken before all others, and reads half the table.
    sa.Index("ix_links_article_id_status", "article_id", "status", "rank"),
    sa.Index("ix_links_inspection_id_status", "inspection_id", "status", "rank", "article_id"),
    sa.Index("ix_links_setting_id_status", "setting_id", "status", "rank", "article_id"),
    sa.Index("ix_links_provider_id_status", "provider_id", "status", "rank", "article_id"),
    sa.Index("ix_links_answer_status", "answer", "status", "article_id"),
)

link_evidence = sa.Table(
    "link_evidence",
    metadata,
    refers("link_id", "links", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    text("clue", nullable=False),  # the kind of clue: operator, place, visit, quotation …
    text("field", nullable=False),  # title or text
    text("text", nullable=False),
    sa.Column("start", sa.Integer),  # code points of that field
    sa.Column("end", sa.Integer),
    text("value"),
    text("told", nullable=False),  # the comparison in words, for readers
    sa.Column("weight", sa.Float, nullable=False),  # log2; negative counts against
    sa.PrimaryKeyConstraint("link_id", "number"),
)

judgements = sa.Table(
    "judgements",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    refers("article_id", "articles", on_delete="NO ACTION"),
    sa.Column("mention", sa.Integer, nullable=False),
    text("decision", nullable=False),  # storage.judgements.Decision
    refers("inspection_id", "inspections", nullable=True, on_delete="NO ACTION", index=False),
    refers("setting_id", "settings", nullable=True, on_delete="NO ACTION", index=False),
    refers("provider_id", "providers", nullable=True, on_delete="NO ACTION", index=False),
    text("reason"),
    text("who", nullable=False),
    sa.Column("at", Moment, nullable=False),
    text("model_id"),
    sa.Column("shown", sa.JSON, nullable=False),  # what the person saw when deciding
    text("previous_hash", nullable=False),
    text("hash", nullable=False),
    sa.Column(
        "reading", sa.Integer, nullable=False, server_default="1"
    ),  # 2: a second reader's, for agreement
    sa.Column("version", sa.Integer),  # of the article's text that was read
)

linker_answers = sa.Table(
    "linker_answers",  # what the linker says of a mention that a person judged: it stands when that is undone
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("mention", sa.Integer, primary_key=True),
    text("status", nullable=False),
    text("answer"),
    text("level", nullable=False),
    refers("inspection_id", "inspections", nullable=True),
    refers("setting_id", "settings", nullable=True),
    refers("provider_id", "providers", nullable=True),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("margin", sa.Float),
    sa.Column("decided_at", Moment, nullable=False),
    refers("model_id", "models", nullable=True, on_delete="SET NULL"),
    refers("origin", "articles", nullable=True),
)
