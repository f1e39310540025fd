"""How far two readers of the same mentions agree, and where they do not."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading.review import Named, named
from storage import judgements
from storage.schema.links import judgements as log
from storage.schema.press import article_versions, articles

_RECORDS = ("inspection_id", "setting_id", "provider_id")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A mention that two people read; ``settled`` once somebody judged it after both."""

    article_id: str
    mention: int
    title: str | None
    first: Named
    second: Named
    settled: bool

    @property
    def same(self) -> bool:
        """Whether both decided the same of the same record."""
        one, other = self.first.row._mapping, self.second.row._mapping
        return all(one[name] == other[name] for name in ("decision", *_RECORDS))


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The pairs of readings; ``kappa`` is Cohen's, None where there is too little to tell chance by."""

    pairs: tuple[Pair, ...]
    kappa: float | None

    @property
    def same(self) -> int:
        """How many pairs agree."""
        return sum(pair.same for pair in self.pairs)

    @property
    def open(self) -> tuple[Pair, ...]:
        """The disagreements that nobody has settled."""
        return tuple(pair for pair in self.pairs if not pair.same and not pair.settled)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many mentions people have judged: in all, by this person, and by anybody since that moment."""

    judged: int
    own: int
    recent: int


def progress(connection: sa.Connection, person: str, since: dt.datetime) -> Progress:
    """Counts of the judgements that stand."""
    stands = log.c.seq.in_(judgements.newest(1)) & (log.c.decision != "undone")

    def count(where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(log)
        return connection.execute(query.where(stands, where)).scalar_one()

    return Progress(judged=count(sa.true()), own=count(log.c.who == person), recent=count(log.c.at >= since))


def agreement(connection: sa.Connection) -> Agreement:
    """Every mention with a second reading that stands, newest first, and the figures over them."""
    read_twice = sa.select(log.c.article_id).where(log.c.reading == 2)
    by_mention: dict[tuple[str, int], list[Named]] = defaultdict(list)
    for one in named(connection, log, log.c.article_id.in_(read_twice), [log.c.seq]):
        by_mention[one.row.article_id, one.row.mention].append(one)
    titles = _titles(connection, sorted({article for article, _ in by_mention}))
    pairs = [pair for key, rows in by_mention.items() if (pair := _pair(key, rows, titles))]
    pairs.sort(key=lambda pair: -pair.second.row.seq)
    return Agreement(pairs=tuple(pairs), kappa=_kappa(pairs))


def _pair(key: tuple[str, int], rows: Sequence[Named], titles: dict[str, Any]) -> Pair | None:
    second = next((one for one in reversed(rows) if one.row.reading == 2), None)
    if second is None or second.row.decision == "undone":
        return None
    firsts = [one for one in rows if one.row.reading == 1]
    before = [one for one in firsts if one.row.seq < second.row.seq]
    if not before or before[-1].row.decision == "undone" or key[0] not in titles:
        return None
    settled = firsts[-1].row.seq > second.row.seq
    title = titles[key[0]]
    return Pair(
        article_id=key[0], mention=key[1], title=title, first=before[-1], second=second, settled=settled
    )


def _kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa over the kinds of decision; the same kind of another record counts as another kind.

    Computed here since scikit-learn's takes seconds to import, within a request; a test holds them equal.
    """
    ours = Counter(_kind(pair.first) for pair in pairs)
    theirs = Counter(_kind(pair.second) if pair.same else _differing(pair) for pair in pairs)
    if len(ours | theirs) < 2:
        return None
    alike = sum(pair.same for pair in pairs) / len(pairs)
    by_chance = sum(count * theirs[kind] for kind, count in ours.items()) / len(pairs) ** 2
    return (alike - by_chance) / (1 - by_chance)


def _kind(one: Named) -> str:
    return f"{one.row.decision} {one.level}"


def _differing(pair: Pair) -> str:
    kind = _kind(pair.second)
    return f"{kind}, another" if kind == _kind(pair.first) else kind


def _titles(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Any]:
    newest = article_versions.c.number == articles.c.latest_version
    query = (
        sa.select(articles.c.id, article_versions.c.title)
        .join(article_versions, (article_versions.c.article_id == articles.c.id) & newest)
        .where(articles.c.id.in_(ids), articles.c.restriction.is_(None))
    )
    return dict(connection.execute(query).all())
