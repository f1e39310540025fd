"""A small invented world, written straight into a store: providers, homes, inspections, press and links."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from storage import articles, assertions, changes
from storage.dates import PartialDate
from storage.ids import digest_of, opaque_id
from storage.records import Article
from storage.schema import inspections as official
from storage.schema import links as linking
from storage.schema import press, registers
from storage.schema.crawl import captures
from storage.store import Store

NOW = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)


class World:
    """Factories with defaults; each returns the id of what it made."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.made = 0

    def provider(self, name: str = "Larkspur Care Limited", **more: Any) -> str:
        id_ = opaque_id("provider", name)
        with self.store.writing() as connection:
            _insert(connection, registers.providers, id=id_, name=name, name_key=name.lower(), **more)
            _insert(
                connection,
                registers.provider_names,
                provider_id=id_,
                name=name,
                name_key=name.lower(),
                origin="register",
                first_seen=dt.date(2021, 3, 31),
                last_seen=dt.date(2024, 3, 31),
            )
            changes.note(connection, "provider", [id_], NOW)
        return id_

    def setting(self, urn: str = "SC990011", *, provider: str | None = None, **more: Any) -> str:
        id_ = opaque_id("setting", "ofsted", urn)
        facts: dict[str, Any] = {
            "kind": "children's home",
            "name_withheld": True,
            "local_authority": "Bolton",
            "region": "North West",
            "places": 4,
            "sector": "Private",
            "status": "Active",
            "registered": dt.date(2019, 5, 2),
        }
        with self.store.writing() as connection:
            values = {"id": id_, "regulator": "ofsted", "urn": urn, "provider_id": provider} | facts | more
            _insert(connection, registers.settings, **values)
            if provider:
                self._owned(connection, id_, provider)
            changes.note(connection, "setting", [id_], NOW)
        return id_

    def _owned(self, connection: sa.Connection, setting: str, provider: str) -> None:
        self.made += 1
        import_id = opaque_id("import", "register", self.made)
        _insert(
            connection,
            registers.imports,
            id=import_id,
            kind="register",
            file_name="register.csv",
            digest=digest_of(import_id.encode()),
            learned_at=NOW,
            rows_read=1,
            rows_kept=1,
            findings={},
        )
        _insert(
            connection,
            registers.ownerships,
            setting_id=setting,
            provider_id=provider,
            first_day=dt.date(2021, 3, 31),
            learned_from=import_id,
        )

    def inspection(
        self,
        setting: str,
        first: dt.date = dt.date(2024, 3, 5),
        *,
        overall: str | None = "Inadequate",
        **more: Any,
    ) -> str:
        id_ = opaque_id("inspection", setting, first, more.get("kind", "full"))
        facts = {
            "kind": "full",
            "first_day": first,
            "last_day": first + dt.timedelta(days=1),
            "published": first + dt.timedelta(days=40),
            "overall": overall,
            "protection": overall,
            "leadership": overall,
            "disagreements": [],
        }
        with self.store.writing() as connection:
            _insert(connection, official.inspections, **({"id": id_, "setting_id": setting} | facts | more))
            _insert(
                connection,
                official.inspection_claims,
                inspection_id=id_,
                origin="table",
                origin_id="import-of-a-table",
                first_day=first,
                overall=overall,
            )
            changes.note(connection, "inspection", [id_], NOW)
        return id_

    def report(self, setting: str, inspection: str, text: str = "", **more: Any) -> str:
        text = text or "Children are not kept safe at night.\n\nThe manager has left and leaders do not act."
        id_ = opaque_id("report", inspection)
        facts: dict[str, Any] = {
            "regulator": "ofsted",
            "urn": "SC990011",
            "digest": digest_of(text.encode()),
            "kind": "full",
            "first_day": dt.date(2024, 3, 5),
            "last_day": dt.date(2024, 3, 6),
            "published": dt.date(2024, 4, 14),
            "overall": "Inadequate",
            "facts": {"needs": "emotional and behavioural difficulties"},
            "text": text,
            "pages": 7,
            "file_name": "report.pdf",
        }
        with self.store.writing() as connection:
            values = {"id": id_, "inspection_id": inspection, "setting_id": setting} | facts | more
            _insert(connection, official.reports, **values)
            first, _, second = text.partition("\n\n")
            for number, (heading, start, end) in enumerate(
                (
                    ("How well children are helped and protected", 0, len(first)),
                    ("The effectiveness of leaders and managers", len(text) - len(second), len(text)),
                )
            ):
                _insert(
                    connection,
                    official.report_sections,
                    report_id=id_,
                    number=number,
                    heading=heading,
                    page=number + 2,
                    start=start,
                    end=end,
                )
            _insert(
                connection,
                official.requirements,
                report_id=id_,
                number=1,
                regulation=12,
                title="The protection of children standard",
                text="The registered person must ensure that staff are awake at night.",
                due=dt.date(2024, 5, 1),
                compliance_notice=True,
                page=4,
            )
            changes.note(connection, "report", [id_], NOW)
        return id_

    def article(self, text: str = "A children's home was told to improve.", **more: Any) -> str:
        self.made += 1
        facts: dict[str, Any] = {
            "url": f"https://www.bolton-beacon.example/news/{self.made}",
            "title": "Children's home told to improve",
            "outlet": "Bolton Beacon",
            "byline": "Rowan Ash",
            "published": PartialDate.parse("2024-04-19"),
            "published_from": "page",
        }
        with self.store.writing() as connection:
            capture = self._capture(connection)
            article = Article(text=text, **(facts | more))
            return articles.save(connection, article, at=NOW, capture_id=capture).article_id

    def story(self, articles: list[str]) -> str:
        """Make these articles the copies of one story."""
        id_ = opaque_id("story", *articles)
        with self.store.writing() as connection:
            _insert(connection, press.stories, id=id_, made_at=NOW, made_by="linker")
            for article in articles:
                connection.execute(
                    sa.update(press.articles).values(story_id=id_).where(press.articles.c.id == article)
                )
            changes.note(connection, "article", articles, NOW)
        return id_

    def _capture(self, connection: sa.Connection) -> str:
        id_ = opaque_id("capture", self.made)
        _insert(
            connection,
            captures,
            id=id_,
            url=f"https://www.bolton-beacon.example/news/{self.made}",
            fetched_at=NOW,
            status=200,
            content_type="text/html",
            digest=digest_of(id_.encode()),
            warc_file="2024/bolton-beacon-0001.warc.gz",
            offset=1024 * self.made,
            length=900,
            record_digest=digest_of(b"record" + id_.encode()),
            record_type="response",
        )
        return id_

    def link(
        self,
        article: str,
        *,
        evidence: tuple[dict[str, Any], ...] = (),
        mention: int = 0,
        rank: int | None = None,
        **more: Any,
    ) -> str:
        id_ = opaque_id("link", article, mention, rank)
        facts: dict[str, Any] = {
            "version": 1,
            "status": "linked",
            "answer": None if rank else "asserted",
            "level": "inspection",
            "probability": 0.97,
            "margin": 4.2,
            "decided_by": "linker",
            "decided_at": NOW,
        }
        with self.store.writing() as connection:
            values = {"id": id_, "article_id": article, "mention": mention, "rank": rank} | facts | more
            _insert(connection, linking.links, **values)
            for number, clue in enumerate(evidence):
                _insert(connection, linking.link_evidence, link_id=id_, number=number, **clue)
            changes.note(connection, "link", [id_], NOW)
            assertions.follow(connection, [article], NOW)
        return id_


def a_clue(clue: str, text: str, of: str, told: str, weight: float, *, field: str = "text") -> dict[str, Any]:
    """A row of evidence whose characters are where ``text`` first stands in ``of``."""
    start = of.index(text)
    return {
        "clue": clue,
        "field": field,
        "text": text,
        "start": start,
        "end": start + len(text),
        "value": text,
        "told": told,
        "weight": weight,
    }


def _insert(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    connection.execute(sa.insert(table).values(**values))
