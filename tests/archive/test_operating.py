"""The operator's pages: health that adds up, failures tried again, people and tokens, the audit log."""

import datetime as dt

import httpx
import pytest
import sqlalchemy as sa

from archive.reading.footprint import footprint
from archive.reading.sources import source_lines
from storage import accounts, alarms, audit, frontier, jobs, people, runs, sources
from storage.alarms import Concern
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.frontier import Found
from storage.jobs import Planned
from storage.people import ROLES
from storage.records import Source
from storage.runs import Failure
from storage.schema.crawl import frontier as queue
from storage.schema.crawl import sources as source_table
from storage.schema.work import audit as log
from storage.store import Store
from tests.archive.conftest import Served
from tests.archive.test_following import post

NOW = utc_now()
URL = "https://www.bolton-beacon.example/news/1"


def crawled(store: Store) -> None:
    """A source with a queue, two runs that add up, a failure and an alarm."""
    with store.writing() as connection:
        sources.save(connection, Source(name="bolton_beacon", kind="news", title="Bolton Beacon"))
        frontier.add(connection, "bolton_beacon", [Found(url=URL, kind="article")], at=NOW)
        for days, kept in ((2, 7), (1, 3)):
            at = NOW - dt.timedelta(days=days)
            run = runs.begin(connection, "crawl", "bolton_beacon", at=at)
            frontier.claim(connection, "bolton_beacon", run, limit=1, at=NOW)
            runs.count(connection, run, {"stored": kept, "refused": 2, "failed": 1})
            runs.end(connection, run, "done", at=at, detail={"outcomes": {"done": kept, "blocked": 2}})
            concern = Concern(kind="silent", what="", reason="gave nothing <new>")
            alarms.note(connection, "bolton_beacon", [concern], judged=[], at=at)
        runs.fail(connection, run, Failure(what=URL, outcome="unreadable", reason="not UTF-8"), at=NOW)
        answer = frontier.Answer(outcome="unreadable", at=NOW)
        frontier.finish(connection, connection.execute(sa.select(queue.c.id)).scalar_one(), answer)


@pytest.fixture
def operator(served: Served):  # type: ignore[no-untyped-def]
    with served.client("operator") as client:
        yield client


def done(store: Store) -> list[tuple[str, str]]:
    with store.reading() as connection:
        return [(row.action, row.what) for row in connection.execute(sa.select(log).order_by(log.c.seq))]


def test_health_shows_the_last_run_beside_the_usual(served: Served, operator: httpx.Client) -> None:
    crawled(served.store)
    with served.store.reading() as connection:
        (line,) = source_lines(connection, at=NOW)
    assert line.last is not None
    assert (line.last.stored, line.last.adds_up, line.last.blocked_by) == (3, True, {"blocked": 2})
    assert line.usual == (8, 5)
    assert [alarm.kind for alarm in line.alarms] == ["silent"]
    page = operator.get("/operator").text
    assert "gave nothing &lt;new&gt;" in page
    assert "2 blocked" in page
    assert ("Write-ahead log" in page) is (served.store.place.path is not None)
    assert "no labels were fitted" in page


def test_a_run_that_does_not_add_up_is_marked(served: Served, operator: httpx.Client) -> None:
    crawled(served.store)
    assert "does not add up" not in operator.get("/operator/runs").text
    with served.store.writing() as connection:
        connection.execute(sa.text("update runs set fetched = 99"))
    assert "does not add up" in operator.get("/operator/runs?source=bolton_beacon").text
    assert operator.get("/operator/runs?before=nonsense").status_code == 404


