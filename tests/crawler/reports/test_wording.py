"""The small grammars of a report: days, numbers, grades, needs, capacity, sentences, broken words."""

import pytest

from crawler.reports import about, days, sentences
from crawler.reports.grades import judgement
from crawler.reports.numbers import in_words, number
from crawler.reports.people import town
from crawler.reports.spelling import join, tidy


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("23 to 24 July 2019", "2019-07-23", "2019-07-24"),
        ("30 June to 2 July 2022", "2022-06-30", "2022-07-02"),
        ("30 December 2019 to 2 January 2020", "2019-12-30", "2020-01-02"),
        ("12 and 13 March 2024", "2024-03-12", "2024-03-13"),
        ("1, 2 and 8 March 2018", "2018-03-01", "2018-03-08"),
        ("12–13 March 2024", "2024-03-12", "2024-03-13"),
        ("3rd April 2018", "2018-04-03", "2018-04-03"),
        ("Tuesday 2 April 2019", "2019-04-02", "2019-04-02"),
        ("02/08/2016", "2016-08-02", "2016-08-02"),
        ("02/08/2016 to 04/08/2016", "2016-08-02", "2016-08-04"),
        ("28 Feb 2023", "2023-02-28", "2023-02-28"),
    ],
)
def test_days(written: str, first: str, last: str) -> None:
    found = days.span(written)
    assert found is not None
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize("written", ["", "soon", "31 June 2020", "99/99/2020", "July 2019"])
def test_what_is_no_day(written: str) -> None:
    assert days.span(written) is None


def test_numbers() -> None:
    assert [number(word) for word in ("8", "eight", "Twenty-one", "thirty")] == [8, 8, 21, 30]
    assert [in_words(value) for value in (8, 21)] == ["eight", "21"]


def test_judgements_are_spelled_one_way() -> None:
    words = (
        "requires improvement",
        "REQUIRES\nIMPROVEMENT to be good",
        "sustained effectiveness",
        "satisfactory",
    )
    assert [judgement(word) for word in words] == [
        "Requires improvement to be good",
        "Requires improvement to be good",
        "Sustained effectiveness",
        "Adequate",
    ]
    assert [judgement(word) for word in ("none", "", None, "goodness")] == [None] * 4


@pytest.mark.parametrize(
    ("said", "capacity"),
    [
        ("The home is registered to provide care for up to three children with learning disabilities.", 3),
        ("This children's home is registered for four young people.", 4),
        ("It can accommodate up to a maximum of 12 children.", 12),
        ("The home provides care for one child.", 1),
        ("The service cares for up to twenty-two children and young adults.", 22),
        ("A six-bed home. Two children were living there.", 6),
        ("Three children were living at the home.", None),
    ],
)
def test_capacity(said: str, capacity: int | None) -> None:
    assert about.capacity(said) == capacity


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("care for up to two children with mental health needs.", ["mental health needs"]),
        ("young people who have emotional and/or social needs.", ["emotional and/or social needs"]),
        ("children with social, emotional and sensory needs.", ["social, emotional and sensory needs"]),
        ("children who may have experienced trauma and a disability.", ["trauma", "disability"]),
        ("children who have autism and who self-harm. They like it.", ["autism", "self-harm"]),
        ("Children like the garden.", []),
    ],
)  # fmt: skip
def test_needs(said: str, needs: list[str]) -> None:
    assert about.needs(said) == needs


def test_the_manager_and_another_regulator() -> None:
    said = (
        "The manager has been registered with Ofsted since 3 May 2022. "
        "The home is also registered with the Care Quality Commission."
    )
    assert about.manager_since(said) == "3 May 2022"
    assert about.also_registered_with(said) == "Care Quality Commission"
    assert about.manager_since("There is no registered manager in post.") is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("4 Example Street, Exampleton EX4 5MP", "Exampleton"),
        ("Unit 3, Example House, Exampleton, North Yorkshire, EX4 5MP", "Exampleton"),
        ("[omitted]", None),
        ("4 Example Street", None),
    ],
)
def test_the_town_of_an_address(address: str, found: str | None) -> None:
    assert town([address]) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! “Three?” Four", ["One.", "Two!", "“Three?”", "Four"]),
        ("Mr. Arden (see para. 4) came. He left.", ["Mr. Arden (see para. 4) came.", "He left."]),
        ("They eat at 5 p.m. on Monday.", ["They eat at 5 p.m. on Monday."]),
        ("J. Arden runs Larkmoor Ltd. It is small.", ["J. Arden runs Larkmoor Ltd.", "It is small."]),
        ("It cost £3.50. £2 came back.", ["It cost £3.50.", "£2 came back."]),
        ("12. Staff know. 13. They act.", ["12. Staff know.", "13. They act."]),
        ("They are safe.’ Staff agree.", ["They are safe.’", "Staff agree."]),
    ],
)  # fmt: skip
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences.spans(text)] == parts


def test_words_broken_at_the_end_of_a_line_are_made_whole() -> None:
    vocabulary = frozenset({"safeguarding", "child-centred", "multi-agency"})
    assert join("poor safe-", "guarding of children", vocabulary) == "poor safeguarding of children"
    assert join("a child-", "centred plan", vocabulary) == "a child-centred plan"
    assert join("well-", "being", frozenset()) == "well-being"
    assert join("they under-", "stand it", frozenset({"understand"})) == "they understand it"
    assert join("the years 2018-", "2019", frozenset()) == "the years 2018- 2019"


def test_characters_are_put_right() -> None:
    assert tidy(" \ufb01rst\u00a0o\ufb03ce\u200b  of\nall ") == "first office of all"
