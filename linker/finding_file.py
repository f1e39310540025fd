"""The findings of an archive's reports on disk: lines of JSON, put in place at once.

It can be deleted at any time. What another program's reading of reports left there is of no use: the file
tells by whose it was made.
"""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linker import findings
from linker.clues import enforcement, needs, numbers, posts
from linker.clues.needs import Ages
from linker.clues.posts import Post
from linker.findings import Finding

_READERS = (findings, needs, posts, enforcement, numbers)
_TORN = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a report says, and the stamp of the report as it was read."""

    stamp: str
    said: Finding


class FindingFile:
    """Where the findings of an archive are kept; ``archive`` tells it from any other's."""

    def __init__(self, path: Path, archive: str) -> None:
        self.path, self._head = path, f"{_reading()} {archive}"

    def load(self) -> dict[str, Kept]:
        """By inspection; nothing where there is no file, or it is torn, another's or of another reading."""
        try:
            with self.path.open(encoding="utf-8") as file:
                if file.readline().rstrip("\n") != self._head:
                    return {}
                rows = json.load(file)
            return {one: Kept(stamp=stamp, said=_finding(told)) for one, stamp, told in rows}
        except _TORN:
            return {}

    def save(self, told: Mapping[str, Kept]) -> None:
        """Keep these in the place of what was kept; OSError where there is no room."""
        draft = self.path.with_name(f"{self.path.name}.draft")
        rows = [[one, kept.stamp, _plain(kept.said)] for one, kept in told.items()]
        draft.write_text(f"{self._head}\n{json.dumps(rows, separators=(',', ':'))}", encoding="utf-8")
        draft.replace(self.path)


@functools.cache
def _reading() -> str:
    """What tells one way to read a report from another: the code of all that read it."""
    code = b"".join(Path(module.__file__ or "").read_bytes() for module in _READERS)
    return hashlib.blake2b(code, digest_size=8).hexdigest()


def _plain(one: Finding) -> list[Any]:
    post = one.post and [one.post.state, one.post.month, one.post.year]
    said = (sorted(one.needs), one.ages, sorted(one.sexes), post, sorted(one.regulations))
    counted = (one.requirements, one.notices, one.recommendations, one.restriction)
    return [*said, *counted]


def _finding(plain: list[Any]) -> Finding:
    needed, ages, sexes, post, regulations, *counted = plain
    requirements, notices, recommendations, restriction = counted
    return Finding(
        needs=frozenset(needed),
        ages=Ages(*ages) if ages else None,
        sexes=frozenset(sexes),
        post=Post(state=post[0], month=post[1], year=post[2]) if post else None,
        requirements=requirements,
        notices=notices,
        recommendations=recommendations,
        restriction=restriction,
        regulations=frozenset(regulations),
    )
