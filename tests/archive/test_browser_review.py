"""Reviewing in a real Chromium: ten stories by keyboard, one taken back; the same by plain forms."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from storage import audit, people
from storage.dates import utc_now
from tests.archive.conftest import Served
from tests.archive.reviewing import Scene, a_queue, decision, log
from tests.archive.test_browser import chromium as chromium  # noqa: PLC0414 (a fixture)

pytestmark = pytest.mark.browser
ITEM = re.compile(r"/review/article-\w+/0")


@pytest.fixture(params=[(1280, True), (390, True), (1280, False)], ids=["wide", "narrow", "without-scripts"])
def page(request: pytest.FixtureRequest, served: Served, chromium: Browser) -> Iterator[Page]:
    """A page of a signed-in reviewer; nothing may appear on its console, nor leave the host."""
    width, javascript = request.param
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reviewer", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=javascript)
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
    page, troubles = context.new_page(), []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    yield page
    context.close()
    assert troubles == []


def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the page of this test runs scripts."""
    return bool(request.node.callspec.params["page"][1])


def test_ten_stories_are_reviewed_and_one_taken_back(
    request: pytest.FixtureRequest, served: Served, page: Page
) -> None:
    scene = a_queue(served.world, 11)
    page.goto(f"{served.url}/review")
    if scripted(request):
        _by_keyboard(page, scene)
    else:
        _by_forms(page, scene)
    said = [row.decision for row in log(served)]
    kinds = ["none", "not_in_register", "several_fit", "not_about_a_setting"]
    assert said == ["confirmed", "undone", *["confirmed"] * 6, *kinds]
    with served.store.reading() as connection:
        assert audit.verify(connection)["judgements"].sound
    stands = [decision(served, article) for article in scene.articles]
    assert [row.decided_by for row in stands] == ["Ada Moss"] * 10 + ["linker"]
    assert [row.level for row in stands[:6]] == [
        *("inspection", "setting", "provider"),
        *("inspection", "inspection", "inspection"),
    ]
    page.goto(f"{served.url}/articles/{scene.articles[0]}")
    expect(page.get_by_text("Confirmed by a person").first).to_be_visible()


def _by_keyboard(page: Page, scene: Scene) -> None:
    page.keyboard.press("j")
    _arrived(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    expect(page.get_by_text("What the software says")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_text("choose that candidate")).to_be_visible()
    _press(page, "1", 2)
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.get_by_text("Kept:")).to_be_visible()
    page.keyboard.press("u")
    _arrived(page, 1)
    expect(page.get_by_text("What the software says").first).to_be_visible()
    page.keyboard.press("k")
    _arrived(page, 1)
    _press(page, "2", 2)
    page.locator("#reason").fill("1 s p u: typed, not pressed")
    page.locator("h1").click()
    for number, keys in enumerate(("s1", "p2", "1", "2", "i1", "n", "r", "m", "x"), 3):
        _press(page, keys, number)


def _press(page: Page, keys: str, number: int) -> None:
    for key in keys:
        page.keyboard.press(key)
    _arrived(page, number)


def _arrived(page: Page, number: int) -> None:
    expect(page).to_have_url(ITEM)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Home number {number} told to improve")


def _by_forms(page: Page, scene: Scene) -> None:
    page.get_by_role("link", name="Start reviewing").click()
    _arrived(page, 1)
    page.get_by_role("button", name="This inspection (candidate 1)").click()
    _arrived(page, 2)
    page.get_by_role("button", name="Take it back").click()
    _arrived(page, 1)
    buttons = (
        *("This inspection (candidate 2)", "This setting, inspection not sure (candidate 1)"),
        *("This provider, setting not sure (candidate 2)", "This inspection (candidate 1)"),
        *("This inspection (candidate 2)", "This inspection (candidate 1)"),
        *("None of these", "Not in the register", "Several fit", "Not about a setting"),
    )
    for number, name in enumerate(buttons, 2):
        page.get_by_label("Reason").fill("A reason.")
        page.get_by_role("button", name=name).click()
        _arrived(page, number)
    expect(page.get_by_text("Kept: Not about a setting")).to_be_visible()
