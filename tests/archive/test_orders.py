"""What is restricted is nowhere but on the operator's pages, and nobody else can tell that it ever was."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from archive.guard import Guarded
from archive.routes import ROUTES
from storage import audit, orders
from storage.articles import find
from storage.schema.press import articles as article_table
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, form_token, serving
from tests.archive.world import NOW, World, a_clue
from tests.engines import Fresh, opened

OURS = {"Sec-Fetch-Site": "same-origin"}
CANARY = "tamsinworth"
TOLD_OF_ENDS = (  # to those who may have a copy: that something of theirs is gone, and never what it was
    *(r"<at:deleted-entry [^>]*/>", r'"_deleted":\{"items":\[[^]]*\]\}'),
    *(r"<item><title>Withdrawn</title>(?:(?!</item>).)*</item>", r"cursor of this moment is <code>[^<]*"),
)
NEW_EACH_TIME = (
    *(r'value="[0-9a-f]{64}"', r"a reviewer \d+", r"\d\d:\d\d (?:GMT|BST)"),
    r"\n(?:process|onrecord_disk|onrecord_wal)\S* \S+",
)
URL = f"https://www.bolton-beacon.example/news/{CANARY}-home"
TEXT = f"{CANARY.title()} Gables was visited. Nobody was awake at night."


def a_world(store: Store) -> tuple[World, dict[str, str]]:
    """Two homes with inspections, one story on the first; the ids by the parameter of the routes."""
    world = World(store)
    provider = world.provider(group_name="Larkspur Group")
    setting = world.setting(provider=provider)
    inspection = world.inspection(setting)
    report = world.report(setting, inspection)
    article = world.article()
    world.link(article, inspection_id=inspection, setting_id=setting, provider_id=provider)
    ids = {"setting": setting, "provider": provider, "inspection": inspection, "report": report}
    return world, ids | {"article": article}


def the_secret(world: World, ids: dict[str, str]) -> str:
    """A second story on the same inspection, at an outlet that printed nothing else."""
    article = world.article(
        text=TEXT, url=URL, title=f"{CANARY} told", outlet="Quiet Courier", external_id="cut-7"
    )
    clue = a_clue("place", CANARY.title(), TEXT, "the place agrees", 3.0)
    world.link(article, evidence=(clue,), inspection_id=ids["inspection"], setting_id=ids["setting"])
    return article


def paths(ids: dict[str, str], secret: str) -> list[str]:
    """Every page there is to look at, of the world and of the item that is held back."""
    found = []
    for route in ROUTES:
        if "GET" not in (route.methods or ()) or route.path.startswith(("/static", "/sign-in", "/operator")):
            continue
        if route.path in ("/api/v1/changes", "/api/v1/assertions"):
            continue  # it tells those who may have a copy that something is gone, and never what it was
        kinds = [value for name, value in ids.items() if f"/{name}" in route.path] or list(ids.values())
        for id_ in (*kinds, secret):
            found.append(re.sub(r"\{[^}]*\}", id_, route.path))
    more = (
        "/search?q=awake",
        f"/search?q={CANARY}",
        "/search?q=outlet:quiet",
        "/search?q=",
        f"/articles/{URL}",
    )
    return [
        *dict.fromkeys(found),
        *more,
        "/articles/cut-7",
        "/api/v1/search?q=night",
        "/api/v1/articles/cut-7",
    ]


def answers(served: Served, wanted: list[str]) -> dict[str, tuple[int, str, str]]:
    """Status, headers and body of each path for a reader, without what is new each time or tells of ends."""
    found = {}
    with served.client("reviewer") as client:
        client.headers.update(served.token("reviewer"))
        for path in wanted:
            got = client.get(path)
            body = re.sub("|".join((*NEW_EACH_TIME, *TOLD_OF_ENDS)), "", got.text.replace(served.url, ""))
            kept = {name: value for name, value in got.headers.items() if name not in ("date", "set-cookie")}
            kept.pop("content-length", None)
            kept.pop("etag", None)  # of the body, before the address we are served at is taken out of it
            found[path] = (got.status_code, str(kept), body)
    return found


def restricted(store: Store, about: str, *, what: orders.What = "article", down: bool = False) -> str:
    with store.writing() as connection:
        by = {"reason": "section 39", "who": "Ada Moss", "at": NOW}
        if down:
            return orders.take_down(connection, what, about, **by)[0]  # type: ignore[arg-type]
        return orders.restrict(connection, what, about, **by)  # type: ignore[arg-type]


@pytest.mark.parametrize("down", [False, True])
def test_every_answer_is_what_it_would_be_had_the_article_never_been(
    tmp_path: Path, fresh: Fresh, down: bool
) -> None:
    told = []
    for name in ("never", "held back"):
        with opened(fresh, tmp_path / name) as store:
            world, ids = a_world(store)
            secret = "article-neverwas00000000"
            if name == "held back":
                secret = the_secret(world, ids)
                with open_indexer(store) as indexer:
                    indexer.catch_up()
                restricted(store, secret, down=down)
            with open_indexer(store) as indexer:
                indexer.catch_up()
            with serving(store) as served:
                seen = answers(served, paths(ids, secret))
            told.append(
                {path.replace(secret, "X"): str(one).replace(secret, "X") for path, one in seen.items()}
            )
    differing = {path: (one, told[1][path]) for path, one in told[0].items() if one != told[1][path]}
    assert len(told[0]) > 20
    assert differing == {}


def test_without_an_order_the_same_comparison_does_find_the_article(tmp_path: Path, fresh: Fresh) -> None:
    told = []
    for name in ("never", "there"):
        with opened(fresh, tmp_path / name) as store:
            world, ids = a_world(store)
            secret = the_secret(world, ids) if name == "there" else "article-neverwas00000000"
            with open_indexer(store) as indexer:
                indexer.catch_up()
            with serving(store) as served:
                told.append([str(one) for one in answers(served, paths(ids, secret)).values()])
    assert sum(one != other for one, other in zip(*told, strict=True)) > 10


@pytest.fixture
def secret(served: Served) -> str:
    world, ids = a_world(served.store)
    return the_secret(world, ids)


Post = Callable[[str, dict[str, str]], httpx.Response]


@pytest.fixture
def post(served: Served) -> Iterator[Post]:
    """Posts a form as an operator."""
    with served.client("operator") as client:

        def send(path: str, form: dict[str, str]) -> httpx.Response:
            token = form_token(client.get("/operator/orders").text)
            return client.post(path, data=form | {"token": token}, headers=OURS)

        yield send


def test_an_operator_restricts_looks_with_a_reason_and_lifts(served: Served, secret: str, post: Post) -> None:
    made = post("/operator/orders", {"item": URL, "reason": "section 39", "until": "2099-03-31"})
    assert made.status_code == 303
    place = made.headers["location"]
    with served.client("operator") as client:
        for path in (place, "/operator/orders"):
            page = client.get(path).text
            assert "section 39" in page
            assert "31 March 2099" in page
            assert CANARY not in page.lower(), "the tombstone says nothing of what it seals"
        assert client.get(f"/articles/{secret}").status_code == 404, "not even to the operator, but there"
    assert post(f"{place}/look", {"reason": "  "}).status_code == 403
    looked = post(f"{place}/look", {"reason": "the court asks what it said"})
    assert "Nobody was awake at night" in looked.text
    assert post(f"{place}/lift", {"reason": ""}).status_code == 422
    assert post(f"{place}/lift", {"reason": "it ended"}).status_code == 303
    with served.client("reader") as client:
        assert client.get(f"/articles/{secret}").status_code == 200
    with served.store.reading() as connection:
        log = [(entry.action, entry.reason) for entry in audit.entries(connection, about=secret)]
    assert log == [
        ("lifted", "it ended"),
        ("sealed read", "the court asks what it said"),
        ("restricted", "section 39"),
    ]


def test_a_hundred_looks_are_a_hundred_rows_with_who_and_why(served: Served, secret: str) -> None:
    place = f"/operator/orders/{restricted(served.store, secret)}"
    with served.client("operator") as client:
        token = form_token(client.get(place).text)
        for number in range(100):
            answer = client.post(
                f"{place}/look", data={"token": token, "reason": f"why {number}"}, headers=OURS
            )
            assert answer.status_code == 200
    with served.store.reading() as connection:
        log = audit.entries(connection, about=secret, limit=200)
        assert audit.verify(connection)["audit"].sound
    reasons = {
        entry.reason for entry in log if entry.action == "sealed read" and entry.who.startswith("a operator")
    }
    assert reasons == {f"why {number}" for number in range(100)}


def test_a_takedown_asks_twice_and_leaves_the_tombstone(served: Served, secret: str, post: Post) -> None:
    form = {"item": "cut-7", "reason": "asked by the family", "kind": "taken down"}
    refused = post("/operator/orders", form)
    assert (refused.status_code, "cannot be undone" in refused.text) == (422, True)
    with served.store.reading() as connection:
        assert find(connection, secret) == secret
    made = post("/operator/orders", form | {"sure": "yes"})
    assert made.status_code == 303
    with served.store.reading() as connection:
        row = connection.execute(sa.select(article_table).where(article_table.c.id == secret)).one()
    assert (row.restriction, row.outlet, CANARY in row.url) == ("taken down", "Quiet Courier", False)
    with served.client("operator") as client:
        page = client.get(made.headers["location"]).text
    assert "Quiet Courier" in page
    assert "asked by the family" in page
    assert CANARY not in page.lower()


def test_orders_that_end_soon_come_first_with_a_reminder(served: Served, secret: str, post: Post) -> None:
    world = World(served.store)
    other = world.article(url="https://www.bolton-beacon.example/other")
    for item, until in ((secret, "2099-01-01"), (other, "")):
        assert (
            post("/operator/orders", {"item": item, "reason": f"r {item}", "until": until}).status_code == 303
        )
    with served.store.writing() as connection:
        connection.execute(sa.text("update orders set until = '2026-01-01' where about = :a"), {"a": other})
    with served.client("operator") as client:
        page = client.get("/operator/orders").text
    assert page.index(f"r {other}") < page.index(f"r {secret}")
    assert page.count("Ended: lift or renew it") == 1


@pytest.mark.parametrize(
    "form",
    [
        {"item": "nothing", "reason": "x"},
        {"item": "", "reason": "x"},
        {"item": "cut-7", "reason": " "},
        {"item": "cut-7", "reason": "x", "until": "soon"},
        {"item": "cut-7", "reason": "x", "until": "1999-01-01"},
    ],
)
def test_a_bad_order_is_one_line_and_changes_nothing(
    served: Served, secret: str, post: Post, form: dict[str, str]
) -> None:
    answer = post("/operator/orders", form)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    with served.store.reading() as connection:
        assert orders.listed(connection) == []


def test_a_restricted_report_leaves_its_inspection_without_it(served: Served) -> None:
    _, ids = a_world(served.store)
    served.index()
    with served.client("reader") as client:
        assert "awake at night" in client.get(f"/inspections/{ids['inspection']}").text
        restricted(served.store, ids["report"], what="report")
        served.index()
        assert "awake at night" not in client.get(f"/inspections/{ids['inspection']}").text
        gone, never = client.get(f"/reports/{ids['report']}"), client.get("/reports/report-x")
        assert gone.status_code == never.status_code == 404
        assert gone.text.replace(ids["report"], "report-x") == never.text
        assert "0 " in client.get("/search?q=awake").text


def test_the_routes_of_orders_are_the_operators_alone() -> None:
    ours: list[Guarded] = [route for route in ROUTES if route.path.startswith("/operator/orders")]
    assert len(ours) == 5
    assert {route.needs for route in ours} == {"operator"}
