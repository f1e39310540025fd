"""What is past its days goes from every file; what journalism needs is kept unless a newsroom says otherwise."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import alerts, audit, captures, corrections, follows, notes, outbox, people, retention
from storage.evidence import EvidenceFolder
from storage.retention import Days
from storage.schema.crawl import captures as captured
from storage.schema.crawl import failures
from storage.schema.people import keys
from storage.schema.press import article_versions
from storage.schema.work import corrections as reported
from storage.schema.work import follows as followed
from storage.schema.work import notes as noted
from storage.store import Store
from tests.archive.world import NOW, World
from tests.storage.test_orders import CANARY, crawled, holders

LATER = NOW + dt.timedelta(days=400)
FOREVER = Days(sessions=None, ended=None, contacts=None, failures=None)


def enforced(store: Store, days: Days, at: dt.datetime = LATER) -> dict[str, int]:
    with store.reading() as connection:
        foretold = {one.kind: one.count for one in retention.due(connection, days, at=at) if one.count}
    done = {one.kind: one.count for one in retention.enforce(store, days, at=at, who="schedule")}
    assert done == foretold, "what was told beforehand is what was done"
    return done


def test_by_default_evidence_is_kept_for_ever(store: Store) -> None:
    article = crawled(store)
    World(store).link(article, status="none", level="none")
    assert enforced(store, Days()) == {}
    assert enforced(store, FOREVER) == {}


@pytest.mark.parametrize(
    ("status", "fetched_before", "goes"),
    [("none", 401, True), ("none", 399, False), ("candidate", 401, False), ("linked", 401, False)],
)
def test_bytes_of_a_page_about_no_setting_go_after_their_days(
    store: Store, status: str, fetched_before: int, *, goes: bool
) -> None:
    article = crawled(store)
    World(store).link(article, status=status, level="none")
    fetched = LATER - dt.timedelta(days=fetched_before)
    with store.writing() as connection:
        connection.execute(sa.update(captured).values(fetched_at=fetched))
    assert bool(enforced(store, Days(unlinked_captures=400))) is goes
    held = holders(store, ["Nobody was awake"])
    assert any(name.endswith(".warc.gz") for name in held) is not goes
    with store.reading() as connection:
        assert "awake" in connection.scalars(sa.select(article_versions.c.text)).one(), "the text stays"
        assert list(EvidenceFolder(store.place.evidence).verify(captures.each(connection))) == []
        told = [(entry.action, entry.about, entry.details["count"]) for entry in audit.entries(connection)]
    assert told == [("past its days", "unlinked_captures", 1)] * goes


def test_a_page_that_was_never_linked_is_kept(store: Store) -> None:
    crawled(store)
    assert enforced(store, Days(unlinked_captures=1)) == {}


def test_captured_reports_go_after_their_days_and_nothing_else(store: Store) -> None:
    article = crawled(store)
    world = World(store)
    setting = world.setting()
    with store.writing() as connection:
        capture = captures.of_article(connection, article).id
        connection.execute(sa.update(article_versions).values(capture_id=None))
    world.report(setting, world.inspection(setting), capture_id=capture)
    assert enforced(store, Days(people_blocks=399)) == {"people_blocks": 1}
    assert not [name for name in holders(store, [CANARY]) if name.endswith(".gz")]
    assert enforced(store, Days(people_blocks=399)) == {}, "and only once"


def test_what_was_ended_is_forgotten(store: Store) -> None:
    article = World(store).article()
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=NOW)
        for text in ("an old matter", "a matter that stands"):
            note = notes.add(connection, user, "article", article, text, at=NOW)
        notes.end(connection, note, user_id=user, is_operator=False, at=NOW)
        follow = follows.follow(connection, user, "search", "q=kites", "kites", at=NOW)
        follows.unfollow(connection, user, follow, at=NOW)
        kept = follows.follow(connection, user, "search", "q=larks", "larks", at=NOW)
        for rhythm in (ended := alerts.RHYTHMS[:2]):
            alert = alerts.add(connection, user, kept, ("chat", "newsdesk"), rhythm, at=NOW)
            alerts.end(connection, alert.id, at=NOW)
        message = outbox.put(connection, None, "notice", [], at=NOW, due=NOW)
        outbox.end(connection, message, "delivered", at=NOW)
        people.start_session(connection, user, at=NOW)
        people.start_session(connection, user, at=LATER)
        said = corrections.report(
            connection, article, None, said="not so", contact="ada@moss.example", at=NOW
        )
        connection.execute(sa.update(reported).where(reported.c.id == said).values(decided_at=NOW))
        failed = {"id": "f", "what": "https://x.example/", "outcome": "gone", "reason": "404"}
        connection.execute(sa.insert(failures).values(**failed, at=NOW, settled_at=NOW))
    gone = {"sessions": 1, "ended": 2 + len(ended), "messages": 1, "contacts": 1, "failures": 1}
    assert enforced(store, Days()) == gone
    with store.reading() as connection:
        counts = [
            connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (noted, followed, keys)
        ]
        assert counts == [1, 1, 1]
        assert connection.scalar(sa.select(reported.c.said)) == "not so"
    assert holders(store, ["ada@moss.example"]) == []
