"""Links: each mention's decision, then its candidates by rank, article by article.

Of an article that changed since a cursor every row is given; they stand in the place of those before.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from archive.export import changed, rights
from archive.export.kinds import day, flag, moment, number, records, text, whole
from archive.export.tabled import (
    Reading,
    Record,
    Reference,
    Rows,
    Table,
    as_held,
    flags,
    found,
    moments,
    streamed,
)
from archive.export.tabled import day as day_of
from archive.export.tables.coded import CODE, Codes
from archive.export.tables.known import Known
from archive.export.tables.named import Names
from storage.schema.inspections import inspections
from storage.schema.links import link_evidence, links
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings

EVIDENCE: Final = (
    text("clue", "kind of clue: operator, place, visit, quotation …", "linker"),
    text("field", "`title` or `text`: where in the article", "linker"),
    text("text", "the words, as far as the source's terms let them be given", "press"),
    whole("start", "first character in that field", "linker", unit="code points"),
    whole("end", "end in that field, exclusive", "linker", unit="code points"),
    text("value", "what the clue was read as", "linker"),
    text("told", "the comparison with the record, in words", "linker"),
    number("weight", "how much it speaks for the record; negative: against", "linker", unit="log2 of odds"),
)
_COLUMNS: Final = (
    text("article_url", "the article's address", "press"),
    text("article_id", "the article, in `articles`", "archive"),
    text("external_id", "the id it was imported with", "import"),
    whole("article_version", "which version of its text was read", "archive"),
    text("outlet", "the paper or broadcaster", "press"),
    text("published", "ISO date, as exact as it is known: 2022, 2022-08, 2022-08-03", "press"),
    text("title", "the headline of that version", "press"),
    whole("mention", "0, 1, …: which setting the article describes", "linker"),
    text("status", "`linked`, `candidate`, `none`, `withdrawn`; or `restricted`, `erased`", "linker"),
    text("answer", "of a decision: `asserted`, or why nothing is", "linker"),
    text("level", "`inspection`, `setting`, `provider`, `none`: as fine as is certain enough", "linker"),
    text("regulator", "who inspects the setting", "register"),
    text("urn", "the setting's number with its regulator", "register"),
    text("setting_kind", "what kind of setting it is", "register"),
    text("local_authority", "the authority it lies in", "register"),
    CODE,
    text("provider", "who runs it, as registered on the day", "register"),
    day("inspection_date", "the day the register gives", "register"),
    day("inspection_first", "first day of the inspection", "report"),
    day("inspection_last", "last day of the inspection", "report"),
    number("probability", "that it is right; of `none`, that no record is", "linker", unit="0 to 1"),
    whole("rank", "of a candidate: 1 is best", "linker"),
    records("evidence", "what in the article says so", "linker", of=EVIDENCE),
    text("decided_by", "`linker`, or who decided", "archive"),
    moment("decided_at", "when", "archive", unit="UTC"),
    text("model", "the weights it was made with", "linker"),
    flag("confirmed", "whether a person confirmed it", "archive"),
    text("inspection_id", "the inspection, in `inspections`", "archive"),
    text("setting_id", "the setting, in `settings`", "archive"),
    text("provider_id", "the provider, in `providers`", "archive"),
    text("link_id", "this row", "archive"),
)
_WHO_AND_WHEN: Final = ("provider_id", "inspection_date", "published", "provider")
_QUERY: Final = (
    sa.select(
        links.c.article_id,
        links.c.version.label("article_version"),
        links.c.mention,
        links.c.status,
        links.c.answer,
        links.c.level,
        links.c.probability,
        links.c.rank,
        links.c.decided_by,
        as_held(links.c.decided_at).label("decided_at"),
        links.c.model_id.label("model"),
        as_held(links.c.confirmed).label("confirmed"),
        links.c.inspection_id,
        links.c.setting_id,
        links.c.provider_id,
        links.c.id.label("link_id"),
    )
    .join(articles, articles.c.id == links.c.article_id)
    .where(articles.c.restriction.is_(None))
    .order_by(links.c.article_id, links.c.mention, sa.func.coalesce(links.c.rank, 0), links.c.id)
)
_ARTICLES: Final = sa.select(
    articles.c.id,
    articles.c.url.label("article_url"),
    articles.c.external_id,
    articles.c.outlet,
    articles.c.published,
    articles.c.source_id,
)
_SETTINGS: Final = sa.select(
    settings.c.id,
    settings.c.regulator,
    settings.c.urn,
    settings.c.kind.label("setting_kind"),
    settings.c.local_authority,
)
_INSPECTIONS: Final = sa.select(
    inspections.c.id,
    day_of(sa.func.coalesce(inspections.c.first_day, inspections.c.last_day)).label("inspection_date"),
    day_of(inspections.c.first_day).label("inspection_first"),
    day_of(inspections.c.last_day).label("inspection_last"),
)
_PROVIDERS: Final = sa.select(providers.c.id, providers.c.name.label("provider"))
_TITLES: Final = sa.select(article_versions.c.article_id, article_versions.c.number, article_versions.c.title)
_EVIDENCE: Final = sa.select(
    *(link_evidence.c[column.name] for column in EVIDENCE), link_evidence.c.link_id
).order_by(link_evidence.c.link_id, link_evidence.c.number)


def _read(reading: Reading) -> Rows:
    connection = reading.connection
    names, codes = Names(connection), Codes(connection)
    known = {
        "article_id": Known(connection, _ARTICLES),
        "setting_id": Known(connection, _SETTINGS),
        "inspection_id": Known(connection, _INSPECTIONS),
        "provider_id": Known(connection, _PROVIDERS),
    }
    for batch in streamed(reading, _QUERY.where(changed.only(reading, links.c.article_id, "article"))):
        told = dict(zip(_QUERY.selected_columns.keys(), batch, strict=True))
        for name, records_of in known.items():
            told |= records_of.of(told[name])
        told["title"] = _titles(connection, told["article_id"], told["article_version"])
        told["provider"] = names.on(*(told[name] for name in _WHO_AND_WHEN))
        told["authority_code"] = codes.of(told["local_authority"])
        told["evidence"] = _evidence(connection, told["link_id"], told["source_id"])
        told |= {"decided_at": moments(told["decided_at"]), "confirmed": flags(told["confirmed"])}
        yield [told[name] for name in LINKS.names]
    for gone in changed.held_back(reading):
        yield LINKS.gone(gone)


def _titles(connection: sa.Connection, ids: Sequence[str], versions: Sequence[int]) -> list[str | None]:
    held = found(connection, _TITLES, article_versions.c.article_id, set(ids))
    titles = {(id_, version): title for id_, version, title in held}
    return [titles.get(one) for one in zip(ids, versions, strict=True)]


def _evidence(
    connection: sa.Connection, ids: Sequence[str], sources: Sequence[str | None]
) -> list[list[Record]]:
    """The evidence of each link, with as much of the press's words as its source lets be given."""
    held: dict[str, list[Record]] = {id_: [] for id_ in ids}
    rows = found(connection, _EVIDENCE, link_evidence.c.link_id, ids)
    for row in rows:
        held[row[-1]].append(row[:-1])
    for id_, source in zip(ids, sources, strict=True):
        if source is not None:  # nobody's terms bind what the newsroom imported itself
            held[id_] = [rights.bound(one) for one in held[id_]]
    return list(held.values())


LINKS: Final = Table(
    name="links",
    told="What each article is about: the decision on each setting that it describes, and the candidates.",
    key="link_id",
    columns=_COLUMNS,
    read=_read,
    refers=(
        Reference(columns=("article_id",), table="articles", to=("article_id",)),
        Reference(columns=("inspection_id",), table="inspections", to=("inspection_id",)),
        Reference(columns=("setting_id",), table="settings", to=("setting_id",)),
        Reference(columns=("provider_id",), table="providers", to=("provider_id",)),
    ),
    facets=("status", "answer", "level", "outlet", "regulator", "local_authority", "confirmed"),
)
