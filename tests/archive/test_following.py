"""Following over HTTP: the button's form, the list, and nothing that leads off the site."""

import httpx
import pytest

from archive.pages.following import address
from archive.site import Site
from storage.search.searching import SearchIndex
from tests.archive.conftest import Served, form_token

OURS = {"Sec-Fetch-Site": "same-origin"}


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    """Send one of the archive's forms."""
    token = form_token(client.get("/about").text)
    return client.post(path, data={"token": token, **form}, headers=OURS)


def test_a_provider_is_followed_listed_and_let_go(served: Served, reader: httpx.Client) -> None:
    provider = served.world.provider()
    said = {"what": "provider", "target": provider, "title": "Larkspur <b>Care</b>"}
    followed = post(reader, "/follow", **said)
    assert (followed.status_code, followed.headers["location"]) == (303, f"/providers/{provider}")
    page = reader.get("/following").text
    assert "Larkspur &lt;b&gt;Care&lt;/b&gt;" in page
    held = page.split('name="id" value="')[1].split('"')[0]
    assert post(reader, "/unfollow", id=held, **{"from": "list"}).headers["location"] == "/following"
    assert "Larkspur" not in reader.get("/following").text
    assert post(reader, "/unfollow", id=held).status_code == 404


def test_a_list_is_ones_own(served: Served, reader: httpx.Client) -> None:
    post(reader, "/follow", what="search", target="q=larkspur", title="larkspur")
    with served.client("operator") as other:
        assert "larkspur" not in other.get("/following").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"what": "child", "target": "x"}, 422),
        ({"what": "search", "target": ""}, 422),
        ({"what": "provider", "target": "nobody"}, 404),
    ],
)
def test_what_cannot_be_followed_is_told(
    served: Served, reader: httpx.Client, form: dict[str, str], status: int
) -> None:
    assert post(reader, "/follow", **form).status_code == status


def test_a_button_says_whether_one_follows(served: Served) -> None:
    site = Site(store=served.store, index=SearchIndex(served.store.place.index))
    macro = "{% import 'parts.html' as parts with context %}{{ parts.follow_button('search', 'q=x', 'x') }}"
    template = site.templates.from_string(macro)
    off = template.render(form_token="t", followed=lambda what, target: None)
    on = template.render(form_token="t", followed=lambda what, target: f"{what} {target}")
    assert 'action="/follow"' in off
    assert 'name="target" value="q=x"' in off
    assert 'action="/unfollow"' in on
    assert 'name="id" value="search q=x"' in on


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "../x\r\nSet-Cookie: a=b", "\\"]
)
def test_a_follow_leads_nowhere_else(target: str) -> None:
    for what in ("search", "provider", "lead"):
        there = address(what, target)  # type: ignore[arg-type]
        assert there.startswith(("/search?", "/providers/", "/leads/"))
        assert "\n" not in there
        assert "//" not in there
