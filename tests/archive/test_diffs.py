"""Texts held against each other word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.diffs import Run, sides, versions


def told(paragraph: tuple[Run, ...]) -> str:
    signs = {"same": "", "gone": "-", "new": "+"}
    return " ".join(f"{signs[run.kind]}[{run.text}]" if run.kind != "same" else run.text for run in paragraph)


def test_versions_show_what_is_gone_before_what_is_new() -> None:
    found = versions("It has four beds.\n\nIt was rated good.", "It has six beds.\n\nIt was rated good.")
    assert [told(one) for one in found.paragraphs] == ["It has -[four] +[six] beds.", "It was rated good."]
    assert (found.changed, found.gone, found.new) == (1, 1, 1)


def test_a_paragraph_that_came_stands_by_itself() -> None:
    found = versions("First.\n\nLast.", "First.\n\nA whole new one.\n\nLast.")
    assert [told(one) for one in found.paragraphs] == ["First.", "+[A whole new one.]", "Last."]


def test_a_comma_counts_between_versions_and_not_beside_a_quotation() -> None:
    assert versions("Staff, tired", "Staff tired").changed == 1
    said, stands = sides("Staff were “tired”, they’d say,", "staff were tired they'd say")
    assert {run.kind for run in (*said, *stands)} == {"same"}


def test_sides_mark_what_only_one_has() -> None:
    said, stands = sides("Staff did not always act", "Staff did not act quickly")
    assert (told(said), told(stands)) == ("Staff did not -[always] act", "Staff did not act +[quickly]")


def test_a_very_long_text_is_compared_by_its_paragraphs() -> None:
    same = "\n\n".join(f"Paragraph {number} of a long text." for number in range(4_000))
    found = versions(same + "\n\nThe old end.", same + "\n\nThe new end.")
    assert told(found.paragraphs[-1]) == "-[The old end.] +[The new end.]"
    assert (found.changed, found.gone, found.new) == (1, 3, 3)


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_each_side_can_be_read_back(before: str, after: str) -> None:
    found = versions(before, after)
    runs = [run for paragraph in found.paragraphs for run in paragraph]
    left = " ".join(run.text for run in runs if run.kind != "new").split()
    right = " ".join(run.text for run in runs if run.kind != "gone").split()
    assert sorted(left) == sorted(before.split())
    assert sorted(right) == sorted(after.split())


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "a word"), ("a word", "")])
def test_nothing_can_be_compared(before: str, after: str) -> None:
    found = versions(before, after)
    assert (found.gone, found.new) == (len(before.split()), len(after.split()))
