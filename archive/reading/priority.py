"""The priority of what waits for a decision, computed by the database; ``archive.reading.queue`` says how."""

from typing import Any, Final

import sqlalchemy as sa

from storage import judgements
from storage.judged import LINKER
from storage.schema.inspections import inspections
from storage.schema.links import judgements as log
from storage.schema.links import linker_answers, links
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.schema.stories import link_origins
from storage.schema.work import corrections, follows

_WORST: Final = ("inadequate", "serious")
_POOR: Final = ("requires", "adequate", "declined", "inconsistent")

_decision = links.alias("decision")
_best = links.alias("best")
_first = log.alias("first")
_second = log.alias("second")


def mentions() -> sa.Select[Any]:
    """Every mention with a decision, one a story, with its priority and who read it."""
    said = linker_answers.c
    return (
        sa.select(
            articles.c.id.label("article_id"),
            _decision.c.mention,
            _decision.c.version,
            _priority().label("priority"),
            articles.c.outlet,
            settings.c.local_authority.label("authority"),
            providers.c.name.label("provider"),
            sa.func.coalesce(said.answer, _decision.c.answer).label("answer"),
            _copies().label("copies"),
            _first.c.who.label("judged_by"),
            _first.c.version.label("judged_version"),
            _second.c.who.label("second_by"),
        )
        .select_from(_joined())
        .where(
            _decision.c.rank.is_(None),
            _decision.c.status.in_(["linked", "none"]),
            link_origins.c.link_id.is_(None),
            articles.c.restriction.is_(None),
        )
    )


def waiting() -> sa.ColumnElement[bool]:
    """What may wait: what nobody judged and has something to choose from, and what may be read again."""
    choosable = sa.or_(_best.c.id.is_not(None), _decision.c.status == "linked")
    unread = (_decision.c.decided_by == LINKER) & choosable
    again = sa.or_(_first.c.version < _decision.c.version, _second.c.seq.is_(None))
    return sa.or_(unread, (_decision.c.decided_by != LINKER) & again)


def _joined() -> sa.FromClause:
    same = (_best.c.article_id == _decision.c.article_id) & (_best.c.mention == _decision.c.mention)
    said = linker_answers.c
    held = (said.article_id == _decision.c.article_id) & (said.mention == _decision.c.mention)
    return (
        _decision.join(articles, articles.c.id == _decision.c.article_id)
        .outerjoin(_best, same & (_best.c.rank == 1) & (_best.c.status == "candidate"))
        .outerjoin(linker_answers, held)
        .outerjoin(link_origins, link_origins.c.link_id == _decision.c.id)
        .outerjoin(inspections, inspections.c.id == _at_stake("inspection_id"))
        .outerjoin(settings, settings.c.id == _at_stake("setting_id"))
        .outerjoin(providers, providers.c.id == _at_stake("provider_id"))
        .outerjoin(_first, _standing(_first, 1))
        .outerjoin(_second, _standing(_second, 2))
    )


def _standing(judged: sa.FromClause, reading: int) -> sa.ColumnElement[bool]:
    of_this = (judged.c.article_id == _decision.c.article_id) & (judged.c.mention == _decision.c.mention)
    return of_this & (judged.c.decision != "undone") & judged.c.seq.in_(judgements.newest(reading))


def _at_stake(column: str) -> sa.ColumnElement[Any]:
    """The record that is said or, where none is, the likeliest."""
    return sa.func.coalesce(linker_answers.c[column], _decision.c[column], _best.c[column])


def _copies() -> sa.ColumnElement[int]:
    other = articles.alias("copy")
    count = sa.select(sa.func.count()).where(other.c.story_id == articles.c.story_id)
    return sa.case((articles.c.story_id.is_(None), 1), else_=count.correlate(articles).scalar_subquery())


def _priority() -> sa.ColumnElement[float]:
    return _uncertainty() * _severity() * _reach()


def _uncertainty() -> sa.ColumnElement[float]:
    said = linker_answers.c
    sure = sa.func.coalesce(said.probability, _decision.c.probability)
    best = sa.func.coalesce(_best.c.probability, 0.0)
    asserted = sa.func.coalesce(said.status, _decision.c.status) == "linked"
    surest = sa.case((sa.or_(asserted, sure > best), sure), else_=best)
    return sa.case((surest > 0.99, 0.01), else_=1.0 - surest)


def _severity() -> sa.ColumnElement[float]:
    grade = sa.func.lower(sa.func.coalesce(inspections.c.overall, ""))
    worst = sa.or_(*(grade.startswith(word) for word in _WORST))
    return sa.case((worst, 4.0), (sa.or_(*(grade.startswith(word) for word in _POOR)), 2.0), else_=1.0)


def _reach() -> sa.ColumnElement[float]:
    copies = _copies()
    followed = (
        ("setting", settings.c.id),
        ("provider", providers.c.id),
        ("authority", settings.c.local_authority),
        ("outlet", articles.c.outlet),
    )
    targets = sa.or_(*((follows.c.what == what) & (follows.c.target == target) for what, target in followed))
    people = (
        sa.select(sa.func.count(sa.distinct(follows.c.user_id)))
        .where(follows.c.ended_at.is_(None), targets)
        .correlate(settings, providers, articles)
        .scalar_subquery()
    )
    reported = sa.exists().where(corrections.c.article_id == articles.c.id, corrections.c.state == "open")
    return (
        1.0
        + sa.case((copies > 9, 8), else_=copies - 1) * 0.25
        + sa.case((people > 4, 4), else_=people) * 0.5
        + sa.case((reported.correlate(articles), 4.0), else_=0.0)
    )
