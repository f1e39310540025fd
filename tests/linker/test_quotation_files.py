"""The kept quotation index gives what a new one gives, follows the reports, and is made anew when in doubt."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from linker.quotation_files import QuotationFolder
from linker.quotations import QuotationIndex
from linker.stored.quotations import index_of
from storage.store import Store
from tests.linker.stored_world import a_home, a_register, report
from tests.linker.test_quotations import LARK_RISE, MILL_END

KNIVES = "A bag of knives lay beneath the trampoline for a week"
GOAT = "fed the neighbour's goat crisps while workers slept in the van"


@pytest.fixture
def told(store: Store) -> Store:
    """A register of six homes, and reports of two inspections."""
    a_register(store, [a_home(number) for number in range(1, 7)])
    report(store, 0, MILL_END)
    report(store, 1, LARK_RISE)
    return store


def index(store: Store) -> QuotationIndex:
    with store.reading() as connection:
        return index_of(store, connection)


def reader(store: Store) -> Store:
    return Store(store.place)


def names(folder: Path, start: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(start))


def identity(store: Store) -> str:
    """By what the archive is told from others, as kept with its index."""
    with np.load(store.place.quotations / "current.npz") as named:
        return str(named["archive"])


def finds(found: QuotationIndex, quotations: Iterable[str]) -> list[bool]:
    return [bool(found.find(one)) for one in quotations]


def test_what_was_kept_finds_what_was_built(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    built = index(told)
    monkeypatch.setattr(QuotationIndex, "add", lambda *_: pytest.fail("it is built again"))
    kept = index(told)
    assert kept.find(KNIVES) == built.find(KNIVES)
    assert kept.find(KNIVES)[0].score == 1.0
    assert finds(kept, [GOAT]) == [True]


def test_a_new_report_is_added_to_what_was_kept(told: Store) -> None:
    index(told)
    folder = told.place.quotations
    texts, size = names(folder, "texts"), (folder / names(folder, "texts")[0]).stat().st_size
    report(told, 2, "Seven geese guard the gate of the house and nobody has told the postman of them.")
    found = index(told)
    assert finds(found, ["seven geese guard the gate of the house", KNIVES, GOAT]) == [True] * 3
    assert names(folder, "texts") == texts
    assert (folder / texts[0]).stat().st_size > size


def test_a_report_read_anew_is_replaced_and_one_withdrawn_is_dropped(told: Store) -> None:
    for number in range(2, 6):
        report(
            told, number, f"Home {number} has {number} ponds, and in each of them swims a pike of great age."
        )
    index(told)
    report(told, 0, "The garden is now in order, and a goat is no longer seen near it by anybody.")
    report(told, 1, None)
    assert finds(index(told), [GOAT, KNIVES, "a goat is no longer seen near it"]) == [False, False, True]
    assert len(index(told)) == 5


@pytest.mark.parametrize("what", ["current.npz", "texts", "runs"])
def test_a_torn_file_has_it_built_anew(told: Store, what: str) -> None:
    before = index(told).find(KNIVES)
    folder = told.place.quotations
    path = folder / names(folder, what)[0]
    path.write_bytes(path.read_bytes()[:-7])
    assert index(told).find(KNIVES) == before
    with reader(told) as store:
        assert index(store).find(KNIVES) == before


@pytest.mark.parametrize("what", ["current.npz", "texts", "runs", ""])
def test_what_is_deleted_is_made_anew(told: Store, what: str) -> None:
    before = index(told).find(KNIVES)
    for name in names(told.place.quotations, what):
        (told.place.quotations / name).unlink()
    assert index(told).find(KNIVES) == before


def test_an_index_of_another_archive_or_format_is_not_used(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(told)
    archive = identity(told)
    assert QuotationFolder(told.place.quotations, archive).load()
    assert QuotationFolder(told.place.quotations, "another").load() is None
    monkeypatch.setattr("linker.quotation_files._FORMAT", "0 little")
    assert QuotationFolder(told.place.quotations, archive).load() is None
    assert finds(index(told), [KNIVES]) == [True]


def test_a_name_that_leads_out_of_the_folder_is_not_followed(told: Store) -> None:
    index(told)
    folder = told.place.quotations
    with np.load(folder / "current.npz") as named:
        changed = {**named, "texts": np.asarray(f"../{folder.name}/{named['texts']}")}
    assert QuotationFolder(folder, identity(told)).load()
    np.savez(folder / "current.npz", **changed)
    assert QuotationFolder(folder, identity(told)).load() is None


def test_a_reader_has_the_newest_reports_and_keeps_nothing(told: Store) -> None:
    with reader(told) as store:
        assert finds(index(store), [KNIVES]) == [True]
        assert not store.place.quotations.exists()


def test_while_another_process_keeps_it_the_index_is_made_in_memory(told: Store) -> None:
    with QuotationFolder(told.place.quotations, "").held() as mine:
        assert mine
        assert finds(index(told), [KNIVES]) == [True]
        assert names(told.place.quotations, "current") == []
    index(told)
    assert names(told.place.quotations, "current") == ["current.npz"]


def test_who_has_the_old_index_open_goes_on_reading_it(told: Store) -> None:
    index(told)
    old = index(told)
    for number in range(2, 6):
        report(
            told, number, f"Home {number} has {number} ponds, and in each of them swims a pike of great age."
        )
        index(told)
    report(told, 1, MILL_END)
    index(told)
    assert finds(old, [KNIVES, GOAT]) == [True, True]
