"""People's judgements on links, in the order of the log; none on an article that an order holds back."""

from typing import Final

import sqlalchemy as sa

from archive.export import changed
from archive.export.kinds import day, moment, text, whole
from archive.export.tabled import Reading, Reference, Rows, Table, as_held, moments, streamed
from archive.export.tabled import day as day_of
from storage.schema.inspections import inspections
from storage.schema.links import judgements
from storage.schema.press import articles
from storage.schema.registers import providers, settings

_QUERY: Final = (
    sa.select(
        judgements.c.seq,
        articles.c.url,
        judgements.c.article_id,
        articles.c.external_id,
        judgements.c.mention,
        judgements.c.version,
        judgements.c.reading,
        judgements.c.decision,
        settings.c.regulator,
        settings.c.urn,
        day_of(sa.func.coalesce(inspections.c.first_day, inspections.c.last_day)),
        providers.c.name,
        judgements.c.reason,
        judgements.c.who,
        as_held(judgements.c.at),
        judgements.c.model_id,
        judgements.c.inspection_id,
        judgements.c.setting_id,
        judgements.c.provider_id,
        judgements.c.hash,
    )
    .join(articles, articles.c.id == judgements.c.article_id)
    .outerjoin(inspections, inspections.c.id == judgements.c.inspection_id)
    .outerjoin(settings, settings.c.id == judgements.c.setting_id)
    .outerjoin(providers, providers.c.id == judgements.c.provider_id)
    .where(articles.c.restriction.is_(None))
    .order_by(judgements.c.seq)
)


def _read(reading: Reading) -> Rows:
    query = _QUERY
    if reading.since is not None:
        number = sa.cast(judgements.c.seq, sa.String)
        new = number.in_(changed.of_kind(reading, "judgement"))
        query = query.where(new | judgements.c.article_id.in_(changed.of_kind(reading, "article")))
    for batch in streamed(reading, query):
        yield [*batch[:14], moments(batch[14]), *batch[15:], (None,) * len(batch[0])]
    for gone in changed.held_back(reading):
        of = {one["article_id"]: one["status"] for one in gone}
        yield JUDGEMENTS.gone({"article_id": id_, "status": status} for id_, status in of.items())


JUDGEMENTS: Final = Table(
    name="judgements",
    told="What people decided on links; the newest on a mention holds until it is undone.",
    key="seq",
    columns=(
        whole("seq", "its number in the log", "archive"),
        text("article_url", "the article's address", "press"),
        text("article_id", "the article, in `articles`", "archive"),
        text("external_id", "the id it was imported with", "import"),
        whole("mention", "0, 1, …: which setting the article describes", "linker"),
        whole("version", "which version of the text was read", "archive"),
        whole("reading", "1; 2 of a second reader's", "archive"),
        text("decision", "`confirmed`, `rejected`, `none`, … or `undone`", "reviewer"),
        text("regulator", "who inspects the setting", "register"),
        text("urn", "the setting's number with its regulator", "register"),
        day("inspection_date", "the day the register gives", "register"),
        text("provider", "who runs it, as registered", "register"),
        text("reason", "in the reviewer's words", "reviewer"),
        text("who", "who decided", "archive"),
        moment("at", "when", "archive", unit="UTC"),
        text("model", "the weights of the links they were shown", "archive"),
        text("inspection_id", "the inspection, in `inspections`", "archive"),
        text("setting_id", "the setting, in `settings`", "archive"),
        text("provider_id", "the provider, in `providers`", "archive"),
        text("hash", "of this row and the one before it", "archive"),
        text(
            "status", "empty; since a cursor also `restricted` or `erased`, of all on an article", "archive"
        ),
    ),
    read=_read,
    refers=(
        Reference(columns=("article_id",), table="articles", to=("article_id",)),
        Reference(columns=("inspection_id",), table="inspections", to=("inspection_id",)),
        Reference(columns=("setting_id",), table="settings", to=("setting_id",)),
        Reference(columns=("provider_id",), table="providers", to=("provider_id",)),
    ),
    facets=("decision", "who", "reading", "regulator"),
)
