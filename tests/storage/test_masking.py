import json
import random

import pytest

from storage.masking import BLACK, extract, masked, sensitive

HIDDEN = [
    ("The home at QX1 isn't one, SK4 3ZZ is", "SK4 3ZZ"),
    ("written sk43zz in a message", "sk43zz"),
    ("split SK4\n3ZZ over lines", "SK4\n3ZZ"),
    ("a hard space SK4\u00a03ZZ here", "SK4\u00a03ZZ"),
    ("NHS number 943 476 5919.", "943 476 5919"),
    ("insurance number QQ 12 34 56 C is no one's, JG 12 34 56 C is", "JG 12 34 56 C"),
    ("Call 01632 960 123 for the desk", "01632 960 123"),
    ("Call (01632) 960123", "(01632) 960123"),
    ("his mobile, 07700 900 982, rang", "07700 900 982"),
    ("or +44 (0)7700 900982.", "+44 (0)7700 900982"),
    ("from abroad +353 1 909 2345", "+353 1 909 2345"),
]
SHOWN = [
    "The home was judged inadequate on 12 and 13 March 2024, its third in 18 months.",
    "URN 1247390 and SC045678 are numbers of the register, 10012345 is an event.",
    "It has 4 beds, costs £1,250,000 a year and 0.5 staff more than in 2023-24.",
    "Children in year 6 1st and B6 1st Avenue are no postcode; nor is the M62 2nd exit.",
    "TWO HURT IN A12 CAR CRASH",
    "Between 2019 2020 2021 the number 1234567890 is no NHS number.",
    "The council is at Larkspur Town Hall, 3 Market Street, Larkspur LK1 2AB.",
]


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_blacks_out_what_could_find_or_name_a_person(text, hidden):
    assert masked(text) == text.replace(hidden, BLACK * len(hidden))


@pytest.mark.parametrize("text", SHOWN)
def test_leaves_dates_register_numbers_and_public_addresses(text):
    assert masked(text) == text


def test_a_home_named_beside_the_council_is_no_public_building():
    assert "SK4 3ZZ" not in masked("The Town Hall said that the home stands at SK4 3ZZ.")


def test_what_is_found_is_told_with_its_characters():
    text = "From SK4 3ZZ, ring 07700 900982"
    assert [(one.kind, text[one.start : one.end]) for one in sensitive(text)] == [
        ("postcode", "SK4 3ZZ"),
        ("telephone", "07700 900982"),
    ]


def test_an_extract_is_masked_before_it_is_cut():
    words = [*(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwx"), "SK4", "3ZZ", "after"]
    cut = extract(" ".join(words))
    assert len(cut.removesuffix(" …").split()) == 25
    assert "SK4" not in cut


def test_an_extract_of_few_words_is_whole():
    assert extract("Two  words") == "Two words"


@pytest.mark.real
def test_finds_what_others_marked_and_little_else(shared):
    lines = (shared / "suites/safeguarding/presidio_uk_pii.jsonl").read_text("utf-8").splitlines()
    hits = wanted = found = 0
    for line in map(json.loads, lines):
        spans = [(one.start, one.end) for one in sensitive(line["text"])]
        hits += sum(any(a < d and c < b for c, d in spans) for a, b in line["positions"])
        wanted, found = wanted + line["expected_hits"], found + len(spans)
    assert (len(lines), wanted) == (88, 54)
    assert hits / wanted >= 0.98
    assert hits / found >= 0.95


@pytest.mark.real
def test_blacks_out_less_than_a_hundredth_of_real_and_lifelike_news(shared):
    folders = ["seeds", "eval/dev", "eval/loom", "eval/real_dev"]
    texts = [
        json.loads(line).get("text") or ""
        for folder in folders
        for line in (shared / folder / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    hidden = sum(one.end - one.start for text in texts for one in sensitive(text))
    assert len(texts) > 250
    assert hidden <= 0.01 * sum(map(len, texts))


@pytest.mark.parametrize("alphabet", ["0", "0 ", "A1", "AB12 ", "9-", "+4", "(0"])
def test_a_hostile_run_is_read_to_its_end_and_keeps_its_length(alphabet):
    text = "".join(random.Random(5).choices(alphabet, k=100_000))
    assert len(masked(text)) == len(text)
