"""The captures that were erased and may still lie in the evidence store."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seals_due",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("warc_file", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals_due")),
    )
