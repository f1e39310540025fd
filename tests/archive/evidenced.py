"""A linked story whose page and report are really kept: bytes in a WARC, sentences, copies and versions."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import articles, captures, sources
from storage.dates import PartialDate
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.records import Article, Capture, Source
from storage.schema import inspections as official
from storage.schema.press import articles as article_table
from storage.schema.press import stories
from storage.schema.stories import link_origins, story_facts
from storage.warc import Exchange
from tests.archive.world import NOW, World, a_clue

URL = "https://www.harrow-herald.example/news/children-not-safe"
PAGE = b"<html><script>alert(1)</script><p>Children are not kept safe at night.</p></html>"
PDF = b"%PDF-1.4 an invented report"
TEXT = (
    "A home run by Larkspur Care near SK4 3ZZ was judged inadequate.\n\n"
    "“Children are not kept safe at night,” inspectors wrote.\n\n"
    "They said “the manager has left and the leaders have not acted” on it."
)
REPORT = (
    "Children are not kept safe at night.\n\n"
    "The manager has left and leaders have not acted. Call 01632 960 123 for a copy."
)


@dataclass(frozen=True, kw_only=True)
class Evidenced:
    """What was made: ids, and the captures of the page and of the report."""

    article: str
    copy: str
    setting: str
    inspection: str
    report: str
    page: Capture
    document: Capture


def evidenced(world: World, **source: Any) -> Evidenced:
    """A story with a changed second version, a copy elsewhere, its record and its runner-up."""
    provider = world.provider("Larkspur Care Limited")
    setting, other = (world.setting(urn, provider=provider) for urn in ("SC990011", "SC990012"))
    inspection = world.inspection(
        setting, disagreements=[{"field": "overall", "values": {"table": "Good", "report": "Inadequate"}}]
    )
    report = world.report(setting, inspection, REPORT)
    page, document = _kept(world)
    with world.store.writing() as connection:
        declared = {
            "name": "harrow_herald",
            "kind": "news",
            "title": "Harrow Herald",
            "terms": "ask the desk",
        }
        sources.save(connection, Source(**(declared | source)))
        for text in (TEXT.replace("inadequate", "good"), TEXT):
            article = articles.save(
                connection, _article(URL, text), at=NOW, capture_id=page.id, source_id="harrow_herald"
            ).article_id
        copy = articles.save(
            connection, _article("https://kestrel-post.example/1", TEXT[:-7], "Kestrel Post"), at=NOW
        ).article_id
        _read(connection, report, document)
        _one_story(connection, [article, copy])
    whole = {"setting_id": setting, "provider_id": provider, "inspection_id": inspection}
    for id_, version in ((article, 2), (copy, 1)):
        _linked(world, id_, whole | {"version": version}, other)
    return Evidenced(
        article=article,
        copy=copy,
        setting=setting,
        inspection=inspection,
        report=report,
        page=page,
        document=document,
    )


def _article(url: str, text: str, outlet: str = "Harrow Herald") -> Article:
    return Article(
        url=url,
        text=text,
        title="Children “not safe” at home",
        outlet=outlet,
        published=PartialDate.parse("2024-04-19"),
        published_from="page",
    )


def _kept(world: World) -> tuple[Capture, Capture]:
    exchanges = [
        Exchange(url=URL, fetched_at=NOW, body=PAGE, status=200, content_type="text/html; charset=utf-8"),
        Exchange(
            url="https://reports.example/1",
            fetched_at=NOW,
            body=PDF,
            status=200,
            content_type="application/pdf",
        ),
    ]
    folder = EvidenceFolder(world.store.place.evidence)
    with folder.writer(at=NOW) as writer, writer.batch() as batch:
        made = [
            dataclasses.replace(batch.keep(one), source_id=None, content_type=one.content_type)
            for one in exchanges
        ]
        batch.sync()
        with world.store.writing() as connection:
            captures.save(connection, made)
    return made[0], made[1]


def _read(connection: sa.Connection, report: str, document: Capture) -> None:
    """Tie the report to its bytes, and cut it into sentences."""
    told = {"capture_id": document.id, "digest": digest_of(PDF)}
    connection.execute(sa.update(official.reports).where(official.reports.c.id == report).values(**told))
    for number, match in enumerate(re.finditer(r"[A-Z][^.]+\.", REPORT)):
        row = {"report_id": report, "number": number, "section": min(number, 1), "page": 2 + min(number, 1)}
        row |= {"start": match.start(), "end": match.end(), "text": match[0]}
        connection.execute(sa.insert(official.report_sentences).values(**row))


def _one_story(connection: sa.Connection, ids: list[str]) -> None:
    connection.execute(sa.insert(stories).values(id="story-1", made_at=NOW, made_by="linker"))
    for number, id_ in enumerate(ids):
        connection.execute(
            sa.update(article_table).where(article_table.c.id == id_).values(story_id="story-1")
        )
        fact = {"article_id": id_, "number": 0, "fact": "capacity", "value": str(4 + number), "field": "text"}
        connection.execute(sa.insert(story_facts).values(**fact, start=0, end=6, text=f"{4 + number} beds"))


def _linked(world: World, article: str, whole: dict[str, Any], other: str) -> None:
    quotation = "Children are not kept safe at night,"
    evidence = (
        a_clue("operator", "run by Larkspur Care near SK4 3ZZ", TEXT, "Larkspur Care Limited runs it", 8.0),
        a_clue("quotation", quotation, TEXT, "1 quotation in its report, in no other", 6.0),
        a_clue("judgement", "inadequate", TEXT, "judged inadequate", -2.0),
    )
    weaker = (a_clue("operator", "run by Larkspur Care", TEXT, "Larkspur Care Limited runs it", 8.0),)
    decision = world.link(article, evidence=evidence, **whole)
    world.link(article, rank=1, evidence=evidence, status="candidate", **whole)
    second = whole | {"setting_id": other, "inspection_id": None, "level": "setting", "status": "candidate"}
    world.link(article, rank=2, evidence=weaker, probability=0.02, **second)
    with world.store.writing() as connection:
        connection.execute(sa.insert(link_origins).values(link_id=decision, article_id=article))
