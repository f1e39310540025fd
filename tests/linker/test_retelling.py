"""Sentences retold in other words: found in their own report, in no other, and never by a name."""

import math
import random

import pytest

from linker.clues import posts, retelling
from linker.linking import Linker
from linker.quotations import QuotationIndex
from linker.retelling import LEAST_REPORTS, Retellings, retellings_of, telling_words
from tests.linker.factories import a_register, an_article
from tests.linker.invented_reports import Inspectorate

ODD = "A heron was kept in the bath for several days while staff hoped that somebody would collect it."
ELSE = "The minibus had been parked beside the reservoir with its engine running since breakfast."
THIRD = "Someone had painted every window of the conservatory black without telling the neighbours why."
RETOLD = "Because nobody came to collect it, a heron lived in the bath for days while staff merely hoped."


@pytest.fixture(scope="module")
def index() -> QuotationIndex:
    reports = Inspectorate(random.Random(11)).reports(200, words=300)
    held = [(f"report {number}", one.text, one.spans) for number, one in enumerate(reports)]
    return QuotationIndex.build([*held, ("odd", f"The home is not safe. {ODD} Plans are late.", [])])


def test_a_retold_sentence_is_likest_to_its_own_report(index: QuotationIndex) -> None:
    retellings = retellings_of(index)
    said = retellings.said([telling_words(RETOLD)])
    like = retellings.like(said, ["odd", "report 3"], {})
    assert like.bits[0, 0] > retellings.usual(said, ["odd"])[0] + 3
    assert like.words[0, 0] >= 4
    assert like.bits[0, 1] < like.bits[0, 0] / 2


def test_what_every_report_says_is_no_likelier_than_usual(index: QuotationIndex) -> None:
    retellings = retellings_of(index)
    (stock,) = [index.text("report 7")[first:last] for first, last in [(0, 120)]]
    said = retellings.said([telling_words(stock.lower())])
    own, usual = retellings.like(said, ["odd"], {}).bits[0, 0], retellings.usual(said, ["odd"])[0]
    assert own <= usual


def test_names_and_numbers_are_no_words_to_compare() -> None:
    assert len(telling_words("Winifred Halsgrove told Kent that 14 herons")) == 3
    assert list(telling_words("told herons")) == list(telling_words("Told me told Kent herons"))


def test_a_few_reports_tell_nothing_of_what_is_common() -> None:
    index = QuotationIndex.build([(f"{number}", ODD, []) for number in range(LEAST_REPORTS - 1)])
    assert Retellings(index).sampled == ()


def test_sentences_that_are_quoted_or_too_short_are_not_compared() -> None:
    text = f'{RETOLD} It was bad. "{ODD}"'
    found = retelling.find(an_article(text), [])
    assert [one.text for one in found] == [RETOLD]
    assert text[found[0].start : found[0].end] == RETOLD


def weights(story: str) -> dict[str, float]:
    """The weights of the likeliest record for a story of the odd home."""
    register = a_register(
        providers={"p": ["Thornwick Children's Care Ltd"]},
        settings=[{"urn": "1000001", "authority": "Kent", "provider": "p"}],
        inspections=[{"urn": "1000001", "day": "2024-05-08", "overall": "Inadequate"}],
        reports=[{"urn": "1000001", "day": "2024-05-08", "text": f"{ODD} {ELSE} {THIRD} Plans are late."}],
        other_reports=100,
    )
    told = f"A children's home in Kent was rated inadequate. {story}"
    (linked,) = Linker(register).link(an_article(told, published="2024-06-20"))
    assert linked.decision.best
    return {one.kind: one.weight for one in linked.decision.best.weighed}


def test_what_is_quoted_is_not_counted_again_where_it_is_retold() -> None:
    assert weights(RETOLD)["paraphrase"] > 4
    assert "paraphrase" not in weights(f'"{ODD[:-1]}," inspectors wrote. {RETOLD}')


def test_quotations_and_retellings_together_say_no_more_than_quotations_may() -> None:
    quoted = f'"{ELSE[:-1]}," inspectors wrote. "{THIRD[:-1]}," they added. '
    both = weights(quoted + RETOLD)
    assert both["quotation"] + both.get("paraphrase", 0.0) <= 2 * math.log2(102) + 1e-9
    assert both.get("paraphrase", 0.0) < weights(RETOLD)["paraphrase"]


def test_what_another_clue_has_read_is_not_compared_again() -> None:
    article = an_article(
        text="It has no registered manager, and seven goats graze behind its crumbling wall."
    )
    (whole,) = retelling.find(article, [])
    (less,) = retelling.find(article, [], posts.find(article))
    assert len(less.value.words) == len(whole.value.words) - 2
    assert (less.start, less.end) == (whole.start, whole.end)
