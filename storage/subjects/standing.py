"""Where a person's name stands in the archive: item by item, what may be erased and what stays and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from storage.masking import masked
from storage.schema import crawl, inspections, links, naming, people, press, registers, stories, work
from storage.subjects.names import Name, spans, texts_in

_AROUND: Final = 40  # characters shown on each side of a name

_REGISTER: Final = "the regulator's public register says so; it has no public page or feed here"
_ADDRESS: Final = "the paper's own address, by which the item is found; a takedown erases it"
_LOG: Final = "a chained log of who decided what; it holds no press text"
_DECISION: Final = "who decided it and why, with which it can be undone"
_ACCOUNT: Final = "an account of this archive; `onrecord user disable` closes it"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column in which a name may stand, of the item that ``about`` names.

    ``stays``: why it is not erased. ``row_goes``: the row is erased, not its words alone.
    """

    item: str  # article, report, note …
    told: str  # for a person
    column: sa.Column[Any]
    about: sa.Column[Any]
    through: tuple[sa.Table, sa.ColumnElement[bool]] | None = None
    stays: str | None = None
    row_goes: bool = False

    @property
    def table(self) -> sa.Table:
        """The table of the column."""
        table = self.column.table
        assert isinstance(table, sa.Table)
        return table


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One value that says the name, ``times`` times; ``context``: the words around the first."""

    place: Field
    about: str
    key: tuple[Any, ...] = field(repr=False)
    value: Any = field(repr=False)
    times: int
    context: str


def _fields(
    item: str, about: sa.Column[Any], told: dict[str, sa.Column[Any]], **more: Any
) -> tuple[Field, ...]:
    return tuple(
        Field(item=item, about=about, told=words, column=column, **more) for words, column in told.items()
    )


_VERSION, _REPORT, _EVIDENCE = press.article_versions.c, inspections.reports.c, links.link_evidence.c
_FOLLOW, _HINTED = work.follows.c, crawl.frontier.c
_OF_A_LINK: Final = (links.links, links.links.c.id == links.link_evidence.c.link_id)

FIELDS: Final[tuple[Field, ...]] = (
    *_fields(
        "article",
        _VERSION.article_id,
        {
            "title": _VERSION.title,
            "byline": _VERSION.byline,
            "text": _VERSION.text,
            "captions": _VERSION.captions,
            "agency": _VERSION.agency,
        },
    ),
    *_fields(
        "article",
        links.links.c.article_id,
        {
            "clue of a link": _EVIDENCE.text,
            "value of a clue": _EVIDENCE.value,
            "words of a clue": _EVIDENCE.told,
        },
        through=_OF_A_LINK,
    ),
    *_fields(
        "article",
        stories.story_facts.c.article_id,
        {"fact of a story": stories.story_facts.c.text, "value of a fact": stories.story_facts.c.value},
    ),
    *_fields("article", work.orders.c.about, {"links held by an order": work.orders.c.held}),
    *_fields("report", _REPORT.id, {"text": _REPORT.text, "facts": _REPORT.facts}),
    *_fields(
        "report", inspections.report_sections.c.report_id, {"heading": inspections.report_sections.c.heading}
    ),
    *_fields(
        "report", inspections.report_sentences.c.report_id, {"sentence": inspections.report_sentences.c.text}
    ),
    *_fields(
        "report",
        inspections.requirements.c.report_id,
        {"requirement": inspections.requirements.c.text, "title of one": inspections.requirements.c.title},
    ),
    *_fields("note", work.notes.c.id, {"note": work.notes.c.text}),
    *_fields(
        "correction",
        work.corrections.c.id,
        {"said": work.corrections.c.said, "contact": work.corrections.c.contact},
    ),
    *_fields("correction", work.corrections.c.id, {"answer": work.corrections.c.answer}),
    *_fields("follow", _FOLLOW.id, {"search": _FOLLOW.target, "title": _FOLLOW.title}, row_goes=True),
    *_fields("page to fetch", _HINTED.id, {"what a feed said of it": _HINTED.hints}),
    *_fields("article", press.articles.c.id, {"address": press.articles.c.url}, stays=_ADDRESS),
    *_fields("capture", crawl.captures.c.id, {"address": crawl.captures.c.url}, stays=_ADDRESS),
    *_fields("provider", registers.providers.c.id, {"name": registers.providers.c.name}, stays=_REGISTER),
    *_fields(
        "provider",
        registers.provider_names.c.provider_id,
        {"name once": registers.provider_names.c.name},
        stays=_REGISTER,
    ),
    *_fields(
        "setting",
        registers.register_rows.c.setting_id,
        {"owner": registers.register_rows.c.owner},
        stays=_REGISTER,
    ),
    *_fields("setting", registers.settings.c.id, {"name": registers.settings.c.name}, stays=_REGISTER),
    *_fields(
        "inspection",
        inspections.inspections.c.id,
        {"owner": inspections.inspections.c.provider_name},
        stays=_REGISTER,
    ),
    *_fields("report", _REPORT.id, {"owner": _REPORT.provider_name}, stays=_REGISTER),
    *_fields(
        "provider",
        naming.provider_aliases.c.provider_id,
        {"alias": naming.provider_aliases.c.name},
        stays="a name that colleagues gave; `onrecord provider alias --remove` takes it off",
    ),
    *_fields("account", people.users.c.id, {"name": people.users.c.name}, stays=_ACCOUNT),
    *_fields("token", people.keys.c.id, {"label": people.keys.c.label}, stays=_ACCOUNT),
    *_fields(
        "order",
        work.orders.c.id,
        {"reason": work.orders.c.reason, "made by": work.orders.c.made_by},
        stays=_DECISION,
    ),
    *_fields(
        "decision on a story",
        stories.story_decisions.c.seq,
        {"reason": stories.story_decisions.c.reason, "who": stories.story_decisions.c.who},
        stays=_DECISION,
    ),
    *_fields(
        "decision on a provider",
        naming.provider_decisions.c.seq,
        {"reason": naming.provider_decisions.c.reason, "who": naming.provider_decisions.c.who},
        stays=_DECISION,
    ),
    *_fields(
        "judgement",
        links.judgements.c.seq,
        {"reason": links.judgements.c.reason, "who": links.judgements.c.who},
        stays=_LOG,
    ),
    *_fields(
        "audit",
        work.audit.c.seq,
        {"reason": work.audit.c.reason, "who": work.audit.c.who, "details": work.audit.c.details},
        stays=_LOG,
    ),
)


def standing(connection: sa.Connection, names: Sequence[Name]) -> list[Standing]:
    """Every value that says one of the names, field by field."""
    return [one for place in FIELDS for one in _in_field(connection, place, names)]


def sealed_items(connection: sa.Connection) -> set[str]:
    """The ids of articles and reports whose words are not for showing: under an order, or by their terms."""
    ordered = (
        sa.select(table.c.id).where(table.c.restriction.is_not(None))
        for table in (press.articles, inspections.reports)
    )
    kept_back = (
        sa.select(press.articles.c.id)
        .join(crawl.sources, crawl.sources.c.id == press.articles.c.source_id)
        .where(crawl.sources.c.shown_to == "nobody")
    )
    return set(connection.scalars(sa.union(*ordered, kept_back)))


def _in_field(connection: sa.Connection, place: Field, names: Sequence[Name]) -> Iterator[Standing]:
    keys = list(place.table.primary_key.columns)
    query = sa.select(place.about, place.column, *keys).where(_may_say(place.column, names))
    if place.through is not None:
        query = query.join_from(place.table, *place.through)
    for about, value, *key in connection.execute(query):
        found = [(text, spans(text, names)) for text in texts_in(value)]
        hits = [(text, where) for text, where in found if where]
        if hits:
            yield Standing(
                place=place,
                about=str(about),
                key=tuple(key),
                value=value,
                times=sum(len(where) for _, where in hits),
                context=_around(hits[0][0], *hits[0][1][0]),
            )


def _may_say(column: sa.Column[Any], names: Iterable[Name]) -> sa.ColumnElement[bool]:
    """A condition that every value with one of the names meets."""
    text = sa.func.lower(sa.cast(column, sa.String))
    runs = {run for name in names for run in name.letters or ("",)}
    return column.is_not(None) & sa.or_(*(text.contains(run, autoescape=True) for run in sorted(runs)))


def _around(text: str, start: int, end: int) -> str:
    """The name between the words around it, postcodes and numbers masked."""
    before, after = max(0, start - _AROUND), end + _AROUND
    cut = " ".join(masked(text)[before:after].split())
    return f"{'… ' if before else ''}{cut}{' …' if after < len(text) else ''}"
