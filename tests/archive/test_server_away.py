"""The database's server is away, or hangs: every page says so in a line, machines are told, and all comes back."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, form_token, serving
from tests.archive.everywhere import lived_in
from tests.storage.a_cluster import Cluster, a_cluster

pytestmark = pytest.mark.postgres
TOLD = "database does not answer"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


@pytest.fixture
def served(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.chdir(tmp_path)
    with Store.at(cluster.address, write=True) as store:
        with open_indexer(store):
            pass
        with serving(store) as archive:
            yield archive


def test_every_page_says_so_in_a_line_and_comes_back(served: Served, cluster: Cluster) -> None:
    pages = lived_in(served.store).looked_at
    api = served.token("reader")
    with served.client("operator") as person, served.client(None) as nobody:
        known = {path: person.get(address).status_code for path, address in pages.items()}
        form = {"token": form_token(person.get("/search?q=kites").text)}
        cluster.stop()
        for path, address in pages.items():
            answer = person.get(address)
            assert (answer.status_code, TOLD in answer.text) == (503, True), path
            assert "Traceback" not in answer.text
            assert str(cluster.port) not in answer.text, "where the server is"
            assert answer.headers["retry-after"] == "1"
        answer = person.post("/sign-out", data=form, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, TOLD in answer.text) == (503, True)
        answer = nobody.get("/api/v1/articles", headers=api)
        assert (answer.status_code, TOLD in answer.json()["detail"]) == (503, True)
        assert nobody.get("/healthz").text == "ok\n"
        assert (nobody.get("/readyz").status_code, nobody.get("/readyz").json()["store"]) == (503, False)
        cluster.start()
        assert nobody.get("/readyz").status_code == 200
        assert nobody.get("/api/v1/articles", headers=api).status_code == 200
        assert {path: person.get(address).status_code for path, address in pages.items()} == known


def test_while_it_hangs_nobody_waits_for_ever_and_the_process_is_alive(
    served: Served, cluster: Cluster
) -> None:
    with served.client("reader") as person, served.client(None) as nobody, ThreadPoolExecutor(45) as pool:
        assert person.get("/").status_code == 200

        def ask(address: str) -> httpx.Response:
            return httpx.get(
                f"{served.url}{address}", cookies=dict(person.cookies), timeout=120, verify=False
            )

        with cluster.halted():
            asked = [pool.submit(ask, "/") for _ in range(41)]  # more than there are threads for
            time.sleep(1)
            begun = time.monotonic()
            assert nobody.get("/healthz").text == "ok\n"
            assert time.monotonic() - begun < 5
            answers = [one.result() for one in asked]
            assert {one.status_code for one in answers} == {503}
            assert nobody.get("/readyz").status_code == 503
            print(f"{len(answers)} answers within {time.monotonic() - begun:.0f} s")  # noqa: T201
        assert person.get("/").status_code == 200
        assert nobody.get("/readyz").status_code == 200
