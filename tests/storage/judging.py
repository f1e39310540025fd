"""A few homes and linked articles to judge, and what stands on them afterwards."""

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa

from storage import articles, assertions, judgements, links
from storage.judgements import Judgement
from storage.records import Article, Evidence, Link
from storage.schema import inspections as official
from storage.schema import links as linking
from storage.schema import press, registers
from storage.store import Store

AT = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
TEXT = "A home in Fernlea was told to improve."


def at(hours: int) -> dt.datetime:
    """So many hours after the first run of the linker."""
    return AT + dt.timedelta(hours=hours)


def a_register(store: Store) -> None:
    """Two homes of two providers, one inspection each: p-1, s-1, i-1 and p-2, s-2, i-2."""
    with store.writing() as connection:
        for number in (1, 2):
            owner = {"id": f"p-{number}", "name": f"Fernlea Hearths {number} Ltd", "name_key": f"f {number}"}
            connection.execute(sa.insert(registers.providers).values(owner))
            home = {"id": f"s-{number}", "regulator": "ofsted", "urn": f"990000{number}"}
            kind = {"kind": "children's home", "provider_id": f"p-{number}"}
            connection.execute(sa.insert(registers.settings).values(home | kind))
            visit = {"id": f"i-{number}", "setting_id": f"s-{number}", "kind": "full", "disagreements": []}
            day = {"first_day": dt.date(2024, 5, number), "provider_id": f"p-{number}"}
            connection.execute(sa.insert(official.inspections).values(visit | day))


def an_article(store: Store, name: str = "a", text: str = TEXT, *, story: str | None = None) -> str:
    """A stored article, perhaps one copy of a story."""
    with store.writing() as connection:
        url = f"https://{name}.example/story"
        id_ = articles.save(connection, Article(url=url, text=text, outlet=name), at=AT).article_id
        if story:
            into_story(connection, id_, story)
    return id_


def into_story(connection: sa.Connection, article: str, story: str | None) -> None:
    """Make the article a copy of that story, or of none."""
    held = sa.select(press.stories.c.id).where(press.stories.c.id == story)
    if story and connection.execute(held).first() is None:
        connection.execute(sa.insert(press.stories).values(id=story, made_at=AT, made_by="linker"))
    connection.execute(sa.update(press.articles).where(press.articles.c.id == article).values(story_id=story))


def made(article: str, *, asserts: int | None = 1, version: int = 1, origin: str | None = None) -> list[Link]:
    """What the linker makes of an article: an assertion of home 1 or 2, or several that fit; two candidates."""

    def why(number: int) -> tuple[Evidence, ...]:
        told = f"Fernlea is where home {number} is"
        start, weight = TEXT.index("Fernlea"), 5.0 + number
        fixed = {"clue": "place", "field": "text", "text": "Fernlea", "value": "Fernlea"}
        return (Evidence(**fixed, start=start, end=start + 7, told=told, weight=weight),)

    common: dict[str, Any] = {"article_id": article, "version": version, "mention": 0, "origin": origin}
    candidates = [
        Link(
            **common,
            status="candidate",
            level="inspection",
            probability=0.9 - number / 10,
            rank=number,
            inspection_id=f"i-{number}",
            setting_id=f"s-{number}",
            provider_id=f"p-{number}",
            evidence=why(number),
        )
        for number in (1, 2)
    ]
    if asserts is None:
        several = {"status": "none", "level": "none", "answer": "several_fit", "probability": 0.1}
        return [Link(**common, **several, evidence=why(1)), *candidates]  # type: ignore[arg-type]
    best = candidates[asserts - 1]
    stated = dataclasses.replace(best, status="linked", answer="asserted", rank=None, margin=2.0)
    return [stated, *candidates]


def link(store: Store, article: str, hours: int = 0, **more: Any) -> bool:
    """Let the linker say what ``made`` says; whether anything changed."""
    with store.writing() as connection:
        told = made(article, **more)
        changed = links.save(connection, article, told[0].version, told, at=at(hours))
        assertions.follow(connection, [article], at(hours))
        return changed


def judge(store: Store, article: str, decision: str, hours: int = 1, **more: Any) -> int:
    """One judgement by a reviewer."""
    values: dict[str, Any] = {"who": "Ada Moss", "version": 1, "shown": {"order": ["i-2", "i-1"]}}
    with store.writing() as connection:
        said = Judgement(
            article_id=article,
            mention=0,
            decision=decision,  # type: ignore[arg-type]
            at=at(hours),
            **values | more,
        )
        return judgements.judge(connection, said)


def undo(store: Store, article: str, hours: int = 9, **more: Any) -> int:
    """Take the standing judgement back."""
    with store.writing() as connection:
        return judgements.undo(connection, (article, 0), who="Ada Moss", at=at(hours), **more)


def decision(store: Store, article: str) -> sa.Row[Any]:
    """The one decision that stands on the article."""
    table = linking.links
    where = (table.c.article_id == article) & table.c.rank.is_(None) & (table.c.status != "withdrawn")
    with store.reading() as connection:
        return connection.execute(sa.select(table).where(where)).one()


def withdrawn(store: Store, article: str) -> list[str | None]:
    """The inspections that were asserted once, oldest first."""
    table = linking.links
    where = (table.c.article_id == article) & (table.c.status == "withdrawn")
    query = sa.select(table.c.inspection_id).where(where).order_by(table.c.withdrawn_at, table.c.id)
    with store.reading() as connection:
        return list(connection.execute(query).scalars())


def told(store: Store, article: str) -> list[str]:
    """The evidence of the standing decision, in words."""
    table = linking.link_evidence
    query = sa.select(table.c.told).where(table.c.link_id == decision(store, article).id)
    with store.reading() as connection:
        return list(connection.execute(query).scalars())
