"""Linking what is in the store: reads the record and the articles, writes the links; no other file does."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from linker.errors import NothingToLinkAgainst
from linker.explain import waterfalls
from linker.gazetteer import Known
from linker.labels import Label, labels_of
from linker.linking import Linked, Linker
from linker.model import Model
from linker.outcome import links_of
from linker.reading import Reading
from linker.register import Inspection, Provider, Records, Register, Setting, with_previous
from storage import articles as stored_articles
from storage import changes, judgements, links, models
from storage.dates import PartialDate
from storage.schema.inspections import inspections, report_sentences, reports
from storage.schema.people import places
from storage.schema.press import article_versions, articles
from storage.schema.registers import ownerships, provider_names, providers, register_rows, settings, snapshots
from storage.store import Store

_BATCH = 100
_HELD: dict[str, Register] = {}
_SEEN: dict[str, int] = {}
"""By archive: its register in memory, and the change up to which that was read."""


def load_register(connection: sa.Connection) -> Register:
    """The whole record in memory; NothingToLinkAgainst in an archive without registers."""
    numbers: dict[str, int] = {}
    records = Records(
        settings=list(_settings(connection, numbers)),
        providers=list(_providers(connection)),
        places=list(_places(connection)),
        reports=list(_reports(connection)),
    )
    if not records.settings:
        raise NothingToLinkAgainst(
            "there is no register to link against; run `onrecord import register FILE --as-of DATE` first"
        )
    records.inspections = with_previous(list(_inspections(connection, numbers)))
    return Register(records)


def link_articles(
    store: Store, *, at: dt.datetime, everything: bool = False, only: Sequence[str] | None = None
) -> Iterator[tuple[str, list[Linked]]]:
    """Link what is new, or all, or the articles named by id; yields each article's id and mentions."""
    with store.reading() as connection:
        register = load_register(connection)
        waiting = only if only is not None else links.waiting(connection, everything=everything)
        model = model_in_use(connection)
    linker = Linker(register, model)
    with store.writing() as connection:
        models.keep(connection, _kept(model, {}), made_at=at)
    for begin in range(0, len(waiting), _BATCH):
        batch = waiting[begin : begin + _BATCH]
        with store.reading() as connection:
            readings = list(_readings(connection, batch))
        done = [(article, version, linker.link(reading)) for article, version, reading in readings]
        with store.writing() as connection:
            for article, version, linked in done:
                made = links_of(register, article, version, linked)
                links.save(connection, article, version, made, at=at, model_id=model.version)
        for article, _, linked in done:
            yield article, linked


def article_id(store: Store, reference: str) -> str:
    """The id of the article that an id, URL or external id names; NotFound."""
    with store.reading() as connection:
        return stored_articles.find(connection, reference)


def explain(store: Store, article: str) -> list[dict[str, Any]]:
    """Why a stored article links as it does: a waterfall a mention; nothing is written."""
    register = register_of(store)
    with store.reading() as connection:
        readings = [reading for _, _, reading in _readings(connection, [article])]
        linker = Linker(register, model_in_use(connection))
    return [waterfalls(register, one) for reading in readings for one in linker.link(reading)]


def link_text(
    store: Store, text: str, *, today: dt.date, title: str = "", published: str | None = None
) -> list[dict[str, Any]]:
    """What a text that is not stored would link to, a waterfall a mention; ValueError for no ISO date."""
    register = register_of(store)
    day = PartialDate.parse(published).span if published else None
    reading = Reading(title=title, text=text, published=day, latest=today)
    with store.reading() as connection:
        linker = Linker(register, model_in_use(connection))
    return [waterfalls(register, one) for one in linker.link(reading)]


def reading_given(article: Mapping[str, Any], *, today: dt.date) -> Reading:
    """An article as ``import articles`` takes it, without storing it; ValueError for no ISO date."""
    published = article.get("published")
    return Reading(
        title=article.get("title") or "",
        text=article.get("text") or "",
        published=PartialDate.parse(published).span if published else None,
        latest=today,
        outlet=article.get("outlet"),
    )


def model_in_use(connection: sa.Connection) -> Model:
    """The model that was fitted here and is in use, else the defaults."""
    kept = models.in_use(connection)
    return Model.stored(kept.name, kept.fitted_on, kept.weights, kept.calibration) if kept else Model()


