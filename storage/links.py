"""Links: what the linker said of each mention, with candidates and evidence; people's judgements stay.

A rerun replaces the linker's own rows. A decision that a person made stands (``storage.judged``), on every
later version of the text too. An assertion that changes leaves a row of status ``withdrawn``. What is
unchanged is not written again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage import assertions, changes, judged
from storage.batches import batches
from storage.ids import opaque_id
from storage.records import Evidence, Link
from storage.schema.links import link_evidence, links
from storage.schema.press import articles
from storage.schema.relinking import link_grounds
from storage.schema.stories import link_origins

LINKER = judged.LINKER
_SAID = ("version", "status", "answer", "level", "inspection_id", "setting_id", "provider_id", "origin")
_TARGET = ("level", "inspection_id", "setting_id", "provider_id")


def waiting(connection: sa.Connection, *, everything: bool = False) -> list[str]:
    """Articles whose latest version was not linked yet, or on what has changed; or all articles.

    One that is restricted waits for nothing: what it links to is told to nobody.
    """
    query = sa.select(articles.c.id).where(articles.c.restriction.is_(None)).order_by(articles.c.id)
    if not everything:
        done = sa.select(links.c.article_id).where(
            links.c.article_id == articles.c.id,
            links.c.version == articles.c.latest_version,
            links.c.rank.is_(None),
            links.c.status != "withdrawn",
        )
        held = sa.select(link_grounds.c.article_id).where(link_grounds.c.article_id == articles.c.id)
        query = query.where(sa.or_(~done.exists(), ~held.exists()))
    return list(connection.execute(query).scalars())


def unsettle(connection: sa.Connection, article_ids: Iterable[str]) -> None:
    """Have these articles linked again: what their links were made on has changed."""
    for batch in batches(article_ids):
        connection.execute(sa.delete(link_grounds).where(link_grounds.c.article_id.in_(batch)))


def settle(connection: sa.Connection, stories: Mapping[str, Sequence[str]], at: dt.datetime) -> None:
    """Let people's judgements hold for the copies there are now, and for those that were parted no more.

    ``stories``: the copies of each article, itself among them.
    """
    for id_ in stories:
        if not _is_restricted(connection, id_):
            judged.release_parted(connection, id_, _held(connection, id_), at)
    judged.carry(connection, stories)
    assertions.follow(connection, stories, at)


def save(
    connection: sa.Connection,
    article_id: str,
    version: int,
    made: Sequence[Link],
    *,
    at: dt.datetime,
    model_id: str | None = None,
) -> bool:
    """Put the article's links in the place of the linker's earlier ones; whether anything changed.

    Who saves carries judgements to all copies of the story and has ``storage.assertions`` follow, in the
    same transaction: only then is it known what is asserted.
    """
    if _is_restricted(connection, article_id):  # since the linker read it
        return False
    held = _held(connection, article_id)
    if judged.release_parted(connection, article_id, held, at):
        held = _held(connection, article_id)
    by_people = [row for row in held if judged.is_judged(row)]
    settled = {row["mention"] for row in by_people}
    mine = [row for row in held if row["decided_by"] == LINKER and row["status"] != "withdrawn"]
    answers = [link for link in made if link.rank is None and link.mention in settled]
    fresh = [link for link in made if link.rank is not None or link.mention not in settled]
    told = [_row(link, at, model_id) | {"origin": link.origin} for link in answers]
    moved = judged.follow(connection, by_people, told, version)
    if _same(mine, fresh, model_id):
        if moved:
            changes.note(connection, "article", [article_id], at)
        return moved
    gone = _withdrawn(mine, fresh)
    kept = {row["id"] for row in gone}
    _delete(connection, [row["id"] for row in mine if row["id"] not in kept])
    for row in gone:
        connection.execute(
            sa.update(links).where(links.c.id == row["id"]).values(status="withdrawn", withdrawn_at=at)
        )
    _insert(connection, fresh, at, model_id)
    judged.support(connection, by_people)
    changes.note(connection, "link", [row["id"] for row in gone] + [_id(link, at) for link in fresh], at)
    changes.note(connection, "article", [article_id], at)
    return True


def of_article(connection: sa.Connection, article_id: str) -> list[tuple[Link, tuple[Evidence, ...]]]:
    """The article's standing links, decisions first, with their evidence."""
    return [(link, link.evidence) for link in _read(connection, links.c.article_id == article_id)]


def _is_restricted(connection: sa.Connection, article_id: str) -> bool:
    query = sa.select(articles.c.restriction).where(articles.c.id == article_id)
    return connection.execute(query).scalar() is not None


