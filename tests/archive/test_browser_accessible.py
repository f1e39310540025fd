"""Every page in a real Chromium, wide and narrow, light and dark: axe finds nothing, and nothing strays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from archive.public import Opening
from storage import people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, serving
from tests.archive.everywhere import Places, lived_in
from tests.archive.test_browser import chromium

pytestmark = pytest.mark.browser
__all__ = ["chromium"]  # the fixture
AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN: Final = """async () => (await axe.run({resultTypes: ['violations']})).violations.flatMap(
    one => one.nodes.map(node => one.id + ': ' + node.target.join(' ') + ' ' + node.html.slice(0, 120)))"""
LOOKS: Final = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
WIDER: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FAULTS: Final = ("/search?q=%22", "/search?q=nothingatall", "/nothing", "/operator/audit?verify=1")


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    """An archive whose public view is open, so that its pages are looked at too."""
    with open_indexer(store):
        pass
    with serving(store, opening=Opening(open=True)) as archive:
        yield archive


@pytest.fixture
def visitor(served: Served, chromium: Browser) -> Iterator[tuple[Page, Places, list[str]]]:
    """A page signed in as an operator, what the world holds, and whatever the browser complains of."""
    there = lived_in(served.store)
    served.index()
    with served.store.writing() as connection:
        user = people.find_user(connection, "Ada Moss")
        secret = people.start_session(connection, user, at=utc_now())
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    yield page, there, troubles
    context.close()


def pages(served: Served, page: Page, there: Places) -> list[str]:
    """An address of every route that shows a page: a download is none, and what leads on is seen there."""
    cookie = page.context.cookies()[0]
    found = []
    with httpx.Client(
        base_url=served.url, trust_env=False, cookies={cookie["name"]: cookie["value"]}
    ) as client:
        for route, path in there.looked_at.items():
            answer = client.get(path)
            assert answer.status_code in (200, 303), f"{route} at {path} answers {answer.status_code}"
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if is_page and answer.status_code == 200:
                found.append(path)
    return found


def test_no_page_has_a_barrier(served: Served, visitor: tuple[Page, Places, list[str]]) -> None:
    page, there, troubles = visitor
    barriers = []
    for path in (*pages(served, page, there), *FAULTS):
        page.goto(served.url + path)
        page.evaluate(AXE)
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            barriers += [f"{path} at {width}, {scheme}: {one}" for one in page.evaluate(RUN)]
            if page.evaluate(WIDER):
                barriers.append(f"{path} at {width} sticks out")
    refused = [one for one in troubles if "status of 4" not in one]  # Chromium logs every fault's status
    assert barriers == []
    assert refused == []


def test_the_keyboard_reaches_and_works_everything(
    served: Served, visitor: tuple[Page, Places, list[str]]
) -> None:
    page, _, troubles = visitor
    page.goto(served.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto(f"{served.url}/about")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))
        if reached[-1] == "Operator":
            break
    assert reached[-1] == "Operator", f"the menu comes before the page: {reached}"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sources and storage")
    page.get_by_role("button", name="Switch off Bolton Beacon").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Switch on Bolton Beacon")).to_be_visible()
    assert troubles == []


def test_on_paper_there_is_no_menu_and_no_button(
    served: Served, visitor: tuple[Page, Places, list[str]]
) -> None:
    page, there, _ = visitor
    page.goto(served.url + there.address("/articles/{id}"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    assert [button.inner_text() for button in page.get_by_role("button").all() if button.is_visible()] == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