def use_model(store: Store, model: Model, scores: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Keep a fitted model, and make links by it from now on."""
    with store.writing() as connection:
        models.keep(connection, _kept(model, scores), made_at=at, use=True)


def use_defaults(store: Store) -> None:
    """Make links by the weights that came with the program."""
    with store.writing() as connection:
        models.use_defaults(connection)


def judged(store: Store) -> list[tuple[Reading, Label]]:
    """The articles that people judged, with what they decided as labels."""
    with store.reading() as connection:
        labels = labels_of(judgements.standing(connection))
        readings = _readings(connection, [one.id for one in labels])
        read = {article: reading for article, _, reading in readings}
    return [(read[one.id], one) for one in labels if one.id in read]


def register_of(store: Store) -> Register:
    """The register in memory, read again only when the record has changed since."""
    place = str(store.place)
    with store.reading() as connection:
        kinds = ("setting", "provider", "inspection", "report", "place")
        seq = max((row.seq for row in changes.since(connection, _SEEN.get(place, 0), kinds)), default=0)
        if place not in _HELD or seq:
            _HELD[place] = load_register(connection)
            _SEEN[place] = changes.last(connection)
    return _HELD[place]


def _kept(model: Model, scores: Mapping[str, Any]) -> models.Kept:
    return models.Kept(
        version=model.version,
        name=model.name,
        fitted_on=model.fitted_on,
        weights=model.table,
        calibration=model.settled,
        scores=scores,
    )


def _settings(connection: sa.Connection, numbers: dict[str, int]) -> Iterator[Setting]:
    said = _over_time(connection)
    owned: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(ownerships.c.setting_id, ownerships.c.provider_id)):
        owned[row.setting_id].append(row.provider_id)
    for number, row in enumerate(connection.execute(sa.select(settings).order_by(settings.c.id))):
        numbers[row.id] = number
        authorities, counts = said.get(row.id, ([], []))
        yield Setting(
            id=row.id,
            urn=row.urn,
            regulator=row.regulator,
            kind=row.kind,
            name=row.name,
            authorities=_distinct([*authorities, row.local_authority]),
            region=row.region,
            constituency=row.constituency,
            places=_distinct([*counts, row.places]),
            sector=row.sector,
            provider=row.provider_id,
            owners=tuple(dict.fromkeys(owned[row.id])),
            registered=row.registered,
            closed=row.closed,
        )


def _over_time(connection: sa.Connection) -> dict[str, tuple[list[str], list[int]]]:
    """Every authority and number of places that registers gave a setting, oldest first."""
    query = (
        sa.select(register_rows.c.setting_id, register_rows.c.local_authority, register_rows.c.places)
        .join(snapshots, snapshots.c.id == register_rows.c.snapshot_id)
        .order_by(snapshots.c.as_of)
    )
    said: dict[str, tuple[list[str], list[int]]] = {}
    for setting, authority, count in connection.execute(query):
        held = said.setdefault(setting, ([], []))
        if authority and authority not in held[0]:
            held[0].append(authority)
        if count and count not in held[1]:
            held[1].append(count)
    return said


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    kept = [value for value in values if value]
    return tuple(value for number, value in enumerate(kept) if value not in kept[number + 1 :])


def _inspections(connection: sa.Connection, numbers: dict[str, int]) -> Iterator[Inspection]:
    for row in connection.execute(sa.select(inspections).order_by(inspections.c.id)):
        yield Inspection(
            id=row.id,
            setting=numbers[row.setting_id],
            kind=row.kind,
            first=row.first_day,
            last=row.last_day,
            published=row.published,
            grades=(row.overall, row.protection, row.leadership),
            capacity=row.capacity,
            provider=row.provider_id,
        )


def _providers(connection: sa.Connection) -> Iterator[Provider]:
    names: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(provider_names.c.provider_id, provider_names.c.name)):
        names[row.provider_id].append(row.name)
    for row in connection.execute(sa.select(providers.c.id, providers.c.name)):
        yield Provider(id=row.id, name=row.name, names=tuple(dict.fromkeys([row.name, *names[row.id]])))


def _places(connection: sa.Connection) -> Iterator[Known]:
    for row in connection.execute(sa.select(places).where(places.c.local_authority.is_not(None))):
        yield Known(name=row.name, kind=row.kind, authority=row.local_authority, region=row.region)


def _reports(connection: sa.Connection) -> Iterator[tuple[str, str, Sequence[tuple[int, int]]]]:
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    query = sa.select(report_sentences.c.report_id, report_sentences.c.start, report_sentences.c.end)
    for row in connection.execute(query.order_by(report_sentences.c.report_id, report_sentences.c.number)):
        spans[row.report_id].append((row.start, row.end))
    joined = sa.select(reports.c.id, reports.c.inspection_id, reports.c.text).where(
        reports.c.text.is_not(None), reports.c.inspection_id.is_not(None)
    )
    for row in connection.execute(joined):
        yield row.inspection_id, row.text, spans[row.id]


def _readings(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, int, Reading]]:
    query = (
        sa.select(articles.c.id, articles.c.outlet, articles.c.first_seen, article_versions)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(articles.c.id.in_(ids), article_versions.c.number == articles.c.latest_version)
    )
    for row in connection.execute(query).mappings():
        published = PartialDate.parse(row["published"]).span if row["published"] else None
        reading = Reading(
            title=row["title"] or "",
            text=row["text"],
            published=published,
            latest=row["first_seen"].date(),
            outlet=row["outlet"],
        )
        yield row["article_id"], row["number"], reading
