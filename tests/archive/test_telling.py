"""What pages say in words, how text is marked, how weights are drawn."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import telling
from archive.marks import Span, marked
from archive.waterfall import waterfall


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (dt.date(2024, 3, 5), dt.date(2024, 3, 6), "5 to 6 March 2024"),
        (dt.date(2024, 3, 31), dt.date(2024, 4, 1), "31 March to 1 April 2024"),
        (dt.date(2023, 12, 31), dt.date(2024, 1, 1), "31 December 2023 to 1 January 2024"),
        (dt.date(2024, 3, 5), dt.date(2024, 3, 5), "5 March 2024"),
        (dt.date(2024, 3, 5), None, "5 March 2024"),
        (None, None, "–"),
    ],
)
def test_days_are_told_as_short_as_they_can_be(
    first: dt.date | None, last: dt.date | None, told: str
) -> None:
    assert telling.days(first, last) == told


def test_iso_dates_are_written_out() -> None:
    assert telling.spoken("published 2025-03-13, 14 days before") == "published 13 March 2025, 14 days before"
    assert telling.spoken("event 2025-13-99") == "event 2025-13-99"


def test_times_are_those_of_london() -> None:
    assert telling.moment(dt.datetime(2024, 6, 3, 23, 30, tzinfo=dt.UTC)) == "4 June 2024, 00:30 BST"
    assert telling.moment(dt.datetime(2024, 1, 3, 9, 5, tzinfo=dt.UTC)) == "3 January 2024, 09:05 GMT"


@pytest.mark.parametrize(
    ("iso", "told"),
    [
        ("2022", "2022"),
        ("2022-08", "August 2022"),
        ("2022-08-03", "3 August 2022"),
        (None, "undated"),
        ("x", "undated"),
    ],
)
def test_a_partial_date_is_told_as_far_as_it_is_known(iso: str | None, told: str) -> None:
    assert telling.published(iso) == told


@pytest.mark.parametrize(
    ("weight", "told"),
    [
        (1.0, "2 times likelier"),
        (-1.0, "2 times less likely"),
        (4.0, "16 times likelier"),
        (0.01, "no difference"),
        (30.0, "over a million times likelier"),
    ],
)
def test_weights_are_told_as_odds(weight: float, told: str) -> None:
    assert telling.odds(weight) == told


def test_probabilities_claim_no_certainty() -> None:
    assert [telling.percent(p) for p in (1.0, 0.97, 0.5, 0.001)] == ["over 99 %", "97 %", "50 %", "under 1 %"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:a.html",
        "//evil.example",
        "http://",
        "https://a b",
        "java\nscript:x",
        "http://[",
        None,
        "",
    ],
)
def test_only_web_addresses_lead_outward(url: str | None) -> None:
    assert telling.outward(url) is None


def test_a_web_address_leads_outward() -> None:
    assert telling.outward("https://www.beacon.example/a?b=c#d") == "https://www.beacon.example/a?b=c#d"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://www.beacon.example/a?b=c#d", "http://127.0.0.1:8001/a?b=c#d"),
        ("https://beacon.example/a", "https://beacon.example/a"),
        ("javascript://www.beacon.example/a", None),
    ],
)
def test_a_host_served_elsewhere_is_led_to_where_it_is_served(url: str, told: str | None) -> None:
    assert telling.outward(url, {"www.beacon.example": "127.0.0.1:8001"}) == told


SPANS = st.lists(
    st.builds(
        lambda number, start, length: Span(number, start, start + length, "who"),
        st.integers(1, 9),
        st.integers(0, 60),
        st.integers(0, 30),
    ),
    max_size=8,
)


@given(st.text(st.sampled_from("ab \n😀"), max_size=60), SPANS)
def test_marking_never_changes_the_text(text: str, spans: list[Span]) -> None:
    paragraphs = ["".join(piece.text for piece in pieces) for pieces in marked(text, spans)]
    assert paragraphs == [line for line in text.split("\n") if line.strip()]


def test_overlapping_clues_share_their_pieces() -> None:
    spans = [Span(1, 0, 9, "who"), Span(2, 5, 14, "where")]
    (pieces,) = marked("abcdefghijklmnop", spans)
    assert [(piece.text, [span.number for span in piece.spans]) for piece in pieces] == [
        ("abcde", [1]),
        ("fghi", [1, 2]),
        ("jklmn", [2]),
        ("op", []),
    ]
    assert [[span.number for span in piece.ends] for piece in pieces] == [[], [1], [2], []]


def test_a_clue_over_two_paragraphs_is_marked_in_both() -> None:
    first, second = marked("one two\n\nthree four", [Span(1, 4, 14, "when")])
    assert [piece.text for piece in first if piece.spans] == ["two"]
    assert [piece.text for piece in second if piece.spans] == ["three"]


def test_each_bar_begins_where_the_last_one_ended() -> None:
    drawn = waterfall([6.0, 4.0, -2.0])
    assert [(bar.left, bar.width, bar.against) for bar in drawn.bars] == [
        (0.0, 60.0, False),
        (60.0, 40.0, False),
        (80.0, 20.0, True),
    ]
    assert (drawn.total, drawn.total_bar.width, drawn.zero) == (8.0, 80.0, 0.0)


@given(st.lists(st.floats(-40, 40), max_size=20))
def test_bars_stay_inside_the_chart(weights: list[float]) -> None:
    drawn = waterfall(weights)
    for bar in (*drawn.bars, drawn.total_bar):
        assert bar.left >= -0.01
        assert bar.left + bar.width <= 100.01
