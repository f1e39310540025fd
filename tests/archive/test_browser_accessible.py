"""Every page in a real Chromium, wide and narrow, light and dark: axe finds nothing, and nothing strays."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from archive.routes import ROUTES
from storage import people
from storage.dates import utc_now
from storage.ids import opaque_id
from tests.archive.conftest import Served
from tests.archive.test_browser import chromium
from tests.archive.test_following import post
from tests.archive.test_operating import crawled
from tests.archive.test_reading import linked

pytestmark = pytest.mark.browser
__all__ = ["chromium"]  # the fixture
AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN: Final = """async () => (await axe.run({resultTypes: ['violations']})).violations.flatMap(
    one => one.nodes.map(node => one.id + ': ' + node.target.join(' ') + ' ' + node.html.slice(0, 120)))"""
LOOKS: Final = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
WIDER: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def lived_in(served: Served) -> dict[str, str]:
    """A world with something on every page; what stands in the places of a route's path, by its beginning."""
    article, setting, inspection, provider = linked(served.world)
    crawled(served.store)
    served.index()
    with served.client("operator") as client:
        post(client, "/notes", what="article", about=article, text="Ring the council")
        post(client, "/follow", what="provider", target=provider, title="Larkspur Care Limited")
    return {
        "/articles": article,
        "/review": article,
        "/settings": setting,
        "/inspections": inspection,
        "/reports": opaque_id("report", inspection),
        "/providers": provider,
        "/authorities": "Bolton",
        "/outlets": "Bolton Beacon",
    }


def pages(there: dict[str, str]) -> list[str]:
    """An address for every route that people look at, then faults and empty states."""
    found = []
    for route in ROUTES:
        if "GET" not in (route.methods or ()) or route.path.startswith(("/api", "/static", "/sign-in/")):
            continue
        beginning = "/" + route.path.split("/")[1]
        filled = route.path.replace("{mention}", "0")
        found.append(re.sub(r"\{\w+(:path)?\}", there.get(beginning, "x"), filled, count=1))
    more = [
        "/search?q=larkspur",
        "/search?q=%22",
        "/search?q=nothingatall",
        "/nothing",
        "/operator/audit?verify=1",
    ]
    return [re.sub(r"\{\w+(:path)?\}", "x", path) for path in [*found, *more]]


@pytest.fixture
def visitor(served: Served, chromium: Browser) -> Iterator[tuple[Page, dict[str, str], list[str]]]:
    """A page signed in as an operator, what the world holds, and whatever the browser complains of."""
    there = lived_in(served)
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "operator", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    yield page, there, troubles
    context.close()


def shown(served: Served, page: Page, paths: list[str]) -> list[str]:
    """Those of the addresses that answer with a page; a download or a redirect is none."""
    cookie = page.context.cookies()[0]
    found = []
    with httpx.Client(
        base_url=served.url, trust_env=False, cookies={cookie["name"]: cookie["value"]}
    ) as client:
        for path in paths:
            answer = client.get(path)
            assert answer.status_code < 500, f"{path} broke"
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if is_page and "attachment" not in answer.headers.get("content-disposition", ""):
                found.append(path)
    return found


def test_no_page_has_a_barrier(served: Served, visitor: tuple[Page, dict[str, str], list[str]]) -> None:
    page, there, troubles = visitor
    barriers = []
    looked_at = shown(served, page, pages(there))
    assert len(looked_at) > 20
    for path in looked_at:
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
    served: Served, visitor: tuple[Page, dict[str, str], list[str]]
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
    page.get_by_role("button", name=re.compile("Switch off")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Switch on"))).to_be_visible()
    assert troubles == []


def test_on_paper_there_is_no_menu_and_no_button(
    served: Served, visitor: tuple[Page, dict[str, str], list[str]]
) -> None:
    page, there, _ = visitor
    page.goto(f"{served.url}/articles/{there['/articles']}")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    assert [button.inner_text() for button in page.get_by_role("button").all() if button.is_visible()] == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
