"""A newsroom's own links as labels: taken once, the newest standing, wrong lines named."""

import datetime as dt

import pytest

from linker import run
from storage import labels
from storage.errors import RefusedFile
from storage.store import Store
from tests.linker.stored_world import a_register, save

AT = dt.datetime(2025, 6, 1, 9, tzinfo=dt.UTC)
LINE = '{"id": "https://gazette.example/home", "level": "setting", "links": [{"urn": "SC700001"}]}\n'


def take(store: Store, text: str, *, days: int = 0) -> tuple[int, bool]:
    with store.writing() as connection:
        return labels.take(connection, "labels.jsonl", text.encode(), at=AT + dt.timedelta(days=days))


def test_labels_are_kept_once_and_the_newest_stands(store: Store) -> None:
    assert take(store, LINE) == (1, True)
    assert take(store, LINE) == (1, False)
    take(store, LINE.replace("setting", "inspection"), days=1)
    with store.reading() as connection:
        (label,) = labels.standing(connection).values()
    assert label["level"] == "inspection"


def test_labels_of_articles_that_are_here_are_learned_from(store: Store) -> None:
    a_register(store)
    id_ = save(store, "gazette", "A home in Leeds was told to improve.")
    take(store, LINE + '{"id": "not-here", "level": "none"}\n')
    ((reading, label),) = run.judged(store)
    assert (label.id, label.links[0].urn) == (id_, "SC700001")
    assert reading.text.startswith("A home in Leeds")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no label"),
        ("{\n", "line 1: no JSON"),
        ('{"id": "a", "level": "perhaps"}\n', "line 1: a label needs"),
        ('{"id": "a", "level": "setting"}\n', "line 1: level setting needs links"),
        (
            '{"id": "a", "level": "setting", "links": [{"urn": "1", "inspection_date": "24/05/2023"}]}\n',
            "line 1: inspection_date 24/05/2023 is no day",
        ),
        (LINE + LINE, "line 2: .* has a label already"),
    ],
)
def test_a_wrong_line_refuses_the_file(store: Store, text: str, said: str) -> None:
    with pytest.raises(RefusedFile, match=said):
        take(store, text)
    with store.reading() as connection:
        assert labels.standing(connection) == {}
