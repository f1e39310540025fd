"""What an operator is told of unasked, once."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from archive.alerts import alarming
from storage import alarms, jobs, orders, sources
from storage.alarms import Concern
from storage.health import Finding
from storage.jobs import Planned
from storage.records import Source
from storage.schema.crawl import alarms as alarm_table
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import Postbox


def troubled(newsroom: Newsroom) -> None:
    """A source that is silent, a job that fails, an order that ends."""
    at = newsroom.now
    article = newsroom.world.article(title="Held back")
    with newsroom.store.writing() as connection:
        sources.save(connection, Source(name="harrow_herald", kind="news", title="Harrow Herald"))
        silent = Concern(kind="silent", what="https://herald.example/secret", reason="canary")
        for _ in range(2):
            alarms.note(connection, "harrow_herald", [silent], judged=(), at=at)
        jobs.plan(connection, [Planned(kind="link", every=dt.timedelta(hours=1))], at=at)
        for number in range(3):
            later = at + number * dt.timedelta(hours=1)
            (held,) = jobs.take(connection, "desk", at=later, limit=1, among=["link"])
            jobs.finish(connection, held, "failed", at=later, reason="canary")
        until = at.date() + dt.timedelta(days=3)
        orders.restrict(connection, "article", article, reason="canary", until=until, who="Ada Moss", at=at)


def test_an_operator_is_told_once_what_needs_looking_at(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    troubled(newsroom)
    for _ in range(3):
        newsroom.send()
        newsroom.later(minutes=40)
    (mail,) = postbox.got
    told = mail.get_content()
    assert mail["Subject"] == "What an operator should see"
    assert "The source harrow_herald is not what it was" in told
    assert "The job link failed 3 times in a row" in told
    assert "Orders that end within two weeks, or have: 1" in told
    assert "canary" not in told
    assert "secret" not in told


def test_what_comes_back_is_told_again(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    troubled(newsroom)
    newsroom.send()
    newsroom.later(minutes=40)
    with newsroom.store.writing() as connection:
        connection.execute(sa.update(alarm_table).values(raised_at=newsroom.now))
    newsroom.send()
    assert len(postbox.got) == 2
    assert "The job link" not in postbox.got[1].get_content()


def test_without_an_operator_nothing_is_kept_for_one(newsroom: Newsroom, postbox: Postbox) -> None:
    troubled(newsroom)
    newsroom.send()
    assert postbox.got == []


def a_finding(check: str, todo: str, *, told: str = "canary", **more: Any) -> Finding:
    return Finding(check=check, state=more.pop("state", "wrong"), told=told, todo=todo, **more)


def test_what_the_doctor_finds_is_told_once_while_it_lasts(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    source = a_finding("sources", "run `onrecord sources check harrow_herald`", alarmed=True)
    for free in ("0.4 GiB free", "0.3 GiB free", "0.2 GiB free"):
        full = a_finding("disk", "make room", told=free)
        old = a_finding("register", "import a newer one", state="note")
        alarming.tell(newsroom.store, [full, old, source], at=newsroom.now)
        newsroom.send()
        newsroom.later(days=1)
    (mail,) = postbox.got
    told = mail.get_content()
    assert "The doctor says of disk: make room." in told
    assert "The doctor says of register: import a newer one." in told
    assert "canary" not in told
    assert "sources" not in told, "its alarm tells of it"


def test_what_is_well_again_is_told_once_and_a_relapse_as_well(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    full, old = a_finding("disk", "make room"), a_finding("register", "import a newer one", state="note")
    lines = []
    for found in ([full, old], [old], [], [old], [full], [full]):
        alarming.tell(newsroom.store, found, at=newsroom.now)
        newsroom.send()
        newsroom.later(days=1)
        lines.append(len(postbox.got))
    assert lines == [1, 2, 2, 2, 3, 3]
    assert "no more of what was wrong with disk" in postbox.got[1].get_content()
    assert "make room" in postbox.got[2].get_content()