def _with_origin() -> sa.Select[Any]:
    joined = links.outerjoin(link_origins, link_origins.c.link_id == links.c.id)
    return sa.select(links, link_origins.c.article_id.label("origin")).select_from(joined)


def _held(connection: sa.Connection, article_id: str) -> list[dict[str, Any]]:
    query = _with_origin().where(links.c.article_id == article_id)
    return [
        dict(row)
        for row in connection.execute(query.order_by(links.c.mention, links.c.rank.nulls_first())).mappings()
    ]


def _same(mine: Sequence[Mapping[str, Any]], fresh: Sequence[Link], model_id: str | None) -> bool:
    """Whether the same was said before by the same model."""
    before = {_key(row["mention"], row["rank"]): row for row in mine}
    now = {_key(link.mention, link.rank): link for link in fresh}
    if before.keys() != now.keys():
        return False
    return all(
        before[key]["model_id"] == model_id
        and abs(before[key]["probability"] - link.probability) < 1e-9
        and all(before[key][name] == getattr(link, name) for name in _SAID)
        for key, link in now.items()
    )


def _key(mention: int, rank: int | None) -> tuple[int, int]:
    return mention, rank or 0


def _withdrawn(mine: Sequence[Mapping[str, Any]], fresh: Sequence[Link]) -> list[Mapping[str, Any]]:
    """Assertions that no longer stand as they were said."""
    standing = {tuple(getattr(link, name) for name in _TARGET) for link in fresh if link.status == "linked"}
    return [
        row
        for row in mine
        if row["status"] == "linked" and tuple(row[name] for name in _TARGET) not in standing
    ]


def _delete(connection: sa.Connection, ids: Sequence[str]) -> None:
    if ids:
        connection.execute(sa.delete(link_evidence).where(link_evidence.c.link_id.in_(ids)))
        connection.execute(sa.delete(link_origins).where(link_origins.c.link_id.in_(ids)))
        connection.execute(sa.delete(links).where(links.c.id.in_(ids)))


def _id(link: Link, at: dt.datetime) -> str:
    return opaque_id("link", link.article_id, link.mention, link.rank, at.isoformat())


def _insert(connection: sa.Connection, fresh: Sequence[Link], at: dt.datetime, model_id: str | None) -> None:
    if not fresh:
        return
    connection.execute(sa.insert(links), [_row(link, at, model_id) for link in fresh])
    evidence = [row for link in fresh for row in _evidence_rows(_id(link, at), link.evidence)]
    if evidence:
        connection.execute(sa.insert(link_evidence), evidence)
    origins = [{"link_id": _id(link, at), "article_id": link.origin} for link in fresh if link.origin]
    if origins:
        connection.execute(sa.insert(link_origins), origins)


def _row(link: Link, at: dt.datetime, model_id: str | None) -> dict[str, Any]:
    names = ("article_id", "version", "mention", "rank", "status", "answer", "level", "inspection_id")
    more = ("setting_id", "provider_id", "probability", "margin", "decided_by", "confirmed")
    return {name: getattr(link, name) for name in names + more} | {
        "id": _id(link, at),
        "decided_at": at,
        "model_id": link.model_id or model_id,
    }


def _evidence_rows(link_id: str, evidence: Sequence[Evidence]) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(evidence):
        yield {
            "link_id": link_id,
            "number": number,
            "clue": one.clue,
            "field": one.field,
            "text": one.text,
            "start": one.start,
            "end": one.end,
            "value": one.value,
            "told": one.told,
            "weight": one.weight,
        }


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Link]:
    rows = connection.execute(
        _with_origin().where(condition).order_by(links.c.mention, links.c.rank.nulls_first())
    ).mappings()
    for row in list(rows):
        yield Link(
            article_id=row["article_id"],
            version=row["version"],
            mention=row["mention"],
            status=row["status"],
            level=row["level"],
            probability=row["probability"],
            rank=row["rank"],
            answer=row["answer"],
            inspection_id=row["inspection_id"],
            setting_id=row["setting_id"],
            provider_id=row["provider_id"],
            margin=row["margin"],
            evidence=_evidence_of(connection, row["id"]),
            decided_by=row["decided_by"],
            model_id=row["model_id"],
            confirmed=row["confirmed"],
            origin=row["origin"],
        )


def _evidence_of(connection: sa.Connection, link_id: str) -> tuple[Evidence, ...]:
    query = (
        sa.select(link_evidence).where(link_evidence.c.link_id == link_id).order_by(link_evidence.c.number)
    )
    names = ("clue", "field", "text", "start", "end", "value", "told", "weight")
    return tuple(
        Evidence(**{name: row[name] for name in names}) for row in connection.execute(query).mappings()
    )
