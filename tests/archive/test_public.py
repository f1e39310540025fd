"""The public view: closed at first, then composed lines on confirmed links, and never a word of the press."""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import lxml.html
import pytest
import sqlalchemy as sa

from archive.public import Opening, Story, answer
from archive.reading import public, public_records
from archive.routes import ROUTES
from storage import audit, corrections, orders
from storage.schema.press import article_versions
from storage.schema.registers import settings
from storage.schema.work import corrections as corrections_table
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.canaries import canary, plant, told
from tests.archive.conftest import Served, form_token, serving
from tests.archive.world import NOW

OURS = {"Sec-Fetch-Site": "same-origin"}
OPEN = Opening(open=True)
HOMES = int(os.environ.get("ONRECORD_TEST_HOMES") or 24)
"""How many homes have canaries; 200 at full size."""
ORACLES = (
    *(
        "/search?q=",
        "/search.atom?q=",
        "/public?authority=",
        "/public.atom?authority=",
        "/public.json?authority=",
    ),
    *("/public/settings/", "/public/providers/", "/public/stories/", "/public/exports/", "/feeds/"),
    *("/api/v1/search?q=", "/api/v1/settings?local_authority=", "/api/v1/public/stories?authority="),
    *("/api/v1/reconcile?queries=", "/api/v1/reconcile/suggest/entity?prefix=", "/review?authority="),
)
ANYBODYS = [route for route in ROUTES if route.needs == "anyone"]


@pytest.fixture
def opened(store: Store) -> Iterator[Served]:
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN) as served:
        yield served


def a_story(served: Served, *, homes: int = 2, **more: Any) -> tuple[str, str, str]:
    """One confirmed story on a home of a provider with that many in the authority: article, setting, provider."""
    world = served.world
    provider = world.provider()
    setting = world.setting(provider=provider)
    for number in range(1, homes):
        world.setting(f"SC99002{number}", provider=provider)
    article = world.article()
    facts = {"inspection_id": world.inspection(setting), "setting_id": setting, "provider_id": provider}
    world.link(article, **({"confirmed": True} | facts | more))
    return article, setting, provider


def anybody(served: Served) -> httpx.Client:
    return httpx.Client(base_url=served.url, trust_env=False)


def public_paths(ids: dict[str, list[str]]) -> Iterator[str]:
    """Every address that a route open to anybody can have, with every id there is."""
    of_all = [id_ for some in ids.values() for id_ in some]
    for route in ANYBODYS:
        if "{" not in route.path:
            yield route.path
            continue
        for id_ in of_all:
            yield (
                route.path.replace("{mention}", "0")
                .replace("{name:path}", id_)
                .replace("{id}", id_)
                .replace("{secret}", id_)
            )


def crawl(client: httpx.Client, starts: list[str]) -> Iterator[httpx.Response]:
    """Each start, whatever our own pages lead to, and what a form there is answered with."""
    seen, edge = set(starts), list(starts)
    while edge:
        path = edge.pop()
        got = client.get(path)
        yield got
        if got.text and "text/html" in got.headers.get("content-type", ""):
            for link in lxml.html.fromstring(got.text).iterlinks():
                found = urlsplit(urljoin(str(got.url), link[2]))
                ours = found.netloc == urlsplit(str(client.base_url)).netloc
                address = found.path + (f"?{found.query}" if found.query else "")
                if ours and address not in seen and len(seen) < 4_000:
                    seen.add(address)
                    edge.append(address)
        if "/stories/" in path:
            yield client.post(f"{path}/report", data={"said": "x"}, headers=OURS)


def whole(got: httpx.Response) -> str:
    """What a browser was given, without the address that it asked for itself."""
    asked = got.request.url.raw_path.decode()
    return (got.text + str(sorted(got.headers.items()))).replace(asked, "")


