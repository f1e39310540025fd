"""Quotations find their report, with its exact characters; stock sentences are known for what they are."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.quotations import QuotationHit, QuotationIndex
from tests.linker.invented_reports import Inspectorate, quotations

LARK_RISE = (
    "Summary\n\nThe home is warm and children’s drawings cover the hall. Staff didn’t know where one child "
    "had slept for two nights, and nobody told the police. A bag of knives lay beneath the trampoline "
    "for a week before anyone looked.\nLeaders monitor the quality of care that the children receive every "
    "month."
)
MILL_END = (
    "The garden is overgrown. Two children fed the neighbour's goat crisps while workers slept in the van. "
    "Leaders monitor the quality of care that the children receive every month."
)


def an_index(*texts: str) -> QuotationIndex:
    return QuotationIndex.build((f"report-{number}", text, ()) for number, text in enumerate(texts))


def passage(text: str, hit: QuotationHit) -> str:
    return text[hit.start : hit.end]


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        (
            "staff did not know where one child had slept for two nights",
            "Staff didn’t know where one child had slept for two nights",
        ),
        (
            "“[s]taff didn't know where [the boy] had slept for two nights, and nobody told the police.”",
            "Staff didn’t know where one child had slept for two nights, and nobody told the police.",
        ),
        (
            "a bag of KNIVES laid beneath the trampolines for a week before anybody looked",
            "A bag of knives lay beneath the trampoline for a week before anyone looked",
        ),
        (
            "A bag of knives … for a week before anyone looked",
            "A bag of knives lay beneath the trampoline for a week before anyone looked",
        ),
        (
            "The house is warm and childrens drawings covered the hall.",
            "The home is warm and children’s drawings cover the hall.",
        ),
    ],
)
def test_an_edited_quotation_is_found_at_its_exact_characters(quotation: str, expected: str) -> None:
    hit = an_index(MILL_END, LARK_RISE).find(quotation)[0]
    assert (hit.report, passage(LARK_RISE, hit)) == ("report-1", expected)
    assert hit.holders == 1
    assert hit.score > 0.8


def test_a_word_for_word_quotation_scores_one() -> None:
    hit = an_index(LARK_RISE, MILL_END).find(
        "Two children fed the neighbour's goat crisps while workers slept"
    )[0]
    assert hit.score == 1.0


@pytest.mark.parametrize(
    "unrelated",
    [
        "The council said it would spend more on roads and on street lighting next year",
        "the quality of care",
        "the home",
        "…",
        "",
    ],
)
def test_words_that_no_report_repeats_are_not_found(unrelated: str) -> None:
    assert an_index(*[LARK_RISE, MILL_END] * 3).find(unrelated) == []


def test_an_empty_index_finds_nothing() -> None:
    assert QuotationIndex.build([]).find("nobody told the police about the bag of knives") == []


def test_a_stock_sentence_is_known_to_be_held_by_many() -> None:
    stock = "Leaders monitor the quality of care that the children receive every month."
    index = an_index(*(f"Home {number} keeps {number} ducks in its garden. {stock}" for number in range(200)))
    assert index.find(stock)[0].holders >= 180
    assert index.find("home 17 keeps 17 ducks in its garden at night")[0].holders == 1


def test_a_stock_sentence_with_one_word_changed_in_each_report_is_still_stock() -> None:
    index = an_index(
        *(f"The manager, Jo N{n}ble, has failed to make sure that the children are safe." for n in range(100))
    )
    assert (
        index.find("the manager, Jo N7ble, has failed to make sure that the children are safe")[0].holders
        > 50
    )


def test_a_short_quotation_counts_only_where_it_is_rare() -> None:
    index = an_index(*[MILL_END] * 10, LARK_RISE)
    assert [hit.report for hit in index.find("nobody told the police")] == ["report-10"]
    assert index.find("the garden is overgrown") == []


def test_only_sentences_are_indexed_where_they_are_known() -> None:
    start = LARK_RISE.index("A bag of knives")
    index = QuotationIndex.build([("lark", LARK_RISE, [(start, start + 80)])])
    assert index.find("nobody told the police about where one child had slept") == []
    assert index.find("bag of knives lay beneath the trampoline for a week")


def test_a_report_added_later_is_found_and_one_read_again_is_replaced() -> None:
    index = an_index(LARK_RISE)
    index.add([("later", MILL_END, ())])
    assert index.find("fed the neighbour's goat crisps while workers slept in the van")[0].report == "later"
    index.add([("later", "Nothing is left of what stood here.", ())])
    assert index.find("fed the neighbour's goat crisps while workers slept in the van") == []
    assert len(index) == 2


def test_the_index_travels_as_bytes() -> None:
    quotation = "fed the neighbour's goat crisps while workers slept in the van"
    index = an_index(LARK_RISE, MILL_END)
    assert pickle.loads(pickle.dumps(index)).find(quotation) == index.find(quotation)


WORDS = st.text(alphabet="abcdéßœøŻ中1’", min_size=1, max_size=7).filter(lambda word: word.strip("’"))
GAPS = st.sampled_from([" ", "  ", "\n", ", ", " – ", " 😀 "])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_stretch_of_any_text_is_found_where_it_stands(data: st.DataObject) -> None:
    words = data.draw(
        st.lists(WORDS, min_size=20, max_size=60, unique_by=lambda word: word.replace("’", "").casefold())
    )
    gaps = data.draw(st.lists(GAPS, min_size=len(words), max_size=len(words)))
    text = "".join(map("".join, zip(words, gaps, strict=True)))
    first = data.draw(st.integers(0, len(words) - 10))
    quotation = " ".join(words[first : first + 10]).upper()
    hits = QuotationIndex.build([("one", text, ()), ("other", "something else is written here", ())]).find(
        quotation
    )
    start = sum(map(len, [*words[:first], *gaps[:first]]))
    stretch = "".join(map("".join, zip(words[first:], [*gaps[first : first + 9], ""], strict=False)))
    found = text[hits[0].start : hits[0].end]
    assert found == stretch.strip("’")
    assert start <= hits[0].start <= start + 7


def test_most_edited_quotations_find_their_report_among_many() -> None:
    rng = random.Random(20)
    reports = Inspectorate(rng).reports(200, words=800)
    index = QuotationIndex.build((report.id, report.text, report.spans) for report in reports)
    tried = [quoted for quoted in quotations(rng, reports, 600) if not quoted.stock]
    hits = [(quoted, next(iter(index.find(quoted.text, limit=1)), None)) for quoted in tried]
    right = [(quoted, hit) for quoted, hit in hits if hit and hit.report == quoted.report]
    exact = [hit for quoted, hit in right if (hit.start, hit.end) == (quoted.start, quoted.end)]
    assert len(right) / len(tried) >= 0.97
    assert len(exact) / len(right) >= 0.97
    assert sum(hit.holders == 1 for hit in exact) / len(exact) >= 0.95


def test_edited_stock_sentences_are_known_for_stock() -> None:
    rng = random.Random(21)
    reports = Inspectorate(rng).reports(300, words=1_500)
    index = QuotationIndex.build((report.id, report.text, report.spans) for report in reports)
    tried = [quoted for quoted in quotations(rng, reports, 300) if quoted.stock]
    holders = [hits[0].holders for quoted in tried if (hits := index.find(quoted.text))]
    assert sum(count > 5 for count in holders) / len(holders) >= 0.97
