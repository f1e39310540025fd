"""The log of what the archive asserted, begun with what stands now."""

import sqlalchemy as sa
from alembic import op

from storage.schema.base import SEQUENCE, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STANDING = """
insert into assertions (
    at, article_id, mention, story, event, level, inspection_id, setting_id, provider_id, authority,
    probability, confirmed, suppressed, link_id, model_id
)
select
    l.decided_at, l.article_id, l.mention, a.story_id, 'asserted', l.level, l.inspection_id, l.setting_id,
    coalesce(i.provider_id, l.provider_id, s.provider_id), s.local_authority,
    l.probability, l.confirmed,
    exists (
        select 1 from corrections c
        where c.article_id = l.article_id and (c.mention is null or c.mention = l.mention)
        and c.suppressed and (c.decided_at is null or l.decided_at <= c.decided_at)
    ),
    l.id, l.model_id
from links l
join articles a on a.id = l.article_id
left join inspections i on i.id = l.inspection_id
left join settings s on s.id = l.setting_id
where l.rank is null and l.status = 'linked' and a.restriction is null
order by l.decided_at, l.article_id, l.mention
"""


def upgrade() -> None:
    op.create_table(
        "assertions",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("mention", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("level", "inspection_id", "setting_id", "provider_id", "authority")
        ),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("suppressed", sa.Boolean(), nullable=True),
        sa.Column("link_id", sa.String(), nullable=True),
        sa.Column("model_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assertions")),
        sqlite_autoincrement=True,
    )
    mention = ["article_id", "mention", "seq"]
    op.create_index("ix_assertions_article_id_mention", "assertions", mention, unique=False)
    for column in ("setting_id", "provider_id", "authority"):
        op.create_index(f"ix_assertions_{column}_seq", "assertions", [column, "seq"], unique=False)
    op.execute(sa.text(_STANDING))
