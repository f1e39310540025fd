"""Noisy names find their provider; common words make no match; ``chance`` is small for rare names."""

import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.names import NameIndex
from tests.linker.invented_names import invented_register, noisy

CARE = "Abbot Badger Cobalt Dapple Ember Falcon Ginger Harrow Indigo Jasper Kestrel Linden Marlow Nettle"
HOMES = "Orchid Pepper Quince Rowan Saffron Thistle Umber Violet Willow Yarrow Zephyr Aspen Birch Cedar"
REGISTER = [
    ("skylark", "Skylark Meadow Children's Homes Limited"),
    ("quarrystone", "Quarrystone Care Services Ltd"),
    ("hartwhistle", "Hartwhistle & Dobbs Fostering Ltd"),
    ("brindle", "Brindle Care Solutions (Northern) Limited"),
    ("brindle", "Brindlecare"),
    ("fennimore", "Fennimore Residential Children’s Homes LLP"),
    ("fennimore-two", "Fennymoor Support Services Ltd"),
    *((word.lower(), f"{word} Care Services Limited") for word in CARE.split()),
    *((word.lower(), f"{word} Children's Homes Ltd") for word in HOMES.split()),
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex.build(REGISTER)


@pytest.mark.parametrize(
    ("mention", "provider"),
    [
        ("Quarrystone Care Services", "quarrystone"),
        ("quarystone care services ltd", "quarrystone"),
        ("Quarrystone", "quarrystone"),
        ("Quarrystone Svcs", "quarrystone"),
        ("QuarrystoneCare Ltd", "quarrystone"),
        ("Care Services Quarrystone", "quarrystone"),
        ("Quarry Stone Care", "quarrystone"),
        ("Quarrystone Care Services (QCS)", "quarrystone"),
        ("Hartwhistle and Dobbs", "hartwhistle"),
        ("HARTWHISLTE & DOBBS FOSTERING", "hartwhistle"),
        ("Skylark Meadow", "skylark"),
        ("Skylark Meadow Childrens Home", "skylark"),
        ("Brindle Care", "brindle"),
        ("Brindlecare", "brindle"),
        ("Fennimore Resi Childrens Homes", "fennimore"),
        ("Fennymoor Suport", "fennimore-two"),
    ],
)
def test_a_noisy_name_finds_its_provider(index: NameIndex, mention: str, provider: str) -> None:
    assert index.find(mention)[0].provider == provider


def test_the_register_s_own_spelling_scores_one(index: NameIndex) -> None:
    hit = index.find("hartwhistle and dobbs fostering limited")[0]
    assert (hit.name, hit.score) == ("Hartwhistle & Dobbs Fostering Ltd", pytest.approx(1.0))


@pytest.mark.parametrize(
    "mention", ["Care", "Children's Homes", "Care Services Ltd", "homes", "Wombat Care Services"]
)
def test_what_every_provider_is_called_makes_no_match(index: NameIndex, mention: str) -> None:
    for hit in index.find(mention):
        assert hit.score < 0.5
        assert hit.chance > 0.2


@pytest.mark.parametrize("mention", ["", "…", "Ltd", "Xyzzy", "the", "12345678"])
def test_what_names_nobody_finds_nothing(index: NameIndex, mention: str) -> None:
    assert index.find(mention) == []


def test_a_rare_name_agrees_by_chance_less_often_than_one_of_common_words(index: NameIndex) -> None:
    rare = index.find("Quarrystone Care Services")[0]
    assert rare.chance < 1 / len(index)
    assert index.find("Care Services")[0].chance > 10 * rare.chance


def test_a_provider_is_named_once_and_by_the_spelling_that_is_nearest(index: NameIndex) -> None:
    hits = index.find("Brindle Care")
    assert [hit.provider for hit in hits].count("brindle") == 1
    assert index.find("Brindlecare")[0].name == "Brindlecare"


def test_the_number_of_hits_is_limited(index: NameIndex) -> None:
    assert len(index.find("Abbot Badger Cobalt Dapple Care", limit=2)) == 2


def test_an_empty_register_finds_nothing() -> None:
    assert NameIndex.build([]).find("Quarrystone Care") == []


def test_the_index_travels_as_bytes(index: NameIndex) -> None:
    assert pickle.loads(pickle.dumps(index)).find("Quarystone") == index.find("Quarystone")


@given(st.text(max_size=60))
def test_any_text_may_be_asked_for(text: str) -> None:
    for hit in NameIndex.build(REGISTER[:6]).find(text):
        assert 0 < hit.score <= 1 + 1e-9
        assert 0 < hit.chance <= 1


def test_most_noisy_names_find_their_provider_among_many() -> None:
    rng = random.Random(5)
    register = invented_register(rng, 8_000)
    index = NameIndex.build(register)
    asked = rng.sample(register, 800)
    right = sum(
        bool(hits := index.find(noisy(rng, name), limit=1)) and hits[0].provider == provider
        for provider, name in asked
    )
    assert right / len(asked) >= 0.965
