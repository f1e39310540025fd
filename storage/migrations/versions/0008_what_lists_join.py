"""Indexes that answer by themselves what every list asks of an article, and how many reports there are."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shown = ["id", "restriction", "published", "outlet"]
    op.create_index("ix_articles_id_restriction", "articles", shown, unique=False)
    op.drop_index("ix_reports_inspection_id", "reports")
    held = ["inspection_id", "restriction"]
    op.create_index("ix_reports_inspection_id_restriction", "reports", held, unique=False)
