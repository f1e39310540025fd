"""Second readers: a fixed sample, read blind, with figures of agreement and disagreements to settle."""

from collections.abc import Iterator

import pytest
from sklearn.metrics import cohen_kappa_score

from archive.reading import agreement
from archive.reading.queue import Queues, in_sample
from storage.store import Store
from tests.archive import reviewing as scene
from tests.archive.conftest import Served, serving
from tests.archive.reviewing import decision, judge, waiting, words


def test_the_sample_is_the_same_for_everybody_and_of_the_size_asked_for() -> None:
    ids = [f"article-{number}" for number in range(10_000)]
    chosen = [id_ for id_ in ids if in_sample(id_, 0, 0.1)]
    assert chosen == [id_ for id_ in ids if in_sample(id_, 0, 0.1)]
    assert 900 < len(chosen) < 1_100
    assert set(chosen) <= {id_ for id_ in ids if in_sample(id_, 0, 0.2)}
    assert not any(in_sample(id_, 0, 0.0) for id_ in ids)
    assert all(in_sample(id_, 0, 1.0) for id_ in ids)


@pytest.fixture
def everything_twice(store: Store) -> Iterator[Served]:
    """An archive in which a second person reads everything."""
    with serving(store, queues=Queues(1.0)) as archive:
        yield archive


def test_a_second_reader_sees_neither_the_answer_nor_the_first_decision(everything_twice: Served) -> None:
    served = everything_twice
    queued = scene.a_queue(served.world)
    article = queued.articles[0]
    with served.client("reviewer") as first, served.client("reviewer") as second:
        judge(first, article, f"inspection {queued.inspections[0]}", reason="The dates agree.")
        assert article not in waiting(first)
        assert article in waiting(second)
        shown = words(second.get(f"/review/{article}/0?seen=1"))
        for hidden in ("What the software says", "What people decided", "The dates agree.", "second"):
            assert hidden not in shown, hidden
        judge(second, article, "none")
        assert article not in waiting(second)
        assert "second reading" in words(second.get(f"/review/{article}/0"))
    assert [row.reading for row in scene.log(served)] == [1, 2]
    assert decision(served, article).inspection_id == queued.inspections[0], "the first decision stands"


def test_nobody_reads_a_second_time_outside_the_sample(store: Store) -> None:
    with serving(store, queues=Queues(0.0)) as served:
        queued = scene.a_queue(served.world)
        _judge_and_look_for_it(served, queued.articles[0])


def _judge_and_look_for_it(served: Served, article: str) -> None:
    with served.client("reviewer") as first, served.client("reviewer") as second:
        judge(first, article, "none")
        assert article not in waiting(second)


def test_an_operator_settles_what_two_readers_see_differently(everything_twice: Served) -> None:
    served = everything_twice
    queued = scene.a_queue(served.world, 4)
    said = [f"inspection {queued.inspections[0]}", "none", "several_fit", "none"]
    other = [f"inspection {queued.inspections[1]}", "none", "several_fit", "not_in_register"]
    for values in (said, other):
        with served.client("reviewer") as client:
            for article, value in zip(queued.articles, values, strict=True):
                judge(client, article, value)
    with served.client("operator") as operator:
        page = words(operator.get("/review/disagreements"))
        assert "Read twice 4 Decided alike 2 (50 %)" in page
        assert "To settle 2" in page
        judge(operator, queued.articles[0], f"setting {queued.settings[1]}", "?seen=1")
        page = operator.get("/review/disagreements")
        assert "To settle 1" in words(page)
        assert "Home number 4 told to improve" in page.text
        assert "Home number 1 told to improve" not in page.text
    assert decision(served, queued.articles[0]).setting_id == queued.settings[1]


def test_kappa_is_cohens(everything_twice: Served) -> None:
    served = everything_twice
    queued = scene.a_queue(served.world, 10)
    firsts = ["none"] * 5 + ["several_fit"] * 5
    seconds = ["none"] * 4 + ["several_fit"] * 4 + ["none"] * 2
    for values in (firsts, seconds):
        with served.client("reviewer") as client:
            for article, value in zip(queued.articles, values, strict=True):
                judge(client, article, value)
    with served.store.reading() as connection:
        figures = agreement.agreement(connection)
    assert (len(figures.pairs), figures.same) == (10, 7)
    assert figures.kappa == pytest.approx(cohen_kappa_score(firsts, seconds))


def test_there_is_no_kappa_of_one_kind_of_decision(everything_twice: Served) -> None:
    with everything_twice.store.reading() as connection:
        assert agreement.agreement(connection).kappa is None