def test_a_failure_is_tried_again(served: Served, operator: httpx.Client) -> None:
    crawled(served.store)
    page = operator.get("/operator/failures").text
    assert "not UTF-8" in page
    failure = page.split('name="id" value="')[1].split('"')[0]
    assert post(operator, "/operator/failures", id=failure, do="retry").status_code == 303
    with served.store.reading() as connection:
        entry = connection.execute(sa.select(queue)).one()
        assert (entry.state, entry.attempts) == ("waiting", 0)
        assert entry.due > NOW - dt.timedelta(minutes=1)
        assert connection.execute(sa.select(source_table.c.next_due)).scalar_one() is not None
    assert "not UTF-8" not in operator.get("/operator/failures").text
    assert post(operator, "/operator/failures", id=failure, do="retry").status_code == 404
    assert done(served.store) == [("retried", "failure")]


def test_sources_are_made_due_and_switched(served: Served, operator: httpx.Client) -> None:
    crawled(served.store)
    for do in ("off", "on", "crawl"):
        assert post(operator, "/operator/sources", source="bolton_beacon", do=do).status_code == 303
        with served.store.reading() as connection:
            assert connection.execute(sa.select(source_table.c.enabled)).scalar_one() is (do != "off")
    assert post(operator, "/operator/sources", source="nobody", do="off").status_code == 404
    assert post(operator, "/operator/sources", source="bolton_beacon", do="burn").status_code == 422
    assert [action for action, _ in done(served.store)] == ["switched off", "switched on", "made due"]


def test_the_schedule_is_shown_and_a_job_is_made_due(served: Served, operator: httpx.Client) -> None:
    assert "Nothing is planned yet" in operator.get("/operator/jobs").text
    with served.store.writing() as connection:
        planned = [
            Planned(kind="link", every=dt.timedelta(days=1)),
            Planned(kind="index", every=dt.timedelta(days=1)),
        ]
        now = utc_now()  # a lease taken when the tests began may have ended by now
        jobs.plan(connection, planned, at=now - dt.timedelta(hours=1))
        (held, _) = jobs.take(connection, "desk", at=now, limit=2, among=["index", "link"])
        jobs.finish(connection, held, "failed", at=now, reason="no <register>")
    page = operator.get("/operator/jobs").text
    assert page.index("running") < page.index("no &lt;register&gt;"), "those that run stand first"
    assert post(operator, "/operator/jobs", job=held.id).status_code == 303
    with served.store.reading() as connection:
        due = next(one.due for one in jobs.listed(connection) if one.id == held.id)
    assert due <= utc_now()
    assert post(operator, "/operator/jobs", job="burn").status_code == 404
    assert done(served.store) == [("made due", "job")]


def test_a_person_is_added_and_enters_by_the_link_shown_once(served: Served, operator: httpx.Client) -> None:
    page = post(operator, "/operator/people", do="add", name="Ada Moss", role="reader").text
    link = page.split("/sign-in/")[1].split("<")[0]
    assert link not in operator.get("/operator/people").text
    with served.client(None) as ada:
        assert post_signed(ada, f"/sign-in/{link}").status_code == 303
        with served.store.reading() as connection:
            held = next(one for one in accounts.accounts(connection, at=utc_now()) if one.name == "Ada Moss")
        assert held.sessions == 1
        assert post(operator, "/operator/people", do="role", id=held.id, role="reviewer").status_code == 303
        assert ada.get("/operator").status_code == 403
        assert post(operator, "/operator/people", do="close", id=held.id).status_code == 303
        assert ada.get("/about").status_code == 303, "signed out at once"
    assert post(operator, "/operator/people", do="link", id=held.id).status_code == 422
    assert post(operator, "/operator/people", do="open", id=held.id).status_code == 303
    assert post(operator, "/operator/people", do="add", name="Ada Moss", role="reader").status_code == 422
    told = ["person added", "role changed", "account closed", "account opened"]
    assert [action for action, _ in done(served.store)] == told


def post_signed(client: httpx.Client, path: str) -> httpx.Response:
    """Press the button of a one-time link."""
    token = client.get(path).text.split('name="token" value="')[1].split('"')[0]
    return client.post(path, data={"token": token}, headers={"Sec-Fetch-Site": "same-origin"})


