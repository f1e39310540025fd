"""A queue to review: stories that the linker is not sure of, each with two candidates."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import httpx
import lxml.html
import sqlalchemy as sa

from storage.schema.links import judgements, links
from tests.archive.conftest import Served, form_token
from tests.archive.world import World, a_clue

TEXT = "A children's home in Bolton was rated inadequate in March. It is run by Larkspur Care."
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Scene:
    """The records, and the articles in the order in which the queue has them."""

    providers: tuple[str, str]
    settings: tuple[str, str]
    inspections: tuple[str, str]
    articles: tuple[str, ...]


def a_queue(world: World, stories: int = 3, **more: Any) -> Scene:
    """So many stories, the first the least sure: nothing asserted, or the first home's inspection."""
    providers = (world.provider("Larkspur Care Limited"), world.provider("Meadowsweet Homes Limited"))
    settings = tuple(
        world.setting(urn, provider=owner, local_authority=place)
        for urn, owner, place in zip(("SC990011", "SC990022"), providers, ("Bolton", "Bury"), strict=True)
    )
    inspections = tuple(
        world.inspection(home, dt.date(2024, 3, 5 + number), provider_id=providers[number])
        for number, home in enumerate(settings)
    )
    articles = []
    for number in range(stories):
        outlet = ("Bolton Beacon", "Bury Bugle")[number % 2]
        article = world.article(
            TEXT, title=f"Home number {number + 1} told to improve", outlet=outlet, **more
        )
        articles.append(article)
        sure = 0.55 + 0.4 * number / max(stories, 2)
        records = [
            {"inspection_id": visit, "setting_id": home, "provider_id": owner}
            for visit, home, owner in zip(inspections, settings, providers, strict=True)
        ]
        if number % 3 == 1:
            nothing = {"status": "none", "level": "none", "answer": "several_fit", "probability": 0.01}
            world.link(article, **nothing)
        else:
            world.link(article, probability=sure, **records[0])
        for rank, record in enumerate(records, 1):
            clue = a_clue("place", "Bolton", TEXT, "Bolton is the authority", 5.0 - rank)
            chance = sure if rank == 1 else (1 - sure) / 2
            world.link(article, rank=rank, status="candidate", probability=chance, evidence=(clue,), **record)
    return Scene(providers, settings, inspections, tuple(articles))  # type: ignore[arg-type]


def decision(served: Served, article: str) -> sa.Row[Any]:
    """The decision that stands on the article's first mention."""
    where = (links.c.article_id == article) & links.c.rank.is_(None) & (links.c.status != "withdrawn")
    with served.store.reading() as connection:
        return connection.execute(sa.select(links).where(where)).one()


def log(served: Served) -> list[sa.Row[Any]]:
    """Every judgement, oldest first."""
    with served.store.reading() as connection:
        return list(connection.execute(sa.select(judgements).order_by(judgements.c.seq)))


def post(client: httpx.Client, path: str, page: str, **form: str) -> httpx.Response:
    """Send the form of that page."""
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    sent = {"token": form_token(page), "seen": seen[1] if seen else ""} | form
    return client.post(path, data=sent, headers=OURS)


def judge(client: httpx.Client, article: str, value: str, query: str = "", **form: str) -> httpx.Response:
    """Open the item and decide."""
    path = f"/review/{article}/0{query}"
    return post(client, path, client.get(path).text, decision=value, **form)


def main_of(answer: httpx.Response) -> Any:
    """The main part of the page."""
    assert answer.status_code == 200, answer.text
    return lxml.html.fromstring(answer.text).get_element_by_id("main")


def words(answer: httpx.Response) -> str:
    """What the page's main part says."""
    return " ".join(" ".join(main_of(answer).itertext()).split())


def waiting(client: httpx.Client, query: str = "") -> list[str]:
    """The articles that the first page of the queue lists, in order."""
    found = main_of(client.get(f"/review{query}")).cssselect(".review-list a")
    return [link.get("href").split("/")[2] for link in found]
