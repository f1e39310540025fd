"""Work spread over processes comes to the same, to the last row, whoever dies meanwhile."""

import os
import random
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from distributed import Client, LocalCluster
from typer.testing import CliRunner

from crawler.errors import Crashed, Unreadable
from linker import run
from linker.linking import Linker
from linker.model import Model
from linker.portions import Portion, Told
from linker.register import Register
from linker.train import in_turn, train
from linker.worlds import World
from onrecord import spreading
from onrecord.application import app
from onrecord.spreading import Crew, NoScheduler
from storage.schema.links import links
from storage.store import Store
from tests.bench.press import invented_records, stories
from tests.crawler.extract.test_pool import misbehave
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


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers; one that dies is begun again."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", memory_limit=0
    ) as made:
        yield made


@pytest.fixture
def crew(cluster: LocalCluster) -> Iterator[Crew]:
    with spreading.crew(cluster.scheduler_address, 1) as found:
        yield found


def test_models_are_fitted_as_by_one_process(crew: Crew) -> None:
    rng = random.Random(4)
    register = Register(invented_records(rng, 120))
    worlds = [World(name=name, register=register, told=list(stories(rng, register, 12))) for name in "abc"]
    alone, spread_out = (train(worlds, Model(), name="fitted", by=by) for by in (in_turn, crew.map))
    assert spread_out.as_data() == alone.as_data()


def test_documents_are_read_under_limits_on_the_workers(crew: Crew) -> None:
    documents = [(number, word) for number, word in enumerate((b"well", b"crash", b"refuse", b"well"))]
    told = dict(crew.each(misbehave, iter(documents)))
    assert isinstance(told[1], Crashed)
    assert isinstance(told[2], Unreadable)
    assert isinstance(told[0], int)
    assert isinstance(told[3], int)
    assert os.getpid() not in told.values()


def test_two_processes_make_the_same_links_though_one_is_killed(
    written: Store, cluster: LocalCluster, crew: Crew
) -> None:
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        processes = list(client.run(os.getpid).values())

    def killing(linker: Linker, portions: Iterable[Portion]) -> Iterator[list[list[Told]]]:
        for number, done in enumerate(crew.link(linker, portions)):
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
        spreading.crew("tcp://127.0.0.1:9", 1),
    ):
        pass


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(NoScheduler, match="has no workers"),
        spreading.crew(cluster.scheduler_address, 1),
    ):
        pass