def test_nothing_is_open_before_an_operator_opens_it(served: Served) -> None:
    article, setting, provider = a_story(served)
    ids = {"article": [article], "setting": [setting], "provider": [provider]}
    with anybody(served) as client:
        for path in public_paths(ids):
            if path.startswith("/public"):
                got, never = client.get(path), client.get("/nothing-there")
                assert (got.status_code, got.text) in ((404, never.text), (405, got.text)), path
        assert client.get("/").headers["location"].startswith("/sign-in")


def test_a_story_is_a_line_composed_from_fields(opened: Served) -> None:
    article, setting, provider = a_story(opened)
    with anybody(opened) as client:
        listed = client.get("/public").text
        page = client.get(f"/public/stories/{article}/0").text
        home, owner = client.get(f"/public/settings/{setting}"), client.get(f"/public/providers/{provider}")
    line = "Children&#39;s home in Bolton, inadequate · Bolton Beacon · 19 April 2024"
    for text in (listed, page, home.text, owner.text):
        assert line in text
        assert "Confirmed by a person" in text
        assert "told to improve" not in text, "the headline stays with the paper"
        assert "bolton-beacon.example" not in text
    assert "Larkspur Care Limited" in page
    assert "5 to 6 March 2024" in page


def test_only_what_a_person_confirmed_is_public_unless_opened_and_marked(
    opened: Served, store: Store
) -> None:
    article, *_ = a_story(opened, confirmed=False)
    with anybody(opened) as client:
        assert "Bolton Beacon" not in client.get("/public").text
        assert client.get(f"/public/stories/{article}/0").status_code == 404
    with serving(store, opening=Opening(open=True, machine_links=True)) as more, anybody(more) as client:
        page = client.get(f"/public/stories/{article}/0").text
        assert "Matched by software, not checked" in page
        assert "97 %" in page


@pytest.mark.parametrize("status", ["candidate", "none"])
def test_candidates_are_never_public(store: Store, opened: Served, status: str) -> None:
    article, *_ = a_story(opened, status=status, confirmed=False)
    with serving(store, opening=Opening(open=True, machine_links=True)) as more, anybody(more) as client:
        assert client.get(f"/public/stories/{article}/0").status_code == 404


def test_a_withdrawn_link_is_told_as_such(opened: Served) -> None:
    article, setting, _ = a_story(opened, status="withdrawn", withdrawn_at=NOW)
    with anybody(opened) as client:
        page = client.get(f"/public/stories/{article}/0").text
        assert "Withdrawn 3 June 2024" in client.get("/public").text
    assert "was taken back" in page
    assert setting not in page


def test_a_restricted_story_is_not_there_and_comes_back(opened: Served, store: Store) -> None:
    article, setting, provider = a_story(opened)
    paths = ["/public", f"/public/settings/{setting}", f"/public/providers/{provider}"]
    with store.writing() as connection:
        order = orders.restrict(connection, "article", article, reason="x", who="Ada", at=NOW)
    with anybody(opened) as client:
        assert all("Bolton Beacon" not in client.get(path).text for path in paths)
        gone, never = client.get(f"/public/stories/{article}/0"), client.get("/public/stories/article-x/0")
        assert (gone.status_code, gone.text) == (404, never.text)
        with store.writing() as connection:
            orders.lift(connection, order, reason="x", who="Ada", at=NOW)
        assert all("Bolton Beacon" in client.get(path).text for path in paths)


def test_a_natural_person_has_no_public_page_and_is_named_nowhere(opened: Served) -> None:
    world = opened.world
    person = world.provider("Tamsin Worthington", natural_person=True)
    homes = [
        world.setting(
            f"1-99{number}", provider=person, kind="care home", name_withheld=False, name=f"Elm {number}"
        )
        for number in (1, 2)
    ]
    made = {"setting_id": homes[0], "provider_id": person, "confirmed": True}
    world.link(world.article(), level="setting", **made)
    at_large = world.article(outlet="Quiet Courier")
    world.link(at_large, level="provider", confirmed=True, provider_id=person)
    with anybody(opened) as client:
        assert client.get(f"/public/providers/{person}").status_code == 404
        assert client.get(f"/public/stories/{at_large}/0").status_code == 404
        for got in crawl(client, ["/public", f"/public/settings/{homes[0]}"]):
            assert "Tamsin" not in got.text
            assert person not in got.text
            assert "Quiet Courier" not in got.text


