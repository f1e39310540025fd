"""The record in a real Chromium, with and without JavaScript: provider, timeline, inspection; a lead narrowed."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from storage import people
from storage.dates import utc_now
from tests.archive.conftest import Served
from tests.archive.test_browser import QUIET
from tests.archive.test_reading import linked

pytestmark = pytest.mark.browser
PAGES = (
    "/authorities",
    "/authorities/Bolton",
    "/outlets",
    "/outlets/Bolton%20Beacon",
    "/leads",
    "/dashboard",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


def opened(served: Served, chromium: Browser, width: int, *, javascript: bool) -> tuple[Page, list[str]]:
    """A page signed in as a reader, and what went wrong on it so far."""
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=javascript)
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
    page, troubles = context.new_page(), list[str]()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    return page, troubles


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_provider_by_its_years_to_an_inspection_and_to_a_lead(
    served: Served, chromium: Browser, width: int, javascript: bool
) -> None:
    _, _, inspection, provider = linked(served.world)
    other = served.world.setting("SC990012", provider=provider, local_authority="Bury")
    served.world.inspection(other, dt.date(2024, 2, 6))
    page, troubles = opened(served, chromium, width, javascript=javascript)
    page.goto(f"{served.url}/providers/{provider}")
    page.locator(f'svg.years a[href="/inspections/{inspection}"]').click()
    expect(page.get_by_role("heading", name="5 to 6 March 2024")).to_be_visible()
    page.go_back()
    page.locator("#timeline summary").press("Enter")
    page.get_by_role("region", name="Its years").get_by_role("link", name="Inadequate").first.click()
    expect(page).to_have_url(re.compile("/inspections/"))
    page.goto(f"{served.url}/leads")
    page.get_by_role("link", name="Inspections nobody covered").click()
    page.get_by_label("Published in").select_option("all")
    page.get_by_label("Authority").select_option("Bury")
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_role("link", name="SC990012")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "SC990012" in download.value.path().read_text()
    page.context.close()
    assert troubles == []


def test_no_page_of_the_record_sticks_out_of_a_telephone(served: Served, chromium: Browser) -> None:
    _, setting, _, provider = linked(served.world)
    page, troubles = opened(served, chromium, 390, javascript=True)
    for path in (f"/settings/{setting}", f"/providers/{provider}", "/leads/uncovered", *PAGES):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.context.close()
    assert troubles == []
