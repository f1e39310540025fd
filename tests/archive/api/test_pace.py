"""How much one token gets."""

from archive.api.pace import Pace
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import serving


def test_a_bucket_fills_evenly() -> None:
    pace = Pace(60)
    assert [pace.wait("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert pace.wait("a", 0.5) == 0.5
    assert pace.wait("b", 0.5) == 0.0, "another's is another's"
    assert pace.wait("a", 1.0) == 0.0


def test_a_token_that_asks_for_too_much_is_told_when_to_ask_again(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, pace=Pace(3)) as served, served.client(None) as client:
        first, second = served.token("reader"), served.token("reader")
        got = [client.get("/api/v1/me", headers=first) for _ in range(4)]
        assert [one.status_code for one in got] == [200, 200, 200, 429]
        assert 1 <= int(got[-1].headers["retry-after"]) <= 20
        assert got[-1].json()["type"].endswith("#too-many")
        assert client.get("/api/v1/me", headers=second).status_code == 200
