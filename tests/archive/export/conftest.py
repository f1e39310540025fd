"""One archive that was lived in, with text to break files with; read by all tests that change nothing."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from storage import judgements
from storage.judgements import Judgement
from storage.place import Place
from storage.store import Store
from tests.archive.everywhere import lived_in
from tests.archive.world import NOW, World
from tests.engines import Fresh, opened

HOSTILE = '=HYPERLINK("http://x.example";"y"),\n\'+1\r＝1 “ü” \x7f'


@pytest.fixture(scope="session")
def filled(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where it lies."""
    with opened(fresh, tmp_path_factory.mktemp("exported")) as store:
        lived_in(store)
        world = World(store)
        world.made = 1_000  # beyond what the other made
        owner = world.provider("@Person Ash", natural_person=True)
        setting = world.setting("SC77", provider=owner, local_authority="Wigan")
        article = world.article(HOSTILE, title=HOSTILE, outlet="-Courier", byline="")
        world.link(article, level="provider", provider_id=owner, setting_id=setting, status="linked")
        with store.writing() as connection:
            told = Judgement(
                article_id=article,
                mention=0,
                decision="confirmed",
                who="Ada Moss",
                at=NOW,
                version=1,
                shown={},
                level="setting",
                record=setting,
                reason="+as the council said",
            )
            judgements.judge(connection, told)
    return store.place


@pytest.fixture
def lived(filled: Place) -> Iterator[Store]:
    """It, opened for reading."""
    with Store(filled) as store:
        yield store


@pytest.fixture
def entity_model() -> Any:
    """The schema of FollowTheMoney; where its library is not installed the test is skipped, not in CI."""
    try:
        return importlib.import_module("followthemoney").model
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("CI must have followthemoney: install onrecord[ftm]")
        pytest.skip("followthemoney is not installed")