def test_an_archive_keeps_an_operator(store: Store) -> None:
    with store.writing() as connection:
        only = people.add_user(connection, "Ada Moss", "operator", at=NOW)
        with pytest.raises(UsageMistake, match="only operator"):
            accounts.set_role(connection, only, "reader")
        with pytest.raises(UsageMistake, match="only operator"):
            accounts.close(connection, only, at=NOW)
        other = people.add_user(connection, "Ben Ash", "operator", at=NOW)
        accounts.close(connection, only, at=NOW)
        with pytest.raises(UsageMistake, match="only operator"):
            accounts.close(connection, other, at=NOW)


def test_signing_out_everywhere_ends_every_session(served: Served, operator: httpx.Client) -> None:
    with served.client("reader") as client:
        with served.store.reading() as connection:
            held = next(
                one for one in accounts.accounts(connection, at=utc_now()) if one.name.startswith("a reader")
            )
        assert post(operator, "/operator/people", do="sign out", id=held.id).status_code == 303
        assert client.get("/about").status_code == 303


def test_a_token_is_shown_once_and_revoked(served: Served, operator: httpx.Client) -> None:
    page = post(operator, "/operator/tokens", do="add", label="notebook", role="reader").text
    token = page.split('class="secret mono">')[1].split("<")[0]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=served.url, trust_env=False) as program:
        assert program.get("/api/v1/search", headers=headers).status_code == 200
        with served.store.reading() as connection:
            (held,) = people.list_tokens(connection)
        assert post(operator, "/operator/tokens", do="revoke", id=held.id).status_code == 303
        assert program.get("/api/v1/search", headers=headers).status_code == 401
    assert token not in operator.get("/operator/audit").text
    assert post(operator, "/operator/tokens", do="add", label=" ", role="reader").status_code == 422
    assert post(operator, "/operator/tokens", do="add", label="x", role="king").status_code == 422


def test_the_log_is_filtered_and_its_chain_checked(served: Served, operator: httpx.Client) -> None:
    with served.store.writing() as connection:
        for number in range(103):
            action = "restricted" if number % 2 else "lifted"
            audit.note(
                connection, action, "article", f"article-{number}", who="Ada <b>", at=NOW, reason="why"
            )
    page = operator.get("/operator/audit").text
    assert "article-102" in page
    assert "article-0<" not in page
    assert "Ada &lt;b&gt;" in page
    assert "before=4" in page
    assert "article-0<" in operator.get("/operator/audit?before=4").text
    filtered = operator.get("/operator/audit?action=restricted").text
    assert "article-102" not in filtered
    assert "article-101" in filtered
    assert "article-7<" in operator.get("/operator/audit?about=article-7").text
    assert "all 103 rows are as they were written" in operator.get("/operator/audit?verify=1").text
    with served.store.writing() as connection:
        connection.execute(sa.update(log).where(log.c.seq == 50).values(reason="another"))
    assert "row 50 is not as it was written" in operator.get("/operator/audit?verify=1").text


@pytest.mark.parametrize("path", ["", "/runs", "/failures", "/people", "/audit"])
def test_empty_pages_say_so_and_nobody_else_sees_them(served: Served, path: str) -> None:
    for role in ROLES:
        with served.client(role) as client:
            answer = client.get(f"/operator{path}")
            assert answer.status_code == (200 if role == "operator" else 403)
            assert ("/operator" in client.get("/about").text) is (role == "operator")


def test_the_footprint_counts_every_file(store: Store) -> None:
    folder = store.place.evidence / "2024"
    folder.mkdir(parents=True)
    (folder / "a.warc.gz").write_bytes(b"x" * 1_000)
    with store.reading() as connection:
        found = footprint(connection, store.place)
    parts = dict(found.parts)
    assert parts["Evidence"] == 1_000
    assert parts["Database"] > 10_000
    assert 0 < found.free < found.whole
