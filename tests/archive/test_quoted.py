"""Quotations of an article, found again in the report."""

import re

from archive.quoted import Sentence, quotations, repeated

REPORT = (
    "Children are not kept safe at night. Staff recorded bullying as banter on more than forty occasions.\n\n"
    "The manager has not acted on the fence, which three visitors had raised. Leaders know of it."
)
SENTENCES = [
    Sentence(number=number, page=2, start=match.start(), end=match.end())
    for number, match in enumerate(re.finditer(r"[A-Z][^.]+\.", REPORT))
]


def test_quotations_are_what_stands_in_quotation_marks_and_what_the_linker_found() -> None:
    text = (
        'The report says: “Children are not kept safe at night.” A "short one". Leaders know of it, it adds.'
    )
    start = text.index("Leaders know of it")
    found = quotations(text, [(start, len(text)), (0, 9_999)])
    assert [one.text for one in found] == ["Children are not kept safe at night.", text[start:]]


def test_a_quotation_is_found_word_for_word_across_marks_and_lines() -> None:
    found = quotations("“staff recorded bullying as banter on more than forty occasions,” it says")
    (one,) = repeated(found, REPORT.replace("banter on", "banter\non"), SENTENCES)
    assert one.exact
    assert [sentence.number for sentence in one.sentences] == [1]
    assert (one.before, one.after) == ("", ".")


def test_changed_words_are_marked_on_both_sides() -> None:
    found = quotations("“The manager had not acted on the broken fence, which three visitors had raised”")
    (one,) = repeated(found, REPORT, SENTENCES)
    assert not one.exact
    assert [run.text for run in one.said if run.kind == "gone"] == ["had", "broken"]
    assert [run.text for run in one.stands if run.kind == "new"] == ["has"]


def test_part_of_a_sentence_is_shown_with_the_rest_of_it() -> None:
    (one,) = repeated(quotations("“not acted on the fence, which three”"), REPORT, SENTENCES)
    assert (one.before, one.after) == ("The manager has", "visitors had raised.")


def test_two_sentences_are_both_named() -> None:
    found = quotations("“which three visitors had raised. Leaders know of it.”")
    (one,) = repeated(found, REPORT, SENTENCES)
    assert [sentence.number for sentence in one.sentences] == [2, 3]


def test_what_the_report_does_not_say_is_not_found() -> None:
    text = "“Our children are happy, safe and loved every single day of the year,” said the firm."
    assert repeated(quotations(text), REPORT, SENTENCES) == []
    assert repeated(quotations(text), "", []) == []