def test_no_query_of_the_public_view_names_press_text(store: Store, opened: Served) -> None:
    article, setting, provider = a_story(opened)
    said: list[str] = []
    with store.reading() as connection:
        listen = lambda *args: said.append(args[2])  # noqa: E731
        sa.event.listen(connection, "before_cursor_execute", listen)
        public.listing(connection, OPEN, authority="", page=1)
        public.story(connection, OPEN, article, 0)
        public_records.home(connection, OPEN, setting)
        public_records.owner(connection, OPEN, provider)
        public.decided(connection)
    assert len(said) >= 8
    banned = r"article_versions|article_urls|link_evidence|articles\.url|external_id|captures|\breports?\b|corrections\.(said|contact)"
    assert [sql for sql in said if re.search(banned, sql)] == []
    assert article_versions.name == "article_versions"


def test_nothing_but_public_records_can_be_answered_with() -> None:
    with pytest.raises(TypeError, match="nothing that may be shown"):
        answer(None, {"title": "Street"})  # type: ignore[arg-type]
    names = set(Story.__dataclass_fields__)
    assert names.isdisjoint({"title", "text", "url", "byline", "name", "address", "postcode", "latitude"})


@pytest.mark.parametrize("machine", [False, True])
def test_no_canary_reaches_anybody(store: Store, caplog: pytest.LogCaptureFixture, machine: bool) -> None:
    """S1, S2, S10, S12: names, streets, postcodes and children in registers, reports and press; none comes out."""
    caplog.set_level("DEBUG")
    opening = Opening(open=True, machine_links=machine, indexed=machine, suppress_on_report=False)
    with open_indexer(store):
        pass
    with serving(store, opening=opening) as served:
        held, ids = plant(served.world, HOMES)
        served.index()
        pages = 0
        with anybody(served) as client:
            asked = [f"/public?authority={one.postcode}" for one in held[:4]]
            for got in crawl(client, [*public_paths(ids), *asked, "/public?page=999999"]):
                pages += got.status_code == 200
                assert told(whole(got), held) == [], got.url
                assert got.status_code < 500
                assert not re.search(r"\b5[0-9]\.\d{4,}\b", got.text), "no coordinates"
        assert pages >= 50
    logged = [record for record in caplog.records if not record.name.startswith("http")]  # the client's own
    assert told("\n".join(record.getMessage() for record in logged), held) == []


def test_the_canaries_would_be_seen(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN) as served:
        held, ids = plant(served.world, 3)
        with served.client("reader") as client:
            assert told(client.get(f"/articles/{ids['article'][1]}").text, held)


