"""Hostile text, addresses and headers against every route there is: a new route is covered by being declared."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from archive.guard import safe_next
from archive.public import Opening
from archive.routes import ROUTES
from storage import corrections, orders
from storage.schema import metadata
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.alerts.test_letters import BREAKS
from tests.archive.conftest import Served, serving
from tests.archive.feed_rules import faults
from tests.archive.test_hostile import HOSTILE, dangers, hostile_world
from tests.archive.world import NOW
from tests.engines import ON_SQLITE

EVERYTHING = Opening(open=True, machine_links=True)
HERE = "https://newsroom.example"
REDIRECTS = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "/%2f/evil.example/..",
    "/.evil.example",
    "/\u2028/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\r\nLocation: //evil.example",
)
TRAVERSALS = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..\\..\\etc\\passwd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "file:%2f%2f%2fetc%2fpasswd",
    "%00",
    "archive.css%00.png",
    "..%c0%af..%c0%afetc/passwd",
)


@pytest.fixture
def opened(store: Store) -> Iterator[Served]:
    with open_indexer(store):
        pass
    with serving(store, opening=EVERYTHING) as served:
        yield served


def ids_in(pages: list[str]) -> list[str]:
    return [path.rpartition("/")[2] for path in pages if path.count("/") == 2]


def addresses(ids: list[str]) -> Iterator[str]:
    """Every page that a GET can ask for, with each of the ids in each of its places."""
    for route in ROUTES:
        if "GET" not in (route.methods or ()) or route.path.startswith("/static"):
            continue
        places = ids if "{" in route.path else [""]
        for id_ in places:
            yield re.sub(r"\{[^}]*\}", id_, route.path.replace("{mention}", "0"))


def assert_harmless(got: httpx.Response) -> None:
    assert got.status_code < 500, got.url
    kind = got.headers.get("content-type", "")
    if got.text and "text/html" in kind:
        assert dangers(got.text) == [], got.url
    elif feed := re.match(r"application/(atom|rss|feed)\+(xml|json)", kind):
        assert faults(got.content, "json" if feed[1] == "feed" else feed[1]) == [], got.url
    elif got.content:
        assert re.match(
            r"application/(problem\+)?json|text/(plain|csv|css)|application/(zip|octet-stream)", kind
        ), kind
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in got.headers["content-security-policy"]


def attack(served: Served, payload: str) -> int:
    """Put the payload into every field there is, and look at every page and JSON; how many there were."""
    paths = hostile_world(served.world, payload)
    ids, held_back = ids_in(paths), served.world.article("to be restricted")
    with served.store.writing() as connection:
        article = next(id_ for id_ in ids if id_.startswith("article"))
        corrections.report(connection, article, 0, said=payload[:2_000], contact="x", at=NOW)
        order = orders.restrict(
            connection, "article", held_back, reason=payload[:2_000] or "x", who=payload, at=NOW
        )
    served.index()
    count = 0
    with served.client("operator") as client:
        client.headers.update(served.token("operator"))
        for path in [*addresses([*ids, order]), *paths]:
            assert_harmless(client.get(path))
            count += 1
    return count


@ON_SQLITE  # what a page makes of a text is no engine's doing
@pytest.mark.parametrize("payload", HOSTILE[:3])
def test_no_payload_in_any_field_runs_on_any_page(opened: Served, payload: str) -> None:
    assert attack(opened, payload) > 40


def test_no_payload_in_any_parameter_or_path_runs(opened: Served) -> None:
    names = (
        "q",
        "sort",
        "page",
        "authority",
        "outlet",
        "version",
        "against",
        "item",
        "before",
        "as_of",
        "next",
    )
    with opened.client("operator") as client:
        client.headers.update(opened.token("operator"))
        for payload in HOSTILE:
            for path in addresses([quote(payload, safe="")]):
                assert_harmless(client.get(path, params=dict.fromkeys(names, payload)))


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_leads_off_site(target: str) -> None:
    assert stays(safe_next(target)), target


@pytest.mark.real
def test_no_known_redirect_leads_off_site(shared: Path) -> None:
    file = shared / "suites/attacks/open-redirect-cujanovic/Open-Redirect-payloads.txt"
    for line in file.read_text(errors="replace").splitlines():
        for target in (
            line,
            line.removeprefix("/"),
            f"/{line}",
            f"//{line}",
            line.replace("www.whitelisteddomain.tld", "x"),
        ):
            assert stays(safe_next(target)), target


def stays(target: str) -> bool:
    """Whether a browser on our page that is sent there stays on our host (it takes a backslash for a slash)."""
    read = re.sub(r"[\t\r\n]", "", target).replace("\\", "/")
    return urlsplit(urljoin(f"{HERE}/sign-in", read)).netloc == urlsplit(HERE).netloc


def test_no_path_leads_out_of_what_is_ours(opened: Served) -> None:
    placed = [route for route in ROUTES if "GET" in (route.methods or ()) and "{" in route.path]
    with opened.client("operator") as client:
        client.headers.update(opened.token("operator"))
        for name in TRAVERSALS:
            for route in placed:
                got = client.get(re.sub(r"\{[^}]*\}", name.replace("\\", r"\\"), route.path))
                assert "root:" not in got.text
                assert got.status_code < 500, (route.path, name)
                assert got.status_code == 404 or not route.path.startswith("/static")


def test_no_answer_takes_its_host_from_the_request(opened: Served) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    with opened.client("operator") as client:
        client.headers.update(opened.token("operator"))
        for path in addresses(["x"]):
            got = client.get(path, headers=forged)
            assert "evil.example" not in got.text + str(got.headers), path
            assert not re.match(r"public|max-age", got.headers["cache-control"]) or path.startswith(
                ("/static", "/public", "/robots.txt", "/api/v1/openapi")
            ), f"a cache may keep {path}"
            assert client.get(path, headers={"Host": "evil.example"}).status_code == 400, path


def test_no_line_break_in_a_parameter_or_path_makes_a_header(opened: Served) -> None:
    """A12: every kind of line break before a header of the attacker's, at every page there is."""
    broken = "".join(f"x{one}X-Injected: yes{one}Set-Cookie: a=b{one}{one}<p>" for one in BREAKS)
    with opened.client("operator") as client:
        client.headers.update(opened.token("operator"))
        for path in addresses([quote(broken, safe=""), "x"]):
            for params in ({"q": broken, "next": broken, "authority": broken}, {"next": f"/{broken}"}):
                got = client.get(path, params=params)
                assert got.status_code < 500, path
                assert "x-injected" not in got.headers, path
                assert "a=b" not in str(got.headers.get_list("set-cookie")), path


def test_looking_never_changes_anything(opened: Served) -> None:
    """A8: GET and HEAD leave the database as it was, on every route."""
    hostile_world(opened.world, "x")
    with opened.client("operator") as client:
        before = dump(opened.store)
        for path in addresses(["x"]):
            client.get(path)
            client.head(path)
        assert dump(opened.store) == before


def dump(store: Store) -> list[str]:
    """Every row of every table."""
    with store.reading() as connection:
        return [
            f"{table} {row}"
            for table in metadata.sorted_tables
            for row in sorted(map(repr, connection.execute(sa.select(table))))
        ]
