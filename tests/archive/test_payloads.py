"""Ten thousand known payloads in every field at once, many to a page: as parsed, and in a real Chromium."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import lxml.html
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from archive.searches import Limits
from storage import corrections, orders, people
from storage.dates import utc_now
from storage.schema.crawl import alarms, failures, runs, sources
from storage.schema.naming import provider_aliases
from storage.schema.people import keys
from storage.schema.press import articles as article_table
from storage.schema.stories import story_decisions, story_facts
from storage.schema.work import audit, follows, notes
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, serving
from tests.archive.test_attacks import EVERYTHING, addresses, assert_harmless, ids_in
from tests.archive.test_browser import chromium
from tests.archive.test_hostile import hostile_world
from tests.archive.world import NOW

__all__ = ["chromium"]  # the fixture
SOME = 17  # in the browser one payload of so many: it lays out what it reads, which takes it a hundred times as long
ROUNDS = int(os.environ.get("ONRECORD_TEST_ROUNDS", "1"))  # 17 take every one of them
LONGEST = 900  # characters of a parameter, so that a search takes it
PARAMETERS = ("q", "sort", "outlet", "authority", "version", "against", "before", "item", "next")
CANARY = "window.__ran = 0; for (const f of ['alert', 'confirm', 'prompt', 'print']) window[f] = () => window.__ran++;"

DANGERS = """() => [...document.querySelectorAll('*')].filter(one =>
    ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE', 'IMG', 'MATH', 'TEMPLATE'].includes(one.tagName.toUpperCase())
    || one.tagName === 'SCRIPT' && !(one.getAttribute('src') || '').startsWith('/static/') && one.type !== 'application/json'
    || [...one.attributes].some(held => held.name.startsWith('on') || held.name === 'style'
        || ['href', 'src', 'action', 'formaction'].includes(held.name) && !/^(\\/(?!\\/)|#|https?:)/.test(held.value))
).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def payloads(shared: Path) -> list[str]:
    """The list, without the character that no database keeps in a text."""
    held = json.loads((shared / "suites/attacks/xss_all_unique.json").read_text())
    assert len(held) == 10_117
    return [str(payload).replace("\0", "") for payload in held]


@pytest.fixture
def opened(store: Store) -> Iterator[Served]:
    """An archive with everything open that can be opened."""
    with open_indexer(store):
        pass
    patient = Limits(seconds=60)  # a title is as long as a book here, and other tests run beside this
    with serving(store, opening=EVERYTHING, limits=patient) as served:
        yield served


def planted(served: Served, payload: str) -> list[str]:
    """The payload in every field that others fill: of the record, the press, the crawl, and of people."""
    paths = hostile_world(served.world, payload)
    article = next(id_ for id_ in ids_in(paths) if id_.startswith("article"))
    provider = next(id_ for id_ in ids_in(paths) if id_.startswith("provider"))
    held_back = served.world.article("to be restricted", outlet=payload)
    with served.store.writing() as connection:
        user = connection.scalar(sa.text("select id from users limit 1")) or people.add_user(
            connection, "Ada Moss", "operator", at=NOW
        )
        corrections.report(connection, article, 0, said=payload[:2_000], contact="x", at=NOW)
        connection.execute(sa.text("update corrections set said = :p, contact = :p"), {"p": payload})
        order = orders.restrict(connection, "article", held_back, reason="x", who=payload, at=NOW)
        connection.execute(sa.text("update orders set reason = :p"), {"p": payload})
        _people_said(connection, payload, article, provider, str(user))
        _crawls_met(connection, payload, article)
    served.index()
    return [*addresses([*ids_in(paths), order]), *paths]


def _people_said(connection: sa.Connection, payload: str, article: str, provider: str, user: str) -> None:
    number = connection.scalar(sa.select(sa.func.count()).select_from(notes)) or 0
    rows: list[tuple[sa.Table, dict[str, Any]]] = [
        (notes, {"what": "article", "about": article, "user_id": user, "text": payload, "at": NOW}),
        (follows, {"user_id": user, "what": "search", "target": payload, "title": payload, "made_at": NOW}),
        (keys, {"purpose": "token", "secret_hash": "x", "role": "reader", "label": payload, "made_at": NOW}),
    ]
    for table, row in rows:
        connection.execute(sa.insert(table).values(id=f"{table.name}-{number}", **row))
    alias = {"provider_id": provider, "name": payload, "kind": "alias", "origin": payload, "at": NOW}
    connection.execute(sa.insert(provider_aliases).values(**alias))
    decision = {"decision": "merge", "articles": [article, payload], "others": [], "who": payload, "at": NOW}
    connection.execute(sa.insert(story_decisions).values(**decision, reason=payload))
    told = {"at": NOW, "who": payload, "action": payload, "what": payload, "about": payload}
    connection.execute(
        sa.insert(audit).values(**told, reason=payload, details={"x": payload}, previous_hash="", hash="")
    )


def _crawls_met(connection: sa.Connection, payload: str, article: str) -> None:
    name = f"source-{payload[:60]}"
    about = dict.fromkeys(("title", "home", "area", "terms"), payload)
    connection.execute(sa.insert(sources).values(id=name, kind="news", usual={}, **about))
    connection.execute(
        sa.insert(runs).values(id=f"run-{name}", kind=payload, source_id=name, started=NOW, detail={})
    )
    failed = dict.fromkeys(("what", "outcome", "reason"), payload)
    connection.execute(sa.insert(failures).values(id=f"f-{name}", run_id=f"run-{name}", at=NOW, **failed))
    raised = {"times": 3, "first_at": NOW, "last_at": NOW, "raised_at": NOW}
    told = dict.fromkeys(("kind", "what", "reason"), payload)
    connection.execute(sa.insert(alarms).values(id=f"a-{name}", source_id=name, **told, **raised))
    connection.execute(sa.update(article_table).values(source_id=name).where(article_table.c.id == article))
    fact = {"fact": payload, "value": payload, "field": "text", "start": 0, "end": 3, "text": payload}
    connection.execute(sa.insert(story_facts).values(article_id=article, number=0, **fact))


@pytest.mark.real
def test_no_known_payload_in_any_field_runs_or_is_lost(opened: Served, payloads: list[str]) -> None:
    with opened.client("operator") as client:
        client.headers.update(opened.token("operator"))
        for path in planted(opened, "\n\n".join(payloads)):
            got = client.get(path)
            assert_harmless(got)
            if path.startswith("/articles/") and path.count("/") == 2 and got.status_code == 200:
                assert_shown(got, payloads)


def assert_shown(got: httpx.Response, payloads: list[str]) -> None:
    """Each payload is there to read, as it was written: had one been taken for markup, it would not be."""
    text = lxml.html.fromstring(got.text).text_content()
    shown = "".join(text.split())
    lost = [one for one in payloads if "".join(one.split()) not in shown]
    assert lost == []


@pytest.mark.real
def test_no_known_payload_in_any_parameter_or_path_runs(opened: Served, payloads: list[str]) -> None:
    paths = [path for path in addresses(["x"]) if not path.startswith(("/api", "/captures"))]
    with opened.client("operator") as client:
        for number, several in enumerate(packed(payloads)):
            params = dict.fromkeys(PARAMETERS, several)
            assert_harmless(client.get("/search", params=params))
            assert_harmless(client.get(paths[number % len(paths)], params=params))
            assert_harmless(client.get(f"/{quote(several, safe='')}"))


def packed(payloads: list[str]) -> Iterator[str]:
    """The payloads, as many together as a parameter takes."""
    several = ""
    for payload in payloads:
        if len(several) + len(payload) > LONGEST:
            yield several
            several = ""
        several += f"{payload[:LONGEST]} "
    yield several


@pytest.mark.real
@pytest.mark.browser
@pytest.mark.parametrize("first", range(ROUNDS))
def test_no_known_payload_runs_in_a_browser_that_ignores_our_policy(
    opened: Served, chromium: Browser, payloads: list[str], first: int
) -> None:
    with opened.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "operator", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    context = chromium.new_context(bypass_csp=True)
    context.add_cookies([{"name": "onrecord-session", "value": secret, "url": opened.url}])
    context.add_init_script(CANARY)
    page = context.new_page()
    strayed: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(opened.url) else strayed.append(asked.url))
    page.goto(f"{opened.url}/about")
    page.evaluate("alert(1)")
    assert page.evaluate("window.__ran") == 1, "the canary sings"
    paths = planted(opened, "\n\n".join(payloads[first::SOME]))
    for path in dict.fromkeys(path for path in paths if not path.startswith("/api") and ".zip" not in path):
        got = page.request.get(f"{opened.url}{path}")
        if got.status == 200 and "text/html" in got.headers["content-type"]:
            page.goto(f"{opened.url}{path}", wait_until="domcontentloaded")
            assert page.evaluate("window.__ran") == 0, path
            assert page.evaluate(DANGERS) == [], path
    context.close()
    assert strayed == []
