"""People's judgements on links: append only; the newest of a mention holds until it is undone."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from storage.schema.inspections import inspections
from storage.schema.links import judgements
from storage.schema.registers import providers, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a person decided of a mention, in the words of a label; ``urn`` and ``day`` where they reach."""

    article_id: str
    mention: int
    decision: str
    urn: str | None
    day: str | None
    provider: str | None


def standing(connection: sa.Connection) -> Iterator[Judged]:
    """The judgement that holds for each mention, article by article."""
    newest = sa.select(sa.func.max(judgements.c.seq)).group_by(judgements.c.article_id, judgements.c.mention)
    owner = sa.func.coalesce(judgements.c.provider_id, inspections.c.provider_id, settings.c.provider_id)
    setting = sa.func.coalesce(judgements.c.setting_id, inspections.c.setting_id)
    query = (
        sa.select(judgements, settings.c.urn, inspections.c.first_day, providers.c.name)
        .outerjoin(inspections, inspections.c.id == judgements.c.inspection_id)
        .outerjoin(settings, settings.c.id == setting)
        .outerjoin(providers, providers.c.id == owner)
        .where(judgements.c.seq.in_(newest), judgements.c.decision != "undone")
        .order_by(judgements.c.article_id, judgements.c.mention)
    )
    for row in connection.execute(query):
        yield Judged(
            article_id=row.article_id,
            mention=row.mention,
            decision=row.decision,
            urn=row.urn,
            day=row.first_day and row.first_day.isoformat(),
            provider=row.name,
        )
