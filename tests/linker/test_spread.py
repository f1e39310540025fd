"""Linking on several processes: the same links to the last row, whoever dies meanwhile."""

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from distributed import Client, LocalCluster
from typer.testing import CliRunner

from linker import run, spread
from linker.errors import NoScheduler
from linker.linking import Linker
from linker.portions import Portion, Told
from onrecord.application import app
from storage.schema.links import links
from storage.store import Store
from tests.linker import stored_world
from tests.linker.stored_world import AT, a_home, a_register, told

ARTICLES = 330  # four portions


@pytest.fixture
def written(store: Store) -> Store:
    """A register, and as many articles, each on a home of it."""
    a_register(store)
    for number in range(ARTICLES):
        home = a_home(number % 60 + 1)
        stored_world.save(
            store, f"paper{number}", told(home, more=f"{_own_words(number)}"), published="2023-05-01"
        )
    return store


def _own_words(number: int) -> str:
    """What makes each article a story by itself."""
    return " ".join(f"{word}{number}" for word in ("lantern", "harbour", "meadow", "quarry", "orchard")) * 30


def rows(store: Store) -> list[tuple[Any, ...]]:
    """The links as stored, but for when and under which id."""
    columns = [column for column in links.c if column.name not in {"id", "decided_at"}]
    with store.reading() as connection:
        return [
            tuple(map(repr, row)) for row in connection.execute(sa.select(*columns).order_by(*columns[:4]))
        ]


def test_two_processes_make_the_same_links_though_one_is_killed(written: Store) -> None:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0
        ) as cluster,
        spread.on_scheduler(cluster.scheduler_address) as way,
    ):
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            processes = list(client.run(os.getpid).values())

        def killing(linker: Linker, portions: Iterable[Portion]) -> Iterator[list[list[Told]]]:
            for number, done in enumerate(way(linker, portions)):
                if number == 0:
                    os.kill(processes[0], signal.SIGKILL)
                yield done

        spread_out = list(run.link_articles(written, at=AT, everything=True, by=killing))
    assert len({id_ for id_, _ in spread_out}) == len(spread_out) == ARTICLES
    spread_links = rows(written)
    assert len(spread_links) >= ARTICLES
    assert len(list(run.link_articles(written, at=AT, everything=True))) == ARTICLES
    assert rows(written) == spread_links, "one process changes none of them"


def test_the_command_spreads_its_work(written: Store) -> None:
    address = str(written.place.path or written.place.url)
    asked = ["link", "--all", "--processes", "2", "--json", "--archive", address]
    ended = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert ended.exit_code == 0
    assert f'"mentions": {ARTICLES}' in ended.stdout


def test_where_no_scheduler_answers_it_says_so() -> None:
    with (
        pytest.raises(NoScheduler, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        spread.on_scheduler("tcp://127.0.0.1:9"),
    ):
        pass


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as cluster,
        pytest.raises(NoScheduler, match="has no workers"),
        spread.on_scheduler(cluster.scheduler_address),
    ):
        pass
