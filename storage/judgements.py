"""People's judgements on links: append only, hash-chained; the newest of a mention holds until undone.

A decision, its row of the log and what it makes of the links are one transaction. A second reader's word
(``reading`` 2) goes into the same log for the figures of agreement and changes no link: where the two
differ, an operator's further judgement (a first reading again) settles it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from storage import assertions, chain, changes, judged, stories
from storage.errors import NotFound, UsageMistake
from storage.schema.inspections import inspections
from storage.schema.links import judgements
from storage.schema.registers import providers, settings
from storage.vocabulary import Level

Decision = Literal[
    "confirmed",
    "rejected",  # the asserted link is wrong
    "none",  # none of the candidates shown
    "not_in_register",
    "several_fit",
    "not_about_a_setting",
    "undone",
]
_ANSWERS: Final = ("not_in_register", "several_fit", "not_about_a_setting")
_TABLES: Final = {"inspection": inspections, "setting": settings, "provider": providers}
_Target = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One decision of a person; ``record`` is the id of what is confirmed, at ``level``.

    ``shown``: what the person saw when deciding, as JSON without words of the press, which may be erased.
    """

    article_id: str
    mention: int
    decision: Decision
    who: str
    at: dt.datetime
    version: int
    shown: Mapping[str, Any]
    level: Level = "none"
    record: str | None = None
    reason: str | None = None
    reading: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a person decided of a mention, in the words of a label; ``urn`` and ``day`` where they reach."""

    article_id: str
    mention: int
    decision: str
    urn: str | None
    day: str | None
    provider: str | None


def judge(connection: sa.Connection, said: Judgement) -> int:
    """Keep a judgement and have the links show it, on every copy of the story; its number in the log.

    NotFound where there is no such mention or record; UsageMistake for a decision that makes no sense.
    """
    _check(said)
    before = judged.decisions(connection, [said.article_id], said.mention)
    if not before:
        raise NotFound(f"{said.article_id} has no mention {said.mention} that could be judged")
    inspection, setting, provider = _target(connection, said)
    row = {
        name: getattr(said, name) for name in ("article_id", "mention", "decision", "who", "at", "version")
    }
    row |= {"shown": dict(said.shown), "reason": said.reason, "reading": said.reading}
    row |= {"inspection_id": inspection, "setting_id": setting, "provider_id": provider}
    seq = chain.append(connection, judgements, row | {"model_id": before[0]["model_id"]})
    changes.note(connection, "judgement", [str(seq)], said.at)
    if said.reading == 1:
        judged.put(connection, _ruling(said, (inspection, setting, provider)), before[0])
        _carry(connection, said.article_id, said.at)
    return seq


def undo(
    connection: sa.Connection,
    mention: tuple[str, int],
    *,
    who: str,
    at: dt.datetime,
    reading: int = 1,
    reason: str | None = None,
) -> int:
    """Take back the judgement that stands on (article, mention); the undoing's own number. NotFound.

    The links say again what the linker says of the mention by now.
    """
    article_id, number = mention
    last = next((row for row in reversed(history(connection, *mention)) if row.reading == reading), None)
    if last is None or last.decision == "undone":
        raise NotFound(f"there is no judgement on mention {number} of {article_id} that could be undone")
    told = {"article_id": article_id, "mention": number, "decision": "undone", "who": who, "at": at}
    told |= {"shown": {"undoes": last.seq}, "reason": reason, "reading": reading, "version": last.version}
    seq = chain.append(connection, judgements, told | {"model_id": last.model_id})
    changes.note(connection, "judgement", [str(seq)], at)
    if reading == 1:
        copies = stories.copies(connection, [article_id]).get(article_id, [article_id])
        for row in judged.decisions(connection, copies, number):
            if judged.is_judged(row) and (row["origin"] or row["article_id"]) == article_id:
                judged.restore(connection, row, at)
        _carry(connection, article_id, at)
    return seq


def history(connection: sa.Connection, article_id: str, mention: int) -> list[sa.Row[Any]]:
    """Everything people decided of a mention, oldest first."""
    where = (judgements.c.article_id == article_id) & (judgements.c.mention == mention)
    return list(connection.execute(sa.select(judgements).where(where).order_by(judgements.c.seq)))


def newest(reading: int) -> sa.Select[tuple[int]]:
    """The number of the newest judgement of each mention, of first or second readings; perhaps an undoing."""
    of_mention = (judgements.c.article_id, judgements.c.mention)
    return (
        sa.select(sa.func.max(judgements.c.seq)).where(judgements.c.reading == reading).group_by(*of_mention)
    )


def standing(connection: sa.Connection) -> Iterator[Judged]:
    """The judgement that holds for each mention, article by article."""
    owner = sa.func.coalesce(judgements.c.provider_id, inspections.c.provider_id, settings.c.provider_id)
    setting = sa.func.coalesce(judgements.c.setting_id, inspections.c.setting_id)
    query = (
        sa.select(judgements, settings.c.urn, inspections.c.first_day, providers.c.name)
        .outerjoin(inspections, inspections.c.id == judgements.c.inspection_id)
        .outerjoin(settings, settings.c.id == setting)
        .outerjoin(providers, providers.c.id == owner)
        .where(judgements.c.seq.in_(newest(1)), judgements.c.decision != "undone")
        .order_by(judgements.c.article_id, judgements.c.mention)
    )
    for row in connection.execute(query):
        yield Judged(
            article_id=row.article_id,
            mention=row.mention,
            decision=row.decision,
            urn=row.urn,
            day=row.first_day and row.first_day.isoformat(),
            provider=row.name,
        )


def _check(said: Judgement) -> None:
    if said.decision not in get_args(Decision) or said.decision == "undone":
        raise UsageMistake(f"{said.decision!r} is no decision on a link")
    if (said.decision == "confirmed") != (said.level in _TABLES and said.record is not None):
        raise UsageMistake(
            "a confirmation names an inspection, a setting or a provider, and nothing else does"
        )
    if not said.who or said.who == judged.LINKER:
        raise UsageMistake("a judgement needs the name of a person")
    if said.reading not in (1, 2):
        raise UsageMistake("a mention is read first or second")


def _target(connection: sa.Connection, said: Judgement) -> _Target:
    """Inspection, setting and provider that are confirmed; the owner is that of the inspection's day."""
    if said.decision != "confirmed":
        return None, None, None
    row = _row(connection, said.level, said.record)
    if said.level == "provider":
        return None, None, row.id
    if said.level == "setting":
        return None, row.id, row.provider_id
    home = _row(connection, "setting", row.setting_id)
    return row.id, home.id, row.provider_id or home.provider_id


def _row(connection: sa.Connection, level: str, record: str | None) -> sa.Row[Any]:
    table = _TABLES[level]
    row = connection.execute(sa.select(table).where(table.c.id == record)).first()
    if row is None:
        raise NotFound(f"there is no {level} {record!r}")
    return row


def _ruling(said: Judgement, target: _Target) -> judged.Ruling:
    """A person's word is certain: 1 for what is confirmed, and for nothing in the register being right."""
    confirmed = said.decision == "confirmed"
    inspection, setting, provider = target
    answer = said.decision if said.decision in _ANSWERS else None
    return judged.Ruling(
        mention=said.mention,
        status="linked" if confirmed else "none",
        answer="asserted" if confirmed else answer,
        level=said.level if confirmed else "none",
        inspection_id=inspection,
        setting_id=setting,
        provider_id=provider,
        probability=0.0 if said.decision == "several_fit" else 1.0,
        who=said.who,
        at=said.at,
    )


def _carry(connection: sa.Connection, article_id: str, at: dt.datetime) -> None:
    copies = stories.copies(connection, [article_id]).get(article_id, [article_id])
    judged.carry(connection, dict.fromkeys(copies, copies))
    assertions.follow(connection, copies, at)
