"""What anybody may have: confirmed links as composed lines, and not a word that the press printed."""

import itertools
import json
from pathlib import Path

import pytest

from archive.export.exporting import FORMS, Asked, export_to
from archive.export.tables.public import PUBLIC
from archive.public import Opening
from storage.errors import UsageMistake
from storage.store import Store
from tests.archive.canaries import plant, told
from tests.archive.export.reading_back import exported, rows
from tests.archive.world import World

OPEN = Opening(open=True)


def test_no_canary_gets_out(store: Store, tmp_path: Path) -> None:
    held, ids = plant(World(store), 24)
    for what, form in itertools.product(PUBLIC, ("csv", "jsonl", "parquet", "sqlite", "datapackage")):
        path, _ = exported(store, tmp_path, what, form, opening=OPEN)
        assert path.stat().st_size
        path.chmod(0o644)
    for what in PUBLIC:
        for form in ("jsonl", "sqlite"):
            text = json.dumps(rows(store, tmp_path, what, form, opening=OPEN), ensure_ascii=False)
            assert told(text, held) == [], what
        assert told((tmp_path / f"{what}.sqlite").read_bytes().decode("utf-8", "ignore"), held) == []
    links = rows(store, tmp_path, "links", opening=OPEN)
    assert {row["article_id"] for row in links} == set(ids["article"])


@pytest.mark.ftm
@pytest.mark.usefixtures("entity_model")
def test_no_canary_gets_out_in_entities(store: Store, tmp_path: Path) -> None:
    held, _ = plant(World(store), 24)
    for what in PUBLIC:
        path, _ = exported(store, tmp_path, what, "ftm", opening=OPEN)
        text = path.read_text(encoding="utf-8")
        assert text
        assert told(text, held) == [], what


def test_only_what_a_person_confirmed_is_public_unless_more_is_opened(store: Store, tmp_path: Path) -> None:
    world = World(store)
    setting = world.setting(provider=world.provider())
    for number, confirmed in enumerate((True, False)):
        world.link(
            world.article(),
            level="setting",
            setting_id=setting,
            confirmed=confirmed,
            probability=0.9 + number / 100,
        )
    (link,) = rows(store, tmp_path, "links", opening=OPEN)
    assert link["confirmed"]
    assert link["line"].startswith("Children's home in Bolton · Bolton Beacon")
    assert (link["urn"], link["provider"]) == (None, None), "it is its provider's only one there"
    both = rows(store, tmp_path, "links", opening=Opening(open=True, machine_links=True))
    assert [row["confirmed"] for row in both].count(False) == 1


def test_a_natural_person_is_not_there(store: Store, tmp_path: Path) -> None:
    world = World(store)
    owner = world.provider("Rowan Ash", natural_person=True)
    setting = world.setting(provider=owner)
    world.inspection(setting)
    world.link(world.article(), level="provider", provider_id=owner, confirmed=True)
    for what in PUBLIC:
        assert "Rowan Ash" not in json.dumps(rows(store, tmp_path, what, opening=OPEN))
    assert rows(store, tmp_path, "links", opening=OPEN) == []


@pytest.mark.parametrize("what", ["articles", "judgements"])
def test_what_is_of_the_press_or_of_reviewers_is_no_public_table(
    store: Store, tmp_path: Path, what: str
) -> None:
    for form in FORMS:
        with pytest.raises(UsageMistake, match="not public"):
            export_to(store, Asked(what=what, form=form, opening=OPEN), tmp_path / "out")
    assert list(tmp_path.glob("out*")) == []
