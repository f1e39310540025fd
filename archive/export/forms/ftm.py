"""FollowTheMoney: entities as JSON lines, for Aleph, OpenSanctions' tools and others that read them.

A provider is a Company or an Organization, a setting an Organization, neither with an address; an inspection
is an Event; an asserted link is a Documentation between its article and what the article is about. A natural
person is never an entity, nor what leads to one alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Final

import orjson
import sqlalchemy as sa

from archive import telling
from archive.export.about import About
from archive.export.tabled import Reading, Table, by_row
from storage.errors import UsageMistake
from storage.schema.registers import providers

_Told = dict[str, Any]


def write(tables: Sequence[Table], reading: Reading, about: About, out: IO[bytes]) -> int:
    """Write the entities of these tables; how many the first gave. UsageMistake without the library."""
    make, counts = _maker(), []
    people = _people(reading)
    entities = _ENTITIES | (_PUBLIC if about.public else {})
    for table in reversed(tables):  # what others name comes first
        count = 0
        for batch in table.read(reading):
            for row in by_row(batch):
                for entity in entities[table.name](dict(zip(table.names, row, strict=True))):
                    if entity.get("entity") not in people:
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


def _people(reading: Reading) -> frozenset[str]:
    """The providers that are natural persons; registers name few."""
    return frozenset(reading.connection.scalars(sa.select(providers.c.id).where(providers.c.natural_person)))


def _provider(row: _Told) -> Iterator[_Told]:
    if row.get("natural_person") or row["name"] is None:
        return
    company = row.get("company_number")
    more = {"registrationNumber": company, "jurisdiction": "gb"} if company else {"country": "gb"}
    yield {
        "schema": "Company" if company else "Organization",
        "id_": row["provider_id"],
        "name": row["name"],
        "alias": [name for name in row.get("names", ()) if name != row["name"]],
        "sector": row.get("sector"),
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
        "id_": row.get("inspection_id") or f"{row['setting_id']}-{row['kind']}-{row['first_day']}",
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
    yield {
        "schema": "Documentation",
        "id_": row["link_id"],
        "document": row["article_id"],
        "entity": about,
        "role": _matched(row),
        "date": row["decided_at"][:10],
        "summary": f"probability {row['probability']:.4f}",
        "publisher": row["outlet"],
        "sourceUrl": row["article_url"],
    }


def _public_link(row: _Told) -> Iterator[_Told]:
    """By the line that is composed of it: the headline and the address stay with the paper."""
    about = row["setting_id"] if row["level"] != "provider" else row["provider_id"]
    if row["status"] != "linked" or about is None:
        return
    where = {"publisher": row["outlet"]}
    article = {"schema": "Article", "id_": row["article_id"], "title": row["line"]}
    yield article | where | {"publishedAt": row["published"]}
    yield {
        "schema": "Documentation",
        "id_": f"{row['article_id']}-{row['mention']}",
        "document": row["article_id"],
        "entity": about,
        "role": _matched(row),
        "date": row["decided_on"],
        "summary": f"probability {row['probability']:.4f}",
    } | where


def _matched(row: _Told) -> str:
    return "confirmed by a person" if row["confirmed"] else "matched by software, not checked"


_ENTITIES: Final[dict[str, Callable[[_Told], Iterator[_Told]]]] = {
    "providers": _provider,
    "settings": _setting,
    "inspections": _inspection,
    "articles": _article,
    "links": _link,
}
_PUBLIC: Final = {"links": _public_link}
