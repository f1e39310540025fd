"""Reading a story in a real Chromium: from the search to the report's own words and back, and on paper."""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from storage import people
from storage.dates import utc_now
from tests.archive.conftest import Served
from tests.archive.evidenced import evidenced
from tests.archive.test_browser import chromium

pytestmark = pytest.mark.browser
__all__ = ["chromium"]


@contextmanager
def opened(served: Served, browser: Browser, **how: object) -> Iterator[Page]:
    """A signed-in page that must stay silent and ask nobody else."""
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reviewer", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    context = browser.new_context(**how)  # type: ignore[arg-type]
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": served.url}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(served.url) else troubles.append(asked.url))
    yield page
    context.close()
    assert troubles == []


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_search_to_the_reports_words_and_back(
    served: Served, chromium: Browser, width: int, javascript: bool
) -> None:
    made = evidenced(served.world)
    served.index()
    how = {"viewport": {"width": width, "height": 800}, "java_script_enabled": javascript}
    with opened(served, chromium, **how) as page:
        page.goto(f"{served.url}/search?q=larkspur+outlet:harrow")
        page.locator(f'a[href^="/articles/{made.article}"]').first.click()
        expect(page.get_by_role("heading", name="Why")).to_be_visible()
        if javascript:
            sizes = page.locator(".record").evaluate("e => [e.scrollHeight, e.clientHeight]")
            assert sizes[0] <= sizes[1] + 1, "the panel neither scrolls inside itself nor is cut"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_text("The same in words").click()
        expect(page.get_by_text("By the operator it is 256 times likelier")).to_be_visible()
        page.get_by_role("link", name="Read it in the report").first.click()
        expect(page).to_have_url(f"{served.url}/inspections/{made.inspection}#{made.report}-0")
        expect(page.locator(".report-part mark").first).to_be_in_viewport()
        page.get_by_role("link", name="Harrow Herald").first.click()
        expect(page).to_have_url(f"{served.url}/articles/{made.article}")
        page.get_by_role("link", name="What changed").first.click()
        expect(page.locator(".diff ins")).to_have_text("inadequate.")
        if javascript:
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_evidence_sheet_prints_on_one_page(served: Served, chromium: Browser) -> None:
    made = evidenced(served.world)
    with opened(served, chromium) as page:
        page.goto(f"{served.url}/articles/{made.article}/sheet?mention=0")
        document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
        assert len(document) == 1
        printed = document[0].get_textpage().get_text_range()
    for told in ("Evidence sheet", made.page.record_digest, made.document.record_digest, "Together"):
        assert told in printed, told
    assert "Sign out" not in printed


def test_the_pack_comes_as_a_file(served: Served, chromium: Browser) -> None:
    made = evidenced(served.world)
    with opened(served, chromium) as page:
        page.goto(f"{served.url}/articles/{made.article}")
        with page.expect_download() as download:
            page.get_by_role("button", name="Evidence pack").click()
        assert download.value.suggested_filename == f"evidence-{made.article}.zip"
