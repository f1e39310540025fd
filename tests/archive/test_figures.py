"""Charts: the drawn numbers and the table behind them are the same, and a chart that cannot be right is refused."""

import pytest

from archive.figures import Figure, Series


def figure(**changed: object) -> Figure:
    facts: dict[str, object] = {
        "id": "coverage",
        "title": "Coverage by month",
        "told": "Stories in each month.",
        "shape": "stacked",
        "of": "Month",
        "labels": ["May", "June"],
        "series": [Series(name="Good", values=[1, None], tone="good"), Series(name="Other", values=[0, 4])],
    }
    return Figure(**(facts | changed))  # type: ignore[arg-type]


def test_the_table_holds_what_is_drawn() -> None:
    shown = figure(links=["/a", "/b"])
    assert shown.rows == [("May", "/a", [1, 0]), ("June", "/b", [None, 4])]
    assert [one["values"] for one in shown.drawn["series"]] == [[1, None], [0, 4]]
    assert not shown.empty


def test_a_figure_of_nothing_says_so() -> None:
    assert figure(labels=[], series=[Series(name="Good", values=[])]).empty
    assert figure(series=[Series(name="Good", values=[0, None])]).empty


def test_series_of_other_lengths_and_unknown_tones_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        figure(labels=["May"])
    with pytest.raises(ValueError, match="different lengths"):
        figure(links=["/a"])
    with pytest.raises(ValueError, match="tone"):
        Series(name="Good", values=[], tone="mauve")
