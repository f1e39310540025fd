"""A small archive: a register of invented homes, and articles about some of them."""

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from crawler.regulators.ofsted import OFSTED
from crawler.regulators.taking import File, take_register
from linker import run
from storage import articles, changes
from storage.dates import PartialDate
from storage.records import Article
from storage.schema.inspections import inspections, report_sentences, reports
from storage.schema.links import links
from storage.schema.press import articles as articles_table
from storage.store import Store
from tests import register_files
from tests.register_files import a_csv

AT = dt.datetime(2023, 5, 1, 9, tzinfo=dt.UTC)
_NAMES = ("bren", "tol", "wick", "mar", "fen", "dal", "hex", "orr", "pell", "sut", "vane", "quil", "gorse")
_MINUTES = itertools.count()


def a_home(number: int, **changed: str) -> dict[str, str]:
    """A row of a register; every home has an owner of its own."""
    first, second = _NAMES[number % 13], _NAMES[number // 13 % 13]
    owner = f"{first}{second} Care Limited".title()
    return register_files.a_home(number, **{"Organisation_which_owns_the_provider": owner, **changed})


def a_register(
    store: Store, rows: list[dict[str, str]] | None = None, day: dt.date = dt.date(2023, 3, 31)
) -> None:
    """Take a register of these rows, or of sixty invented homes."""
    content = a_csv(rows or [a_home(number) for number in range(1, 61)])
    take_register(store, File(name=f"{day}.csv", content=content, regulator=OFSTED, as_of=day), AT)


def told(home: Mapping[str, str], *, more: str = "") -> str:
    """What a paper prints of a home's last inspection, without its name."""
    return (
        f"A children's home in {home['Local authority']} run by"
        f" {home['Organisation which owns the provider']} was rated good by Ofsted after a visit on"
        f" {_spoken(home['Latest full inspection date'])}. The home, which cares for up to {home['Places']}"
        " children, cannot be named. Inspectors wrote that the children feel at ease with the staff and that"
        " their rooms are bright and cared for. Leaders were told to see to it that every worker is trained"
        f" before the spring. A spokesman for the firm said that the work had begun and that families had been"
        f" told of it. {more}"
    )


def save(store: Store, name: str, text: str, *, published: str | None = None, title: str = "") -> str:
    """Store an article of ``name.example``; its id."""
    article = Article(
        url=f"https://{name}.example/home",
        outlet=f"{name}.example",
        title=title,
        text=text,
        published=PartialDate.parse(published) if published else None,
    )
    with store.writing() as connection:
        return articles.save(connection, article, at=AT).article_id


def report(store: Store, number: int, text: str | None) -> None:
    """Store a report of the register's inspection of that number, or give it another text."""
    with store.writing() as connection:
        row = connection.execute(sa.select(inspections).order_by(inspections.c.id)).all()[number]
        id_ = f"report-{number}"
        connection.execute(sa.delete(report_sentences).where(report_sentences.c.report_id == id_))
        connection.execute(sa.delete(reports).where(reports.c.id == id_))
        said = {"id": id_, "inspection_id": row.id, "setting_id": row.setting_id, "text": text}
        same = {"regulator": "ofsted", "digest": id_, "kind": "full", "facts": {}}
        connection.execute(sa.insert(reports).values(**said, **same))
        changes.note(connection, "report", [id_], AT)


def link(store: Store, *, everything: bool = False) -> list[str]:
    """Link what waits, or all; the articles' ids."""
    at = AT + dt.timedelta(minutes=next(_MINUTES))
    return sorted(id_ for id_, _ in run.link_articles(store, at=at, everything=everything))


def decisions(store: Store) -> dict[str, tuple[Any, ...]]:
    """Of each article's address: level, answer, setting, inspection and provider of its first mention."""
    query = (
        sa.select(articles_table.c.url, links)
        .join(links, links.c.article_id == articles_table.c.id)
        .where(links.c.rank.is_(None), links.c.mention == 0, links.c.status != "withdrawn")
    )
    with store.reading() as connection:
        return {
            row.url: (row.level, row.answer, row.setting_id, row.inspection_id, row.provider_id)
            for row in connection.execute(query)
        }


def _spoken(day: str) -> str:
    return dt.datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=dt.UTC).strftime("%d %B %Y").lstrip("0")
