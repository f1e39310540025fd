"""Partial dates and spans keep what was known, and no more."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.dates import DaySpan, PartialDate


@pytest.mark.parametrize(
    ("given_text", "kept", "first", "last"),
    [
        ("2022", "2022", dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
        ("2024-02", "2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2022-08-03", "2022-08-03", dt.date(2022, 8, 3), dt.date(2022, 8, 3)),
        ("2022-08-03T09:30:00+01:00", "2022-08-03", dt.date(2022, 8, 3), dt.date(2022, 8, 3)),
    ],
)
def test_a_partial_date_is_kept_as_given(given_text: str, kept: str, first: dt.date, last: dt.date) -> None:
    date = PartialDate.parse(given_text)
    assert str(date) == kept
    assert date.span == DaySpan(first, last)


@pytest.mark.parametrize("text", ["", "22", "2022-13", "2022-02-30", "03/08/2022", "yesterday"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day|range"):
        PartialDate.parse(text)


@given(st.dates(), st.dates())
def test_a_day_is_in_a_span_when_its_gap_is_zero(one: dt.date, other: dt.date) -> None:
    span = DaySpan(min(one, other), max(one, other))
    assert one in span
    assert span.gap(one) == 0
    assert span.gap(span.last) == 0


def test_a_span_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        DaySpan(dt.date(2024, 2, 2), dt.date(2024, 2, 1))


def test_the_gap_counts_days_outside_on_either_side() -> None:
    span = DaySpan(dt.date(2024, 3, 10), dt.date(2024, 3, 11))
    assert (span.gap(dt.date(2024, 3, 8)), span.gap(dt.date(2024, 3, 14))) == (2, 3)
    assert span.widened(2).gap(dt.date(2024, 3, 8)) == 0
