"""Who runs the home: registered names, misspelt ones, unknown ones, councils and bystanders."""

import pytest

from linker.clues import councils, operators
from linker.gazetteer import Gazetteer, Known, Place
from linker.owners import Owners
from tests.linker.factories import an_article

OWNERS = Owners(
    [
        ("vale", "Thornwick Vale Care Ltd"),
        ("hope", "HOPE 4 Young Fenquil Limited"),
        ("break", "Break"),
        *(
            (f"crowd-{n}", f"{name} Care Homes Ltd")
            for n, name in enumerate(
                ["Abb", "Bcc", "Cdd", "Dee", "Eff", "Fgg", "Ghh", "Hii", "Ijj", "Jkk", "Kll", "Lmm", "Mnn"]
            )
        ),
    ]
)

CASES = [
    ("The home is run by Thornwick Vale Care.", "operator", "vale"),
    ("Thornwick Vale Care Limited, which owns the home, said sorry.", "operator", "vale"),
    ("The home is run by Thornwik Vale Care.", "operator", "vale"),
    ("A home run by Hope for Young Fenquil was praised.", "operator", "hope"),
    ("The home is operated by Quilldon Care Homes Ltd.", "operator", None),
    ("A director of Thornwick Vale Care said so.", "named", "vale"),
]


@pytest.mark.parametrize(("text", "role", "provider"), CASES, ids=[case[0] for case in CASES])
def test_operators(text: str, role: str, provider: str | None) -> None:
    (clue,) = operators.find(an_article(text), OWNERS, lambda _: False)
    assert clue.value.role == role
    assert (clue.value.owners[0].provider if clue.value.owners else None) == provider


@pytest.mark.parametrize(
    "text",
    [
        "Children had a break in the summer.",
        "Ofsted runs the inspections.",
        "The watchdog was told, a spokesman for the Department for Education said.",
        "It is called Orchard Lodge, the only home of its kind.",
    ],
)
def test_bystanders(text: str) -> None:
    assert operators.find(an_article(text), OWNERS, lambda _: False) == []


def runs(place: Place) -> tuple[str, ...]:
    return tuple(f"council of {name}" for name, weight in place.authorities.items() if weight >= 1)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("A home run by Rackendale Council was failed.", "operator"),
        ("Rackendale Council has apologised after one of its own homes was failed.", "operator"),
        ("The Rackendale Council home was failed.", "operator"),
        ("Rackendale Council said it had no children there.", "named"),
        ("The City of Haldermouth Council was told.", "named"),
    ],
)
def test_councils(text: str, role: str) -> None:
    invented = (Known(name=one, kind="authority", authority=one) for one in ("Rackendale", "Haldermouth"))
    (clue,) = councils.find(an_article(text), Gazetteer(invented), runs)
    assert (clue.value.role, clue.value.council) == (role, True)


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("The council-run home was praised.", "Local Authority"),
        ("The privately run home was praised.", "Private"),
        ("A home run by a charity was praised.", "Voluntary"),
    ],
)
def test_sectors(text: str, sector: str) -> None:
    assert [clue.value for clue in councils.sectors(an_article(text))] == [sector]