def test_a_name_search_tells_anybody_nothing(opened: Served) -> None:
    """S3: for a canary and for one that was never planted, the same bytes and headers, whatever is asked."""
    held, _ = plant(opened.world, HOMES // 12)
    opened.index()
    pairs = [pair for one in held for pair in zip(one.words, canary(one.number + 500).words, strict=True)]
    with anybody(opened) as client:
        for word, other in pairs:
            for path in ORACLES:
                assert answered(client, path, word) == answered(client, path, other), (path, word)


def answered(client: httpx.Client, path: str, word: str) -> tuple[int, str, list[tuple[str, str]]]:
    """What comes, without the word that was asked for, the time, and what is made of the bytes."""
    got = client.get(path + quote(word, safe=""))
    own = {"date", "etag", "last-modified", "set-cookie"}
    headers = sorted(
        (name, value.replace(quote(word, safe=""), "").replace(quote(quote(word, safe="")), ""))
        for name, value in got.headers.items()
        if name not in own and not (name == "content-length" and word in got.text)
    )
    text = got.text
    for spelling in (word, quote(word, safe=""), quote(quote(word, safe=""), safe="")):
        text = text.replace(spelling, "")
    return got.status_code, re.sub(r'value="[0-9a-f]{64}"', "", text), headers


def test_a_provider_with_one_home_there_is_not_joined_with_a_story(store: Store) -> None:
    """S4: fifty planted cells of one home; no page has both the owner and the paper's story."""
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN) as served:
        _, ids = plant(served.world, 50, alone=True)
        joined = []
        with anybody(served) as client:
            listed = client.get("/public").text
            for setting, provider, article in zip(
                ids["setting"], ids["provider"], ids["article"], strict=True
            ):
                for path in (
                    f"/public/stories/{article}/0",
                    f"/public/settings/{setting}",
                    f"/public/providers/{provider}",
                ):
                    page = client.get(path).text
                    if "Larkspur" in page and "Bolton Beacon" in page:
                        joined.append(path)
                    if "stories" in path:
                        assert setting not in page
                        assert not re.search(r"SC98\d{4}|March 2024", page)
        assert joined == []
        assert listed.count("Bolton Beacon") >= 40, "the stories themselves are told"
        assert "Larkspur" not in listed


def test_robots_may_come_only_where_an_operator_lets_them(store: Store, opened: Served) -> None:
    with anybody(opened) as client:
        assert "noindex" in client.get("/public").headers["x-robots-tag"]
        assert "Allow" not in client.get("/robots.txt").text
    with serving(store, opening=Opening(open=True, indexed=True)) as more, anybody(more) as client:
        assert client.get("/public").headers["x-robots-tag"] == "noarchive"
        assert client.get("/robots.txt").text == "User-agent: *\nAllow: /public\nDisallow: /\n"
        for path in ("/sign-in", "/nothing", "/static/archive.css", "/"):
            assert "noindex" in client.get(path).headers["x-robots-tag"]


def test_public_pages_load_nothing_from_elsewhere(opened: Served) -> None:
    """S13."""
    article, setting, provider = a_story(opened)
    starts = [
        "/public",
        f"/public/stories/{article}/0",
        f"/public/settings/{setting}",
        f"/public/providers/{provider}",
    ]
    with anybody(opened) as client:
        for got in (got for got in crawl(client, starts) if got.text):
            if "text/html" in got.headers["content-type"]:
                links = list(lxml.html.fromstring(got.text).iterlinks())
            else:
                links = []  # a feed: its addresses are ours alone, which tests of feeds hold
            for element, attribute, address, _ in links:
                ours = address.startswith(("/", "#"))
                assert ours or (element.tag == "a" and "noreferrer" in element.get("rel", "")), (
                    attribute,
                    address,
                )
            assert got.headers["referrer-policy"] == "no-referrer"


def report_a_mistake(served: Served, article: str, **form: str) -> httpx.Response:
    with anybody(served) as client:
        path = f"/public/stories/{article}/0"
        token = form_token(client.get(path).text)
        return client.post(
            f"{path}/report", data={"token": token, "said": "It was another home."} | form, headers=OURS
        )


