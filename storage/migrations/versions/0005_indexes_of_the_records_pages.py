"""Indexes by which the pages of settings, providers, authorities and leads find links and inspections."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MADE = (
    ("ix_links_article_id_status", "links", ["article_id", "status", "rank"]),
    ("ix_links_inspection_id_status", "links", ["inspection_id", "status", "rank", "article_id"]),
    ("ix_links_setting_id_status", "links", ["setting_id", "status", "rank", "article_id"]),
    ("ix_links_provider_id_status", "links", ["provider_id", "status", "rank", "article_id"]),
    ("ix_links_answer_status", "links", ["answer", "status", "article_id"]),
    ("ix_inspections_setting_id_kind", "inspections", ["setting_id", "kind", "first_day", "overall"]),
    ("ix_inspections_overall_published", "inspections", ["overall", "published", "setting_id"]),
    ("ix_articles_source_id_first_seen", "articles", ["source_id", "first_seen"]),
)


def upgrade() -> None:
    for column in ("inspection_id", "setting_id", "provider_id", "status"):
        op.drop_index(f"ix_links_{column}", "links")
    for name, table, columns in _MADE:
        op.create_index(name, table, columns, unique=False)
