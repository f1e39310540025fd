"""Where the tests restore backups to."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.place import Place
from tests.conftest import database


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Makes empty places of the engine: the first in the folder ``new``, the next in ``new-2``."""
    with contextlib.ExitStack() as stack:
        number = itertools.count(1)

        def made() -> Place:
            turn = next(number)
            folder = tmp_path / (f"new-{turn}" if turn > 1 else "new")
            if engine == "sqlite":
                return Place.of(folder / "archive.db")
            address = stack.enter_context(database())
            folder.mkdir()
            with contextlib.chdir(folder):
                return Place.of(address)

        yield made