def test_a_mistake_is_reported_decided_and_listed(opened: Served, store: Store) -> None:
    article, *_ = a_story(opened)
    sent = report_a_mistake(opened, article, contact="rowan@mail.example")
    assert (sent.status_code, sent.headers["location"]) == (303, "/public/corrections?reported=1")
    with store.reading() as connection:
        (row,) = corrections.listed(connection)
    with opened.client("operator") as client:
        page = client.get("/operator/corrections").text
        assert "It was another home." in page
        assert "rowan@mail.example" in page
        place, form = f"/operator/corrections/{row.id}", {"token": form_token(page)}
        assert client.post(place, data=form | {"do": "uphold"}, headers=OURS).status_code == 422
        assert client.post(place, data=form | {"do": "burn"}, headers=OURS).status_code == 422
        for do, public_now in (("suppress", False), ("let back", True)):
            client.post(place, data=form | {"do": do}, headers=OURS)
            with anybody(opened) as public_client:
                got = public_client.get(f"/public/stories/{article}/0").status_code
                assert (got == 200) == public_now
        client.post(place, data=form | {"do": "uphold", "answer": "The link was wrong."}, headers=OURS)
        assert (
            client.post(place, data=form | {"do": "refuse", "answer": "No."}, headers=OURS).status_code == 422
        )
    with anybody(opened) as client:
        listed = client.get("/public/corrections").text
        assert "The link was wrong." in listed
        assert "It was another home." not in listed
        assert "rowan" not in listed
        assert client.get(f"/public/stories/{article}/0").status_code == 404
    with store.reading() as connection:
        done = [entry.action for entry in audit.entries(connection, about=row.id)]
    assert done == ["correction upheld", "let back into public view", "taken from public view"]


def test_a_report_can_take_a_link_from_view_at_once(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, opening=Opening(open=True, suppress_on_report=True)) as served:
        article, *_ = a_story(served)
        assert report_a_mistake(served, article).status_code == 303
        with anybody(served) as client:
            assert client.get(f"/public/stories/{article}/0").status_code == 404
            assert "Bolton Beacon" not in client.get("/public").text


def test_reports_are_bounded(opened: Served, store: Store) -> None:
    article, *_ = a_story(opened)
    assert report_a_mistake(opened, article, said="  ").status_code == 422
    assert report_a_mistake(opened, article, said="x" * 3_000).status_code == 422
    answers = [report_a_mistake(opened, article).status_code for _ in range(5)]
    assert answers == [303, 303, 303, 429, 429]
    with store.writing() as connection:
        for _ in range(40):
            corrections.report(connection, article, 0, said="again", at=NOW)
        assert len(connection.execute(sa.select(corrections_table.c.id)).all()) == 20


def test_a_mistake_cannot_be_reported_on_what_is_not_public(opened: Served, store: Store) -> None:
    article, *_ = a_story(opened, confirmed=False)
    with anybody(opened) as client:
        client.get("/sign-in")
        token = form_token(client.get("/sign-in").text)
        form = {"token": token, "said": "x"}
        got = client.post(f"/public/stories/{article}/0/report", data=form, headers=OURS)
        never = client.post("/public/stories/article-x/0/report", data=form, headers=OURS)
    assert (got.status_code, got.text) == (404, never.text)
    with store.reading() as connection:
        assert corrections.listed(connection) == []


def test_a_withheld_name_in_a_register_stays_in_no_title(opened: Served, store: Store) -> None:
    _, setting, _ = a_story(opened)
    with store.writing() as connection:
        connection.execute(sa.update(settings).values(name="Tamsinworth Gables"))
    with anybody(opened) as client:
        assert "Tamsinworth" not in client.get(f"/public/settings/{setting}").text


def test_canaries_are_unlike_one_another() -> None:
    made = [canary(number) for number in range(200)]
    words = [word for one in made for word in one.words]
    assert len(words) == len(set(words)) == 200 * 9


def test_a_fault_of_ours_is_as_private_as_any_answer_and_logs_no_text(
    opened: Served, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(connection: sa.Connection, *_: object, **__: object) -> None:
        connection.execute(sa.text("select nothing from nowhere where x = :x"), {"x": "Tamsinworth Gables"})

    caplog.set_level("DEBUG")
    monkeypatch.setattr(public, "listing", fails)
    with anybody(opened) as client:
        got = client.get("/public")
    assert got.status_code == 500
    assert got.headers["content-security-policy"].startswith("default-src 'none'")
    assert "noindex" in got.headers["x-robots-tag"]
    assert "Tamsinworth" not in got.text + caplog.text
