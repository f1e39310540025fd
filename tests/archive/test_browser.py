"""The main journey in a real Chromium, with and without JavaScript: sign in, search, open a story."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from storage import people
from storage.dates import utc_now
from tests.archive.conftest import Served
from tests.archive.test_reading import linked

pytestmark = pytest.mark.browser
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_search_and_open_a_story(
    served: Served, chromium: Browser, width: int, javascript: bool
) -> None:
    linked(served.world)
    served.index()
    with served.store.writing() as connection:
        link = people.sign_in_link(connection, at=utc_now())
    page = chromium.new_page(viewport={"width": width, "height": 800}, java_script_enabled=javascript)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    page.goto(f"{served.url}/sign-in/{link}")
    page.get_by_label("Your name").fill("Ada Moss")
    page.get_by_role("button", name="Enter the archive").click()
    page.get_by_role("searchbox").first.fill("larkspur kind:article")
    page.get_by_role("button", name="Search").first.click()
    page.get_by_role("link", name="Children's home told to improve").click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    _follow_a_clue_and_back(page)
    if javascript:  # evaluate needs it
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"
    page.get_by_role("link", name="Children's home in Bolton").last.click()
    expect(page.get_by_role("heading", name="Inspections")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.close()
    assert troubles == []


def _follow_a_clue_and_back(page: Page) -> None:
    page.locator(".clue-number").first.click()
    expect(page).to_have_url(re.compile(r"#evidence-\d+$"))
    page.locator(".why-number").first.click()
    expect(page).to_have_url(re.compile(r"#clue-\d+$"))
