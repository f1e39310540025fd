"""Which reading a judgement is and of which version, and what the linker says of a judged mention."""

import sqlalchemy as sa
from alembic import op

from storage.schema.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("reading", sa.Integer(), server_default="1", nullable=False))
    op.add_column("judgements", sa.Column("version", sa.Integer(), nullable=True))
    op.create_table(
        "linker_answers",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("mention", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("inspection_id", sa.String(), nullable=True),
        sa.Column("setting_id", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_linker_answers_{column}_{table}"),
                ondelete="SET NULL" if table == "models" else "CASCADE",
            )
            for column, table in (
                ("article_id", "articles"),
                ("inspection_id", "inspections"),
                ("setting_id", "settings"),
                ("provider_id", "providers"),
                ("model_id", "models"),
                ("origin", "articles"),
            )
        ),
        sa.PrimaryKeyConstraint("article_id", "mention", name=op.f("pk_linker_answers")),
    )
    for column in ("inspection_id", "setting_id", "provider_id", "model_id", "origin"):
        op.create_index(op.f(f"ix_linker_answers_{column}"), "linker_answers", [column], unique=False)
