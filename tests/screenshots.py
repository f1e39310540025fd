"""``python -m tests.screenshots FOLDER --archive demo.db``: pictures of the demo's pages, for the README.

Only of an archive that `onrecord demo` made: its press and regulator are invented.
"""

import argparse
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from storage import people
from storage.dates import utc_now
from storage.schema.crawl import runs
from storage.schema.links import links
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, serving

SIZE: Final = {"width": 1280, "height": 860}
NAME: Final = "Ada Moss"
QUIET: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def addresses(store: Store) -> dict[str, str]:
    """Which page each picture shows: the surest link, its provider, and the lists."""
    with store.reading() as connection:
        if connection.execute(sa.select(runs.c.id).where(runs.c.kind == "demo")).first() is None:
            sys.exit("pictures are made of the demo alone; `onrecord demo --once --archive demo.db` makes it")
        asserted = (links.c.status == "linked") & (links.c.level == "inspection")
        query = sa.select(links.c.article_id, links.c.provider_id).where(asserted, links.c.rank.is_(None))
        row = connection.execute(query.order_by(links.c.probability.desc(), links.c.article_id)).first()
    if row is None:
        sys.exit("the demo has no link to show; run `onrecord link` on it")
    return {
        "search": "/search?q=inadequate+kind:article",
        "article": f"/articles/{row.article_id}",
        "provider": f"/providers/{row.provider_id}",
        "review": "/review",
        "leads": "/leads",
    }


def take(served: Served, folder: Path) -> list[Path]:
    """One picture a page; the files."""
    with served.store.writing() as connection:
        held = {row.name: row.id for row in people.list_users(connection)}
        user = held.get(NAME) or people.add_user(connection, NAME, "operator", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIET))
        context = browser.new_context(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
        context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
        page = context.new_page()
        made = [
            _picture(page, served.url + path, folder / f"{name}.png")
            for name, path in addresses(served.store).items()
        ]
        browser.close()
    return made


def _picture(page: Page, address: str, file: Path) -> Path:
    answer = page.goto(address)
    if answer is None or not answer.ok:
        sys.exit(f"{address} does not answer, so that there is nothing to picture")
    with Image.open(BytesIO(page.screenshot())) as picture:  # a few colours do, at a quarter of the bytes
        picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(file, optimize=True)
    return file


def main() -> None:
    """Take the pictures and name them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--archive", type=Path, required=True, help="what `onrecord demo` made")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with Store.at(asked.archive, write=True) as store:
        with open_indexer(store) as indexer:
            indexer.catch_up()
        with serving(store) as served:
            for file in take(served, asked.folder):
                sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
