"""What reports say is read once, follows the reports, and is read anew when in doubt."""

from pathlib import Path

import pytest

from linker.clues.needs import Ages
from linker.clues.posts import Post
from linker.finding_file import FindingFile, Kept
from linker.findings import Finding
from linker.stored import findings
from linker.stored.findings import kept_findings
from linker.stored.quotations import index_of
from storage.store import Store
from tests.linker.stored_world import a_home, a_register, report

_EVERYTHING = Finding(
    needs=frozenset({"learning", "autism"}),
    ages=Ages(8, 17),
    sexes=frozenset({"boys"}),
    post=Post(state="new", month=3, year=2022),
    requirements=4,
    notices=0,
    recommendations=None,
    restriction=True,
    regulations=frozenset({12, 13}),
)


def boys(age: int) -> str:
    return f"This home is for up to four boys aged 8 to {age}. There is no registered manager."


@pytest.fixture
def told(store: Store) -> Store:
    """A register of six homes, and reports of two inspections."""
    a_register(store, [a_home(number) for number in range(1, 7)])
    report(store, 0, boys(15))
    report(store, 1, boys(16))
    return store


def oldest(store: Store) -> list[int]:
    """The oldest age of each report; the ages tell the reports apart."""
    with store.reading() as connection:
        index_of(store, connection)
        return sorted(one.ages.oldest for one in kept_findings(store, connection).values() if one.ages)


def read_now(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of reports once more, by its ages."""
    read: list[str] = []

    def finding(facts: dict[str, object], text: str) -> Finding:
        read.append(text)
        return Finding(ages=Ages(8, 11))

    with monkeypatch.context() as patch:
        patch.setattr(findings, "finding", finding)
        oldest(store)
    return read


@pytest.mark.parametrize("said", [_EVERYTHING, Finding()])
def test_what_is_kept_is_what_was_read(tmp_path: Path, said: Finding) -> None:
    file = FindingFile(tmp_path / "findings.json", "mine")
    file.save({"one": Kept(stamp="r 7", said=said)})
    assert file.load() == {"one": Kept(stamp="r 7", said=said)}
    assert FindingFile(file.path, "another").load() == {}


def test_a_report_is_read_once_and_again_when_it_changes(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert oldest(told) == [15, 16]
    assert read_now(told, monkeypatch) == []
    report(told, 2, boys(17))
    report(told, 0, boys(14))
    report(told, 1, None)
    assert oldest(told) == [14, 17]
    assert read_now(told, monkeypatch) == []


def test_another_reading_of_reports_has_them_read_again(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    oldest(told)
    monkeypatch.setattr("linker.finding_file._reading", lambda: "another")
    assert len(read_now(told, monkeypatch)) == 2


@pytest.mark.parametrize("left", [0, 30, -4])
def test_a_torn_file_is_read_anew(told: Store, left: int) -> None:
    oldest(told)
    path = told.place.quotations / "findings.json"
    path.write_bytes(path.read_bytes()[:left])
    assert oldest(told) == [15, 16]


def test_a_reader_keeps_nothing(told: Store) -> None:
    with Store(told.place) as store:
        assert oldest(store) == [15, 16]
        assert not store.place.quotations.exists()


def test_the_index_leaves_the_findings_in_place(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    oldest(told)
    report(told, 2, "Seven geese guard the gate of the house and nobody has told the postman of them.")
    assert oldest(told) == [15, 16]
    assert read_now(told, monkeypatch) == []
