"""One lived-in archive with the API, for many asserts that only look."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa

from archive.api.endpoint import Endpoint
from archive.api.endpoints import ENDPOINTS
from archive.api.pace import Pace
from archive.public import Opening
from storage import people
from storage.dates import utc_now
from storage.schema.links import judgements, links
from storage.schema.press import articles
from storage.search.indexer import open_indexer
from tests.archive.conftest import Served, serving
from tests.archive.everywhere import GROUP, Places, lived_in
from tests.archive.world import NOW, World
from tests.engines import Fresh, opened


@dataclass(frozen=True)
class Lived:
    """A served archive, where things are in it, and a token of each role."""

    served: Served
    places: Places
    tokens: dict[str, str]
    ids: dict[str, str]

    def client(self, role: people.Role | None = "reader") -> httpx.Client:
        """A program with a token of that role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return httpx.Client(base_url=self.served.url, trust_env=False, timeout=60, headers=headers)

    def address(self, endpoint: Endpoint) -> str:
        """The endpoint's path with what is there in its places."""
        path = endpoint.path
        for name, value in self._values(path).items():
            path = path.replace(f"{{{name}:path}}", quote(value)).replace(f"{{{name}}}", quote(value))
        return path

    def _values(self, path: str) -> dict[str, str]:
        noun = path.split("/")[3 if "/public/" not in path else 4]
        names = {"groups": GROUP, "authorities": "Bolton", "outlets": "Harrow Herald", "leads": "uncovered"}
        told = {"id": self.ids.get(noun, "x"), "name": names.get(noun, "x"), "urn": "SC990011"}
        told |= {"regulator": "ofsted", "number": "1", "mention": "0", "seq": self.ids["judgements"]}
        return told | ({"id": self.ids["told"]} if "/public/stories" in path else {})


@pytest.fixture(scope="session")
def lived(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The archive; nothing in it may be changed."""
    with opened(fresh, tmp_path_factory.mktemp("lived")) as store:
        places = lived_in(store)
        world = World(store)
        world.made = 100  # beyond what made the rest
        world.setting("SC77", kind="fostering agency", name="Kestrel Fostering", name_withheld=False)
        world.setting("SC78", name="Canary Lodge", provider=world.provider("Larkspur Cares Limited"))
        world.provider("Sorrel House Limited", company_number="00000006")
        with open_indexer(store) as indexer:
            indexer.catch_up()
        ids = {"told": places.values["/public/stories/"][0], "stories": "story-1"}
        for noun in ("articles", "settings", "inspections", "reports", "providers"):
            ids[noun] = places.values[f"/{noun}/"][0]
        with store.writing() as connection:
            ids["judgements"] = str(_judged(connection, ids["articles"]))
            asserted = sa.select(links.c.id).where(
                links.c.rank.is_(None), links.c.article_id == ids["articles"]
            )
            ids["links"] = connection.execute(asserted).scalar_one()
            tokens = {
                role: people.issue(connection, "token", role, at=utc_now(), label=f"a {role}'s")
                for role in people.ROLES
            }
        opening = Opening(open=True, machine_links=True)
        with serving(store, opening=opening, pace=Pace(10_000_000)) as served:
            yield Lived(served, places, tokens, ids)


def _judged(connection: sa.Connection, article: str) -> int:
    row: dict[str, Any] = {"article_id": article, "mention": 0, "decision": "confirmed", "who": "Ada Moss"}
    row |= {"at": NOW, "shown": {}, "previous_hash": "", "hash": "0"}
    return int(connection.execute(sa.insert(judgements).values(**row)).inserted_primary_key[0])


def restricted_ids(lived: Lived) -> list[str]:
    """The articles that are held back."""
    with lived.served.store.reading() as connection:
        held = sa.select(articles.c.id).where(articles.c.restriction.is_not(None))
        return list(connection.scalars(held))


GETS = [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET" and not endpoint.token_in_path]
