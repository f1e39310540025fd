"""Of what kind the inspection was that a story is about, and not the one before it."""

import pytest

from linker.clues.subject import find
from tests.linker.factories import an_article

CASES = [
    ("A monitoring visit in May found some progress.", ["monitoring"]),
    ("The home has declined in effectiveness, an interim inspection found.", ["interim"]),
    ("Inspectors made an assurance visit in October.", ["assurance"]),
    ("It was rated inadequate. Its interim inspection a year ago found sustained effectiveness.", []),
    ("It was rated inadequate; the previous interim inspection had found improved effectiveness.", []),
    ("Rated inadequate two years after it had been told of its sustained effectiveness.", []),
    (
        "Full inspections follow. Last year's monitoring visit is past; a monitoring visit came.",
        ["monitoring"],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_inspection_kinds(text: str, wanted: list[str]) -> None:
    found = [one.value for one in find(an_article(text)) if one.kind == "inspection_kind"]
    assert found == wanted
