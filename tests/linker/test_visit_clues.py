"""Days of visits and publication, resolved against the article's own date."""

import pytest

from linker.clues.visits import find
from tests.linker.factories import an_article

PUBLISHED = "2024-06-20"

CASES = [
    ("Ofsted visited in May.", "visit", "2024-05-01", "2024-05-31"),
    ("Inspectors came on 14 and 15 May.", "visit", "2024-05-14", "2024-05-15"),
    ("Inspectors visited on 14 and 15 May.", "visit", "2024-05-14", "2024-05-15"),
    ("The inspection took place last month.", "visit", "2024-05-01", "2024-05-31"),
    ("Inspectors called in November.", "visit", "2023-11-01", "2023-11-30"),
    ("They visited in early May.", "visit", "2024-05-01", "2024-05-13"),
    ("Ofsted inspected it in March and April.", "visit", "2024-03-01", "2024-04-30"),
    ("The report was published on 12 June.", "published", "2024-06-12", "2024-06-12"),
    ("The report was published on Friday.", "published", "2024-06-13", "2024-06-20"),
    ("After the previous inspection in May 2022 it improved.", "earlier_visit", "2022-05-01", "2022-05-31"),
    ("Ofsted found it inadequate for a second time in May.", "visit", "2024-03-02", "2024-05-31"),
    ("The visit ended with the same verdict as last autumn.", "earlier_visit", "2023-09-01", "2023-11-30"),
    ("The inspection went better than in May 2022.", "earlier_visit", "2022-05-01", "2022-05-31"),
    ("Inspectors visited as recently as April.", "visit", "2024-04-01", "2024-04-30"),
    ("Ofsted had found it inadequate in May.", None, None, None),
    ("The council as a whole was criticised at the end of May.", None, None, None),
    ("Four in ten of them were below good in May.", None, None, None),
    ("The home opened in May.", None, None, None),
    ("Everything must be done by 30 June.", None, None, None),
    ("The councillor said he visited in May.", None, None, None),
    ("Staff may visit.", None, None, None),
]


@pytest.mark.parametrize(("text", "kind", "first", "last"), CASES, ids=[case[0] for case in CASES])
def test_days(text: str, kind: str | None, first: str | None, last: str | None) -> None:
    found = find(an_article(text, published=PUBLISHED))
    told = [(one.kind, str(one.value.spans[0].first), str(one.value.spans[0].last)) for one in found]
    assert told == ([(kind, first, last)] if kind else [])


def test_without_a_date_a_month_is_of_any_year() -> None:
    (clue,) = find(an_article("Ofsted visited in March."))
    assert {span.first.month for span in clue.value.spans} == {3}
    assert len(clue.value.spans) > 5


def test_last_month_says_nothing_without_a_date() -> None:
    assert find(an_article("Ofsted visited last month.")) == []


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("during the October half-term", "2024-10-18", "2024-11-05"),
        ("in the week the clocks went back", "2024-10-21", "2024-11-02"),
        ("shortly after the general election", "2024-07-04", "2024-07-22"),
        ("just before Easter", "2024-03-12", "2024-03-31"),
        ("over the August bank holiday", "2024-08-20", "2024-09-01"),
    ],
)
def test_a_day_may_be_told_by_what_falls_on_it(said: str, first: str, last: str) -> None:
    clues = find(an_article(f"Inspectors visited the home {said}.", published="2024-11-20"))
    (span,) = clues[0].value.spans
    assert (clues[0].kind, str(span.first), str(span.last)) == ("visit", first, last)
