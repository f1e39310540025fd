"""Timelines: what is placed where, told apart without colour, and all of it in the table behind."""

import datetime as dt

import pytest

from archive.timeline import Lane, Span, inspected, timeline

TODAY = dt.date(2024, 6, 3)


def test_days_are_placed_in_order_within_the_width() -> None:
    marks = [inspected("full", "Good", dt.date(2020, 1, 1)), inspected("full", "Inadequate", TODAY)]
    (lane,) = timeline([Lane(title="Inspections", marks=marks)], today=TODAY).lanes
    left, right = (mark.left for mark in lane.marks)
    assert (left, right) == (2.5, 97.5)


def test_a_span_without_an_end_reaches_to_today() -> None:
    spans = [
        Span(first=dt.date(2020, 6, 3), last=None, told="A"),
        Span(first=dt.date(2020, 6, 3), last=dt.date(2022, 6, 3), told="B"),
    ]
    (lane,) = timeline([Lane(title="Owner", spans=spans)], today=TODAY).lanes
    assert lane.spans[0].width == pytest.approx(95)
    assert lane.spans[1].width == pytest.approx(47.5, abs=0.1)


def test_judgements_differ_by_letter_and_shape() -> None:
    grades = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
    marks = [inspected("full", grade, TODAY) for grade in grades]
    assert [mark.letter for mark in marks] == ["O", "G", "R", "I"]
    assert len({mark.shape for mark in marks}) == 4
    assert inspected("monitoring", None, TODAY).letter == "m"
    assert "not graded" in inspected("monitoring", None, TODAY).told
    assert inspected("interim", "Declined effectiveness", TODAY).letter == "↓"


def test_the_table_holds_everything_newest_first() -> None:
    lanes = [
        Lane(title="Owner", spans=[Span(first=dt.date(2020, 6, 3), last=None, told="Larkspur")]),
        Lane(title="Empty"),
        Lane(title="Inspections", marks=[inspected("full", "Good", dt.date(2021, 3, 5))]),
    ]
    chart = timeline(lanes, today=TODAY)
    assert [entry.told for entry in chart.entries] == ["Good", "Larkspur"]
    assert [row.lane.title for row in chart.lanes] == ["Owner", "Inspections"]
    assert timeline([], today=TODAY).empty


@pytest.mark.parametrize("begun", [1950, 1998, 2019, 2024])
def test_there_are_never_more_years_than_fit(begun: int) -> None:
    marks = [inspected("full", "Good", dt.date(begun, 1, 2))]
    years = timeline([Lane(title="Inspections", marks=marks)], today=TODAY).years
    assert len(years) <= 6
    assert [place for _, place in years] == sorted(place for _, place in years)
