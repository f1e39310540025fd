"""Linking what is in the store: reads the record and the articles, writes the links."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa

from linker.copies import deciding
from linker.explain import waterfalls
from linker.labels import Label, labels_of
from linker.linking import Linker
from linker.model import Model
from linker.outcome import links_of
from linker.portions import Portion, Told, Way, here
from linker.reading import Reading
from linker.register import Register
from linker.stored import grouping, relinking
from linker.stored.findings import kept_findings
from linker.stored.quotations import index_of
from linker.stored.record import copies
from linker.stored.record import load_register as load_register  # noqa: PLC0414 (commands take it from here)
from storage import articles as stored_articles
from storage import assertions, changes, judgements, links, models, stories
from storage import judged as judged_links
from storage import labels as stored_labels
from storage.batches import batches
from storage.dates import PartialDate
from storage.errors import NotFound
from storage.records import Link
from storage.relinking import keep_grounds, record_stamp
from storage.store import Store
from storage.vocabulary import Answer

_BATCH = 100
_HELD: dict[str, Register] = {}
_SEEN: dict[str, int] = {}
"""By archive: its register in memory, and the change up to which that was read."""


def link_articles(
    store: Store,
    *,
    at: dt.datetime,
    everything: bool = False,
    only: Sequence[str] | None = None,
    by: Way = here,
) -> Iterator[tuple[str, Sequence[Answer]]]:
    """Link what is new, or all, or the articles named by id, each with the copies of its story.

    Yields each article's id and the answers of its mentions; a copy has those of the copy that decided.
    ``by``: where the work is done, in this process or on others (``onrecord.spreading``).
    """
    with store.reading() as connection:
        if not everything and only is None and relinking.is_quiet(connection):
            return
        register, model = read_register(store, connection), model_in_use(connection)
        stamp = record_stamp(connection)
    regrouped = grouping.group(store, at)
    with store.writing() as connection:
        models.keep(connection, _kept(model, {}), made_at=at)
        links.unsettle(connection, regrouped)
    if only is None:
        relinking.unsettle(store, register, model.version, stamp)
    with store.reading() as connection:
        wanted = only if only is not None else links.waiting(connection, everything=everything)
        whole = stories.copies(connection, wanted)
        first = relinking.is_first(connection, model.version)
    linker = Linker(register, model)
    for done in by(linker, _portions(store, {tuple(ids) for ids in whole.values()})):
        with store.writing() as connection:
            _keep(connection, done, at, model.version)
        for one in chain.from_iterable(done):
            yield one.article_id, one.answers
    if everything or (first and only is None):
        relinking.settle_whole(store, register, model.version)


def _portions(store: Store, stories: Iterable[tuple[str, ...]]) -> Iterator[Portion]:
    """The articles of these stories, read a portion at a time."""
    for batch in batches(stories, _BATCH):
        with store.reading() as connection:
            read = copies(connection, (id_ for ids in batch for id_ in ids))
        yield [[read[id_] for id_ in ids] for ids in sorted(batch)]


def _keep(connection: sa.Connection, done: Sequence[Sequence[Told]], at: dt.datetime, model_id: str) -> None:
    """Keep what a portion of stories came to."""
    told = list(chain.from_iterable(done))
    for one in told:
        links.save(connection, one.article_id, one.version, one.links, at=at, model_id=model_id)
    stories_of = {one.article_id: [copy.article_id for copy in story] for story in done for one in story}
    judged_links.carry(connection, stories_of)
    assertions.follow(connection, stories_of, at)
    stories.keep_facts(connection, {one.article_id: one.facts for one in told})
    keep_grounds(connection, {one.article_id: one.grounds for one in told})


def article_id(store: Store, reference: str) -> str:
    """The id of the article that an id, URL or external id names; NotFound."""
    with store.reading() as connection:
        return stored_articles.find(connection, reference)


def explain(store: Store, article: str) -> list[dict[str, Any]]:
    """Why a stored article links as it does: a waterfall a mention; nothing is written.

    Where a copy of its story decides, its waterfalls, with ``copy_of``; and where the copies ``differ``.
    """
    register = register_of(store)
    with store.reading() as connection:
        story = copies(connection, stories.copies(connection, [article])[article])
        differing = stories.differences(connection, article)
        linker = Linker(register, model_in_use(connection))
    lead = deciding(list(story.values()))
    told = [waterfalls(register, one) for one in linker.link(lead.reading)]
    for one in told if len(story) > 1 else ():
        one["copy_of"] = lead.url if lead.article_id != article else None
        one["copies"] = [{"article_id": copy.article_id, "url": copy.url} for copy in story.values()]
        one["differ"] = differing
    return told


@dataclass(frozen=True, kw_only=True)
class LinkedText:
    """A text's links, as they would be stored of an article, and the waterfall of each mention."""

    links: list[Link]
    why: list[dict[str, Any]]


