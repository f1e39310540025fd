"""Near-copies are one story; stock paragraphs, follow-ups and round-ups make none."""

import random
from itertools import combinations

import pytest

from linker.shingles import Words
from linker.stories import Body, minhash, sketch
from tests.linker.invented_copies import a_story, as_text, edited

DICE = random.Random(5)
STORY = a_story(DICE)


def alike(one: list[str], other: list[str], *, own: bool = False) -> bool:
    """Whether two texts, of one paper or of two, are copies; asked both ways."""
    first, second = (
        Body(as_text(one), "Fells Gazette"),
        Body(as_text(other), "Fells Gazette" if own else "Wire"),
    )
    assert first.likeness(second) == second.likeness(first)
    return first.likeness(second) > 0


def meet(one: list[str], other: list[str]) -> bool:
    return bool({*sketch(as_text(one))} & {*sketch(as_text(other))})


@pytest.mark.parametrize("length", [1, 2, 40])
def test_the_sketch_is_that_of_the_library(length: int) -> None:
    datasketch = pytest.importorskip("datasketch", reason="datasketch of the dev extra is not installed")
    keys = Words.of(as_text(a_story(random.Random(length), length))).keys()
    library = datasketch.MinHash(72, hashfunc=int)
    library.update_batch(keys.tolist())
    assert minhash(keys).tolist() == library.hashvalues.tolist()


def test_edited_copies_of_many_stories_fall_together_and_apart() -> None:
    dice = random.Random(2)
    stock = a_story(dice, 2)
    stories = [a_story(dice) + stock for _ in range(8)]
    copies = [(n, as_text(edited(story, dice))) for n, story in enumerate(stories) for _ in range(6)]
    bodies = [(n, Body(text, f"paper {k}"), {*sketch(text)}) for k, (n, text) in enumerate(copies)]
    found = [
        (n, m)
        for (n, one, bands), (m, other, others) in combinations(bodies, 2)
        if bands & others and one.likeness(other)
    ]
    right = sum(n == m for n, m in found)
    assert right / len(found) >= 0.99
    assert right / (8 * 15) >= 0.95


def test_a_cut_copy_joins() -> None:
    cut = edited(STORY, DICE)[:4]
    assert alike(STORY, cut)
    assert meet(STORY, cut)


def test_a_copy_with_another_first_paragraph_joins() -> None:
    assert alike(STORY, [*a_story(DICE, 1), *edited(STORY[1:], DICE)])


def test_stock_paragraphs_make_no_copy() -> None:
    stock = a_story(DICE, 4)
    assert not alike(a_story(DICE, 4) + stock, a_story(DICE, 4) + stock)


def test_a_follow_up_by_the_same_paper_is_another_story() -> None:
    follow_up = a_story(DICE, 4) + STORY[2:]
    assert not alike(STORY, follow_up, own=True)
    assert not alike(STORY, a_story(DICE, 5) + STORY, own=True)


def test_a_follow_up_elsewhere_that_repeats_all_of_it_is_another_story() -> None:
    assert not alike(STORY, a_story(DICE, 8) + STORY)


def test_stories_told_by_one_template_differ_in_their_names() -> None:
    template = (
        "A children's home in {} that is run by {} was told by inspectors who came in {} that its care must"
        " improve. They found that {} of the {} children there had gone missing, and that {} had not been told."
        " The manager, who came in {}, said that {} would be heard. A spokesman for {} said that it took the"
        " findings in earnest and that it had begun to train its staff in all that the inspectors had asked of it."
    )
    first = template.format(
        "Fennymere", "Larkspur Homes", "March", "2", "5", "Cumberland", "2021", "Tarn", "Larkspur Homes"
    )
    second = template.format(
        "Quillmouth", "Dunlin Care", "May", "3", "4", "Kent", "2019", "Rye", "Dunlin Care"
    )
    assert not alike([first], [second])
    assert alike([first], [first.replace("in earnest", "seriously")])


def test_a_round_up_of_briefs_joins_none_of_them_to_another() -> None:
    briefs = [a_story(DICE, 3) for _ in range(4)]
    round_up = [paragraph for brief in briefs for paragraph in brief]
    assert [alike(brief, round_up) for brief in briefs[1:]] == [False, False, False]


def test_a_text_of_a_few_words_has_no_copies() -> None:
    assert sketch("Two homes were closed.") == []
    assert Body("Two homes were closed.").likeness(Body("Two homes were closed.")) == 0


def test_a_sketch_is_the_same_in_every_process() -> None:
    assert sketch(as_text(STORY)) == sketch(as_text(STORY))
    text = " ".join(f"word{n}" for n in range(60))
    assert sketch(text)[0] == 440442341932596861
