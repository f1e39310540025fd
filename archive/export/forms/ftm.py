"""FollowTheMoney: entities as JSON lines, for Aleph, OpenSanctions' tools and others that read them.

A provider is a Company or an Organization, a setting an Organization, neither with an address; an inspection
is an Event; an asserted link is a Documentation between its article and what the article is about. A natural
person is never an entity, nor what leads to one alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Final

import orjson

from archive import telling
from archive.export.about import About
from archive.export.tabled import Reading, Table, by_row
from storage.errors import UsageMistake

_Told = dict[str, Any]


def write(tables: Sequence[Table], reading: Reading, about: About, out: BinaryIO) -> int:
    """Write the entities of these tables; how many the first gave. UsageMistake without the library."""
    make = _maker()
    counts = []
    for table in reversed(tables):  # what others name comes first
        count = 0
        for batch in table.read(reading):
            for row in by_row(batch):
                for entity in _ENTITIES[table.name](dict(zip(table.names, row, strict=True))):
                    out.write(orjson.dumps(make(**entity), option=orjson.OPT_APPEND_NEWLINE))
                    count += 1
        counts.append(count)
    return counts[-1]


def _maker() -> Callable[..., _Told]:
    try:
        from followthemoney import model  # noqa: PLC0415  an extra, which few want
    except ImportError:
        raise UsageMistake(
            "followthemoney is not installed; `pip install 'onrecord[ftm]'` brings it (it needs ICU)"
        ) from None

    def make(schema: str, id_: str, **told: Any) -> _Told:
        entity = model.make_entity(schema)
        entity.id = id_
        for name, value in told.items():
            if value not in (None, "", []):
                entity.add(name, value)
        made: _Told = entity.to_dict()
        return made

    return make


def _provider(row: _Told) -> Iterator[_Told]:
    if row["natural_person"] or row["name"] is None:
        return
    company = row["company_number"]
    more = {"registrationNumber": company, "jurisdiction": "gb"} if company else {"country": "gb"}
    yield {
        "schema": "Company" if company else "Organization",
        "id_": row["provider_id"],
        "name": row["name"],
        "alias": [name for name in row["names"] if name != row["name"]],
        "sector": row["sector"],
        **more,
    }


def _setting(row: _Told) -> Iterator[_Told]:
    if row["urn"] is None:
        return
    kind = f"{row['kind'][:1].upper()}{row['kind'][1:]}"
    where = f" in {row['local_authority']}" if row["local_authority"] else ""
    yield {
        "schema": "Organization",
        "id_": row["setting_id"],
        "name": row.get("name") or f"{kind} {row['urn']}",
        "registrationNumber": row["urn"],
        "classification": row["kind"],
        "description": f"{kind}{where}",
        "status": row.get("status"),
        "incorporationDate": row.get("registered"),
        "dissolutionDate": row.get("closed"),
        "country": "gb",
    }


def _inspection(row: _Told) -> Iterator[_Told]:
    if row["urn"] is None:
        return
    judged = f": {row['overall']}" if row["overall"] else ""
    yield {
        "schema": "Event",
        "id_": row["inspection_id"],
        "name": f"{row['kind'][:1].upper()}{row['kind'][1:]} inspection of {row['urn']}{judged}",
        "startDate": row["first_day"],
        "endDate": row["last_day"],
        "involved": row["setting_id"],
        "summary": f"Judged {row['overall']}" if row["overall"] else None,
        "recordId": row.get("event_number"),
        "publisher": telling.regulator(row["regulator"]),
    }


def _article(row: _Told) -> Iterator[_Told]:
    if row["url"] is None:
        return
    yield {
        "schema": "Article",
        "id_": row["article_id"],
        "title": row["title"],
        "author": row["byline"],
        "publisher": row["outlet"],
        "publishedAt": row["published"],
        "sourceUrl": row["url"],
        "bodyText": row.get("text"),
    }


def _link(row: _Told) -> Iterator[_Told]:
    about = row[f"{row['level']}_id"] if row["status"] == "linked" else None
    if about is None:
        return
    by = "confirmed by a person" if row["confirmed"] else "matched by software, not checked"
    yield {
        "schema": "Documentation",
        "id_": row["link_id"],
        "document": row["article_id"],
        "entity": about,
        "role": by,
        "date": (row.get("decided_at") or row.get("decided_on") or "")[:10],
        "summary": f"probability {row['probability']:.4f}",
        "publisher": row["outlet"],
        "sourceUrl": row.get("article_url"),
    }


_ENTITIES: Final[dict[str, Callable[[_Told], Iterator[_Told]]]] = {
    "providers": _provider,
    "settings": _setting,
    "inspections": _inspection,
    "articles": _article,
    "links": _link,
}