def link_text(
    store: Store, text: str, *, today: dt.date, title: str = "", published: str | None = None
) -> LinkedText:
    """What a text would link to; nothing is stored. ValueError for no ISO date."""
    register = register_of(store)
    day = PartialDate.parse(published).span if published else None
    reading = Reading(title=title, text=text, published=day, latest=today)
    with store.reading() as connection:
        linker = Linker(register, model_in_use(connection))
    linked = linker.link(reading)
    return LinkedText(
        links=links_of(register, "", 0, linked), why=[waterfalls(register, one) for one in linked]
    )


def reading_given(article: Mapping[str, Any], *, today: dt.date) -> Reading:
    """An article as ``import articles`` takes it, without storing it; ValueError for no ISO date."""
    published = article.get("published")
    return Reading(
        title=article.get("title") or "",
        text=article.get("text") or "",
        published=PartialDate.parse(published).span if published else None,
        latest=today,
        outlet=article.get("outlet"),
    )


def model_in_use(connection: sa.Connection) -> Model:
    """The model that was fitted here and is in use, else the defaults."""
    kept = models.in_use(connection)
    return Model.stored(kept.name, kept.fitted_on, kept.weights, kept.calibration) if kept else Model()


def use_model(store: Store, model: Model, scores: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Keep a fitted model, and make links by it from now on."""
    with store.writing() as connection:
        models.keep(connection, _kept(model, scores), made_at=at, use=True)


def use_defaults(store: Store) -> None:
    """Make links by the weights that came with the program."""
    with store.writing() as connection:
        models.use_defaults(connection)


def judged(store: Store) -> list[tuple[Reading, Label]]:
    """The articles that people judged or a newsroom labelled, with their labels; a judgement goes first."""
    with store.reading() as connection:
        labels = [*labels_of(judgements.standing(connection)), *_imported(connection)]
        labels = list({one.id: one for one in reversed(labels)}.values())
        read = copies(connection, [one.id for one in labels])
    return [(read[one.id].reading, one) for one in labels if one.id in read]


def _imported(connection: sa.Connection) -> Iterator[Label]:
    """The labels that were imported, of articles that are here."""
    for reference, told in stored_labels.standing(connection).items():
        try:
            article = stored_articles.find(connection, reference)
        except NotFound:
            continue
        yield Label.of({**told, "id": article})


def read_register(store: Store, connection: sa.Connection) -> Register:
    """The record read into memory, with what is kept of its reports beside the archive."""
    return load_register(connection, index_of(store, connection), kept_findings(store, connection))


def register_of(store: Store) -> Register:
    """The register in memory, read again only when the record has changed since."""
    place = str(store.place)
    with store.reading() as connection:
        kinds = ("setting", "provider", "inspection", "report", "place")
        seq = max((row.seq for row in changes.since(connection, _SEEN.get(place, 0), kinds)), default=0)
        if place not in _HELD or seq:
            _HELD[place] = read_register(store, connection)
            _SEEN[place] = changes.last(connection)
    return _HELD[place]


def _kept(model: Model, scores: Mapping[str, Any]) -> models.Kept:
    return models.Kept(
        version=model.version,
        name=model.name,
        fitted_on=model.fitted_on,
        weights=model.table,
        calibration=model.settled,
        scores=scores,
    )
