"""The record and the articles as the store holds them, read into memory for the linker."""

import contextlib
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from linker.copies import Copy
from linker.errors import NothingToLinkAgainst
from linker.findings import Finding
from linker.gazetteer import Known
from linker.previous import previous_of
from linker.quotations import QuotationIndex
from linker.reading import Reading
from linker.register import Inspection, Provider, Records, Register, Setting
from linker.stored.findings import findings_of, read_findings
from linker.stored.reported import ids_in, stamps_of
from storage import aliases
from storage.batches import batches, select_where_in
from storage.dates import PartialDate
from storage.namings import Naming
from storage.schema.inspections import inspections, report_sentences, reports
from storage.schema.people import places
from storage.schema.press import article_versions, articles
from storage.schema.registers import ownerships, provider_names, providers, register_rows, settings, snapshots

_OF_SETTING = (
    *("id", "urn", "regulator", "kind", "name", "local_authority", "region", "constituency", "places"),
    *("sector", "provider_id", "registered", "closed"),
)
_OF_INSPECTION = (
    *("id", "setting_id", "kind", "first_day", "last_day", "published"),
    *("overall", "protection", "leadership", "capacity", "provider_id"),
)
"""What the linker reads of each: the other columns take as long again."""
_REPORTS = 200
"""Reports whose text is in memory at once."""


def load_register(
    connection: sa.Connection,
    quotations: QuotationIndex | None = None,
    findings: Mapping[str, Finding] | None = None,
) -> Register:
    """The whole record in memory; NothingToLinkAgainst in an archive without registers.

    ``quotations``, ``findings``: the index of its reports (``linker.stored.quotations``) and what else they
    say (``linker.stored.findings``); without them they are read of every report.
    """
    with _unswept():
        register = _read(connection, quotations, findings)
    gc.freeze()  # these stay: looking through them for garbage again and again takes a third of the time
    return register


@contextlib.contextmanager
def _unswept() -> Iterator[None]:
    """Without looking for garbage: there is none while records are read, and each look goes through all."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def _read(
    connection: sa.Connection,
    quotations: QuotationIndex | None,
    findings: Mapping[str, Finding] | None,
) -> Register:
    numbers: dict[str, int] = {}
    records = Records(
        settings=list(_settings(connection, numbers)),
        providers=list(_providers(connection)),
        places=list(_places(connection)),
        reports=reports_of(connection) if quotations is None else (),
        quotations=quotations,
    )
    if not records.settings:
        raise NothingToLinkAgainst(
            "there is no register to link against; run `onrecord import register FILE --as-of DATE` first"
        )
    records.inspections = list(_inspections(connection, numbers))
    told = dict(read_findings(connection, _held(connection))) if findings is None else findings
    records.findings = findings_of(told, records.inspections)
    return Register(records)


def copies(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Copy]:
    """The newest version of each article, as the linker reads it."""
    query = (
        sa.select(articles.c.id, articles.c.url, articles.c.outlet, articles.c.first_seen, article_versions)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(article_versions.c.number == articles.c.latest_version)
    )
    return {
        row["article_id"]: Copy(
            article_id=row["article_id"], version=row["number"], url=row["url"], reading=_reading(row)
        )
        for row in select_where_in(connection, query, articles.c.id, ids)
    }


def _reading(row: Mapping[str, Any]) -> Reading:
    return Reading(
        title=row["title"] or "",
        text=row["text"],
        published=PartialDate.parse(row["published"]).span if row["published"] else None,
        latest=row["first_seen"].date(),
        outlet=row["outlet"],
    )


def _settings(connection: sa.Connection, numbers: dict[str, int]) -> Iterator[Setting]:
    said = _over_time(connection)
    owned: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(ownerships.c.setting_id, ownerships.c.provider_id)):
        owned[row.setting_id].append(row.provider_id)
    query = sa.select(*(settings.c[name] for name in _OF_SETTING)).order_by(settings.c.id)
    for number, row in enumerate(connection.execute(query)):
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
    query = sa.select(*(inspections.c[name] for name in _OF_INSPECTION)).order_by(inspections.c.id)
    rows = connection.execute(query).all()
    before = previous_of([(numbers[row[1]], row[6], row[3] or row[4]) for row in rows])
    for row, previous in zip(rows, before, strict=True):  # each made once: there are tens of thousands
        id_, setting, kind, first, last, published, overall, protection, leadership, capacity, provider = row
        yield Inspection(
            id=id_,
            setting=numbers[setting],
            kind=kind,
            first=first,
            last=last,
            published=published,
            grades=(overall, protection, leadership),
            capacity=capacity,
            provider=provider,
            previous=previous,
        )


def _providers(connection: sa.Connection) -> Iterator[Provider]:
    names: dict[str, list[str]] = defaultdict(list)
    namings: dict[str, list[Naming]] = defaultdict(list)
    for row in connection.execute(sa.select(provider_names)):
        names[row.provider_id].append(row.name)
        if row.origin == "register" and row.first_seen and row.last_seen:
            one = Naming(name=row.name, first=row.first_seen, last=row.last_seen)
            namings[row.provider_id].append(one)
    brands = aliases.names(connection)
    for row in connection.execute(sa.select(providers.c.id, providers.c.name)):
        spelled = tuple(dict.fromkeys([row.name, *names[row.id]]))
        yield Provider(
            id=row.id,
            name=row.name,
            names=spelled,
            brands=tuple(brands.get(row.id, ())),
            namings=tuple(namings[row.id]),
        )


def _places(connection: sa.Connection) -> Iterator[Known]:
    for row in connection.execute(sa.select(places).where(places.c.local_authority.is_not(None))):
        yield Known(name=row.name, kind=row.kind, authority=row.local_authority, region=row.region)


def reports_of(connection: sa.Connection) -> Iterator[tuple[str, str, Sequence[tuple[int, int]]]]:
    """(inspection id, text, sentence spans) of the reports of all inspections."""
    yield from texts_of(connection, _held(connection))


def _held(connection: sa.Connection) -> list[str]:
    """The ids of the reports."""
    return ids_in(stamps_of(connection).values())


def texts_of(
    connection: sa.Connection, ids: Iterable[str]
) -> Iterator[tuple[str, str, Sequence[tuple[int, int]]]]:
    """(inspection id, text, sentence spans) of these reports."""
    for batch in batches(ids, _REPORTS):
        yield from _texts(connection, batch)


def _texts(
    connection: sa.Connection, ids: Sequence[str]
) -> Iterator[tuple[str, str, Sequence[tuple[int, int]]]]:
    sentences = sa.select(report_sentences.c.report_id, report_sentences.c.start, report_sentences.c.end)
    ordered = sentences.order_by(report_sentences.c.report_id, report_sentences.c.number)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for report, start, end in connection.execute(ordered.where(report_sentences.c.report_id.in_(ids))):
        spans[report].append((start, end))
    texts = sa.select(reports.c.id, reports.c.inspection_id, reports.c.text).where(reports.c.id.in_(ids))
    for report, inspection, text in connection.execute(texts):
        yield inspection, text, spans[report]
