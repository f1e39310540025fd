"""How a person's judgement stands among the links: in the place of the linker's decision, which waits.

The linker's answer on a judged mention is kept in ``linker_answers``, current with every run, until the
judgement is undone; the candidates stay the linker's. A judgement on one copy of a story holds for the
other copies too, each with the copy it was made on as its ``origin``.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from storage import changes
from storage.batches import select_where_in
from storage.ids import opaque_id
from storage.schema.links import link_evidence, linker_answers, links
from storage.schema.press import articles
from storage.schema.stories import link_origins

LINKER: Final = "linker"
_TARGET: Final = ("level", "inspection_id", "setting_id", "provider_id")
_ANSWER: Final = ("status", "answer", *_TARGET, "probability", "margin", "model_id", "origin")
_RECORD: Final = {"inspection": "inspection_id", "setting": "setting_id", "provider": "provider_id"}

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a person's decision makes of a mention, on whichever copy of the story."""

    mention: int
    status: str
    answer: str | None
    level: str
    inspection_id: str | None
    setting_id: str | None
    provider_id: str | None
    probability: float
    who: str
    at: dt.datetime


def decisions(connection: sa.Connection, ids: Iterable[str], mention: int | None = None) -> list[Row]:
    """The standing decisions of these articles, with ``origin`` where another copy of the story decided."""
    query = sa.select(links, link_origins.c.article_id.label("origin")).outerjoin(
        link_origins, link_origins.c.link_id == links.c.id
    )
    query = query.where(links.c.rank.is_(None), links.c.status != "withdrawn")
    if mention is not None:
        query = query.where(links.c.mention == mention)
    return [dict(row) for row in select_where_in(connection, query, links.c.article_id, ids)]


def is_judged(row: Row) -> bool:
    """Whether a person's word stands in that row."""
    return bool(row["decided_by"] != LINKER and row["status"] != "withdrawn")


def put(connection: sa.Connection, ruling: Ruling, before: Row, *, origin: str | None = None) -> None:
    """Put the person's decision in the place of the one that stands (``before``), of the same version."""
    if not is_judged(before):
        _keep_answer(connection, before)
    values = {name: getattr(ruling, name) for name in ("status", "answer", *_TARGET, "probability")}
    row = {
        "article_id": before["article_id"],
        "version": before["version"],
        "mention": ruling.mention,
        "rank": None,
        **values,
        "decided_by": ruling.who,
        "decided_at": ruling.at,
        "model_id": before["model_id"],
        "confirmed": True,
    }
    _replace(connection, before, row, origin, ruling.at)


def restore(connection: sa.Connection, before: Row, at: dt.datetime) -> None:
    """Let what the linker says stand again; where it says nothing now, the next run decides."""
    where = (linker_answers.c.article_id == before["article_id"]) & (
        linker_answers.c.mention == before["mention"]
    )
    said = connection.execute(sa.select(linker_answers).where(where)).mappings().first()
    if said is None:
        gone = _retire(connection, before, None, at)
        changes.note(connection, "link", gone, at)
        changes.note(connection, "article", [before["article_id"]], at)
        return
    connection.execute(sa.delete(linker_answers).where(where))
    row = {name: said[name] for name in ("article_id", "mention", *_ANSWER, "decided_at") if name != "origin"}
    row |= {"version": before["version"], "rank": None, "decided_by": LINKER, "confirmed": False}
    _replace(connection, before, row, said["origin"], at)


def release_parted(connection: sa.Connection, article_id: str, held: Sequence[Row], at: dt.datetime) -> bool:
    """Let go of judgements made on copies that are no longer of this article's story; whether any was."""
    inherited = [row for row in held if is_judged(row) and row["origin"]]
    if not inherited:
        return False
    ids = [article_id, *(row["origin"] for row in inherited)]
    query = sa.select(articles.c.id, articles.c.story_id)
    story = {row["id"]: row["story_id"] for row in select_where_in(connection, query, articles.c.id, ids)}
    parted = [
        row
        for row in inherited
        if story.get(row["origin"]) is None or story[row["origin"]] != story[article_id]
    ]
    for row in parted:
        restore(connection, row, at)
    return bool(parted)


def follow(connection: sa.Connection, rows: Iterable[Row], answers: Iterable[Row], version: int) -> bool:
    """Keep what the linker now says of judged mentions, and let the judgements stand on this version too.

    ``answers``: the linker's decisions as rows of ``links``, with ``origin``. Whether a version changed.
    """
    older = [row["id"] for row in rows if row["version"] != version]
    if older:
        connection.execute(sa.update(links).where(links.c.id.in_(older)).values(version=version))
    for answer in answers:
        _keep_answer(connection, answer)
    return bool(older)


