"""A regulator's sites, crawled: search to settings to reports, and the tables; joined in the archive."""

import datetime as dt
from collections import Counter

import sqlalchemy as sa

from crawler.orders import Order
from crawler.run import crawl
from onrecord.demo.server import serving
from onrecord.demo.web import web
from storage import captures
from storage.evidence import EvidenceFolder
from storage.schema.crawl import frontier
from storage.schema.inspections import inspection_claims, reports
from storage.schema.registers import imports
from storage.store import Store
from tests.engines import Address

AT = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def an_order(archive: Address, hosts: dict[str, str], *names: str) -> Order:
    return Order(
        archive=str(archive), sources=names, at=AT, hosts=hosts, modules=("tests.crawler.small_press",)
    )


def test_search_leads_to_settings_and_to_reports_with_their_evidence(archive: Address) -> None:
    with serving(web(), 0) as served:
        (first,) = crawl(an_order(archive, served.addresses, "small_reports"))
        (again,) = crawl(an_order(archive, served.addresses, "small_reports"))
    assert set(first.outcomes) == {"done"}
    assert (again.counts.fetched, again.counts.duplicate) == (1, 1)
    with Store.at(archive) as store, store.reading() as connection:
        kinds = Counter(connection.execute(sa.select(frontier.c.kind)).scalars())
        kept = connection.execute(sa.select(reports)).all()
        origins = connection.execute(
            sa.select(inspection_claims.c.inspection_id, inspection_claims.c.origin)
        ).all()
        assert kinds["search"] > 1, "the demo's search should have several pages"
        assert len(kept) == kinds["report"] > 10
        for report in kept:
            assert report.url.startswith("https://files.ofsted.example/v1/file/")
            pdf = EvidenceFolder(store.place.evidence).read(captures.get(connection, report.capture_id))
            assert pdf.startswith(b"%PDF-")
    said_by: dict[str, set[str]] = {}
    for row in origins:
        said_by.setdefault(row.inspection_id, set()).add(row.origin)
    of_reports = [who for who in said_by.values() if "report" in who]
    assert of_reports
    assert all("page" in who for who in of_reports), "a report's inspection stands on its setting's page too"


def test_tables_are_taken_as_what_they_are(archive: Address) -> None:
    with serving(web(), 0) as served:
        (first,) = crawl(an_order(archive, served.addresses, "small_tables"))
        (again,) = crawl(an_order(archive, served.addresses, "small_tables"))
    assert set(first.outcomes) == {"done"}
    assert again.outcomes == {"unchanged": 1}
    with Store.at(archive) as store, store.reading() as connection:
        taken = connection.execute(sa.select(imports.c.kind, imports.c.as_of)).all()
    assert {row.kind for row in taken} == {"register", "inspections"}
    assert len(taken) == first.counts.stored - 1  # and the page that links to them
