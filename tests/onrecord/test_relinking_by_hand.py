"""What a newsroom says of names reaches the links of the articles it touches at the next run, and no others."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onrecord.application import app
from storage.store import Store
from tests.engines import address_of
from tests.linker.invented_copies import a_story
from tests.linker.stored_world import a_home, a_register, decisions, link, save, told

OWNER = "Organisation which owns the provider"
PRINTED = "Brightwell Futures"
SPELLINGS = ("Sallowmere Care Limited", "Sallowmere Care Ltd")


def onrecord(store: Store, *arguments: str) -> str:
    """Run the command on the archive; what it printed."""
    result = CliRunner().invoke(app, [*arguments, "--archive", address_of(store)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def a_story_of(home: dict[str, str], dice: random.Random) -> str:
    """What a paper prints, with words of its own: else all would be copies of one story."""
    return " ".join([told(home).split(" Inspectors wrote")[0], *a_story(dice, 3)])


@pytest.fixture
def press(store: Store) -> Store:
    """Forty homes, two of one owner spelled in two ways; stories on ten, and on two under another name."""
    homes = [a_home(number) for number in range(1, 39)]
    homes += [a_home(number, **{OWNER: name}) for number, name in zip((39, 40), SPELLINGS, strict=True)]
    a_register(store, homes)
    dice = random.Random(8)
    for home in [*homes[:8], *homes[-2:]]:
        text = a_story_of(home, dice)
        save(store, f"paper{home['URN'].lower()}", text, published="2023-01-04")
    for home in homes[20:22]:
        text = a_story_of(home, dice).replace(
            home[OWNER], PRINTED if home is homes[20] else "Umberlode Services"
        )
        save(store, f"gazette{home['URN'].lower()}", text, published="2023-01-04")
    link(store)
    return store


def changed(store: Store, *arguments: str) -> dict[str, tuple[Any, Any]]:
    """The decisions that differ once the command was run and new links were made: before and after."""
    before = decisions(store)
    onrecord(store, *arguments)
    onrecord(store, "link")
    after = decisions(store)
    assert after.keys() == before.keys()
    found = {url: (before[url], after[url]) for url in before if before[url] != after[url]}
    link(store, everything=True)
    assert decisions(store) == after
    return found


def address(number: int, paper: str = "paper") -> str:
    return f"https://{paper}sc{700000 + number}.example/home"


@pytest.mark.parametrize("kind", ["alias", "group"])
def test_another_name_links_the_story_that_prints_it(press: Store, kind: str) -> None:
    found = changed(press, "provider", kind, a_home(21)[OWNER], PRINTED)
    assert found.keys() == {address(21, "gazette")}
    before, after = found[address(21, "gazette")]
    assert before[1] != "asserted"
    assert after[1] == "asserted"
    assert changed(press, "provider", kind, a_home(21)[OWNER], PRINTED, "--remove").keys() == found.keys()


def test_a_merge_gives_the_stories_of_both_one_provider(press: Store) -> None:
    kept = decisions(press)[address(1)][4]
    found = changed(press, "provider", "merge", a_home(1)[OWNER], a_home(2)[OWNER])
    assert found.keys() == {address(2)}
    before, after = found[address(2)]
    assert before[4] != kept
    assert after == (*before[:4], kept)
    assert changed(press, "provider", "undo", "1") == {address(2): (after, before)}


def test_a_split_gives_the_story_its_own_provider(press: Store) -> None:
    one, other = address(39), address(40)
    assert decisions(press)[one][4] == decisions(press)[other][4]
    found = changed(press, "provider", "split", SPELLINGS[0], SPELLINGS[1])
    assert found.keys() == {other}
    assert decisions(press)[one][4] != decisions(press)[other][4]


def test_labels_are_for_training_and_change_no_link(press: Store, tmp_path: Path) -> None:
    label = {"id": address(22, "gazette"), "level": "setting", "links": [{"urn": "SC700022"}]}
    file = tmp_path / "ours.jsonl"
    file.write_text(json.dumps(label) + "\n")
    assert changed(press, "import", "labels", str(file)) == {}
