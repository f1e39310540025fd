"""What machines are told: alive, ready, figures; the last only on this machine or with an operator's token."""

import shutil

import httpx
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from storage import jobs
from storage.dates import utc_now
from storage.held import TOO_LONG, Held
from storage.jobs import LEASE, Planned
from storage.schema.crawl import runs
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, serving
from tests.archive.test_operating import crawled
from tests.engines import ON_SQLITE


def figures(client: httpx.Client, **headers: str) -> dict[tuple[str, str], float]:
    """Each sample by its name and the value of its label."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return {
        (sample.name, *sample.labels.values()): sample.value  # type: ignore[misc]
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_add_up_and_name_sources_and_jobs(served: Served) -> None:
    crawled(served.store)
    with served.store.writing() as connection:
        jobs.plan(connection, [Planned(kind="link", every=LEASE)], at=utc_now())
    served.world.article("A story of red kites.")
    served.index()
    with served.client(None) as client:
        told = figures(client)
    counted = {
        name: told["onrecord_pages_total", name] for name in ("stored", "duplicate", "refused", "failed")
    }
    assert counted == {"stored": 10, "duplicate": 0, "refused": 4, "failed": 2}
    assert told["onrecord_pages_total", "fetched"] == sum(counted.values())
    assert told["onrecord_source_alarms", "bolton_beacon"] == 1
    assert (
        told["onrecord_job_due_timestamp_seconds", "link"]
        > told["onrecord_source_last_crawl_timestamp_seconds", "bolton_beacon"]
    )
    assert told["onrecord_holdings", "articles"] == 1
    assert told["onrecord_index_behind",] == 0  # type: ignore[index]
    assert told["process_open_fds",] > 0  # type: ignore[index]


def test_figures_are_for_this_machine_and_for_operators(served: Served) -> None:
    with served.client("operator") as client:
        passed_on = {"X-Forwarded-For": "203.0.113.7"}
        assert client.get("/metrics", headers=passed_on).status_code == 401
        assert client.get("/metrics", headers=passed_on | served.token("reader")).status_code == 401
        assert client.get("/metrics", headers=passed_on | served.token("operator")).status_code == 200


def test_ready_while_everything_that_is_needed_is_there(served: Served) -> None:
    with served.client(None) as client:
        served.index()
        answer = client.get("/readyz")
        sound = {"store": True, "schema": True, "writer": True, "index": True, "disk": True}
        assert (answer.status_code, answer.json()) == (200, sound | {"schedule": "none"})
        with served.store.writing() as connection:
            jobs.plan(connection, [Planned(kind="link", every=LEASE)], at=utc_now() - 1000 * LEASE)
        late = client.get("/readyz")
        assert (late.status_code, late.json()["schedule"]) == (200, "late")
        shutil.rmtree(served.store.place.index)
        assert client.get("/readyz").json() == sound | {"index": False, "schedule": "late"}


@ON_SQLITE  # whose file can be away
def test_alive_and_not_ready_where_the_store_cannot_be_read(served: Served) -> None:
    served.index()
    assert served.store.place.path is not None
    served.store.close()
    served.store.place.path.rename(served.store.place.path.with_suffix(".away"))
    with served.client(None) as client:
        assert client.get("/healthz").text == "ok\n"
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["store"]) == (503, False)


def test_every_run_that_was_crawled_adds_up(served: Served) -> None:
    crawled(served.store)
    with served.store.reading() as connection:
        for one in connection.execute(sa.select(runs)):
            assert one.fetched == one.stored + one.duplicate + one.refused + one.failed


def test_not_ready_while_nobody_can_write_for_minutes(store: Store) -> None:
    tick = [0.0]
    with open_indexer(store):
        pass
    with (
        serving(store, held=Held(lambda: tick[0])) as served,
        served.client(None) as client,
        Store(store.place, write=True) as other,
    ):
        with other.writing():
            assert client.get("/readyz").json()["writer"]
            tick[0] = TOO_LONG + 1
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json()["writer"]) == (503, False)
            assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").status_code == 200