def support(connection: sa.Connection, rows: Iterable[Row]) -> None:
    """Give judged decisions the evidence of the candidates as they are now.

    Without such a candidate the words lose their characters, which are those of an older text.
    """
    for row in rows:
        found = _candidate(connection, row)
        if found is not None:
            connection.execute(sa.delete(link_evidence).where(link_evidence.c.link_id == row["id"]))
            _copy_evidence(connection, found, row["id"])
        else:
            of_row = link_evidence.c.link_id == row["id"]
            connection.execute(sa.update(link_evidence).where(of_row).values(start=None, end=None))


def carry(connection: sa.Connection, stories: Mapping[str, Sequence[str]]) -> None:
    """Have each judgement on one of these articles hold for the other copies that nobody judged.

    ``stories``: the copies of each article, itself among them.
    """
    rows = decisions(connection, stories)
    own = [row for row in rows if is_judged(row) and not row["origin"]]
    standing = {(row["article_id"], row["mention"]): row for row in rows}
    settled: set[tuple[str, int]] = set()
    for row in sorted(own, key=lambda one: (one["decided_at"], one["id"]), reverse=True):
        for copy in stories[row["article_id"]]:
            key = (copy, row["mention"])
            before = standing.get(key)
            if before is None or key in settled:
                continue
            settled.add(key)
            if not is_judged(before) or (before["origin"] and _says(before) != _says(row)):
                put(connection, _ruling(row), before, origin=row["article_id"])


def _ruling(row: Row) -> Ruling:
    names = ("mention", "status", "answer", *_TARGET, "probability")
    return Ruling(**{name: row[name] for name in names}, who=row["decided_by"], at=row["decided_at"])


def _says(row: Row) -> tuple[Any, ...]:
    told = tuple(row[name] for name in ("status", "answer", *_TARGET, "decided_by", "decided_at"))
    return (*told, row["origin"] or row["article_id"])


def _keep_answer(connection: sa.Connection, said: Row) -> None:
    row = {name: said[name] for name in ("article_id", "mention", *_ANSWER, "decided_at")}
    where = (linker_answers.c.article_id == row["article_id"]) & (linker_answers.c.mention == row["mention"])
    connection.execute(sa.delete(linker_answers).where(where))
    connection.execute(sa.insert(linker_answers).values(row))


def _replace(
    connection: sa.Connection, before: Row, row: dict[str, Any], origin: str | None, at: dt.datetime
) -> None:
    id_ = opaque_id(
        "link", row["article_id"], row["mention"], row["decided_by"], at.isoformat(), before["id"]
    )
    connection.execute(sa.insert(links).values(id=id_, **row))
    source = before["id"] if _same_target(before, row) else _candidate(connection, row)
    if source is not None:
        _copy_evidence(connection, source, id_)
    if origin:
        connection.execute(sa.insert(link_origins).values(link_id=id_, article_id=origin))
    gone = _retire(connection, before, row, at)
    changes.note(connection, "link", [*gone, id_], at)
    changes.note(connection, "article", [row["article_id"]], at)


def _retire(connection: sa.Connection, before: Row, row: Row | None, at: dt.datetime) -> list[str]:
    """Withdraw an assertion that no longer stands; anything else simply goes. Ids that were withdrawn."""
    asserted = before["status"] == "linked"
    if asserted and (row is None or row["status"] != "linked" or not _same_target(before, row)):
        gone = {"status": "withdrawn", "withdrawn_at": at}
        connection.execute(sa.update(links).where(links.c.id == before["id"]).values(gone))
        return [before["id"]]
    connection.execute(sa.delete(link_evidence).where(link_evidence.c.link_id == before["id"]))
    connection.execute(sa.delete(link_origins).where(link_origins.c.link_id == before["id"]))
    connection.execute(sa.delete(links).where(links.c.id == before["id"]))
    return []


def _same_target(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in _TARGET)


def _candidate(connection: sa.Connection, row: Row) -> str | None:
    """The candidate whose evidence speaks for the row: of its record, or the likeliest where it has none."""
    where = (links.c.article_id == row["article_id"]) & (links.c.mention == row["mention"])
    query = sa.select(links.c.id).where(where, links.c.rank.is_not(None), links.c.status == "candidate")
    if column := _RECORD.get(row["level"]):
        query = query.where(links.c[column] == row[column])
    found: str | None = connection.execute(query.order_by(links.c.rank.nulls_first()).limit(1)).scalar()
    return found


def _copy_evidence(connection: sa.Connection, source: str, target: str) -> None:
    rows = connection.execute(sa.select(link_evidence).where(link_evidence.c.link_id == source)).mappings()
    copied = [dict(row) | {"link_id": target} for row in rows]
    if copied:
        connection.execute(sa.insert(link_evidence), copied)
