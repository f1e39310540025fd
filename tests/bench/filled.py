"""A store filled with a generated archive of any size: register, inspections, reports, press and links."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.dates import utc_now
from storage.ids import digest_of
from storage.schema import inspections as official
from storage.schema import links as linking
from storage.schema import press, registers
from storage.store import Store
from tests.linker.invented_names import invented_register

_GRADES = ("Outstanding", *("Good",) * 6, *("Requires improvement to be good",) * 2, "Inadequate")
_VOCABULARY = 60_000
_BATCH = 2_000
_NOW = dt.datetime(2025, 6, 2, 8, 0, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many of each; ``words`` in an article and in a report."""

    articles: int = 100_000
    reports: int = 50_000
    settings: int = 10_000
    outlets: int = 300
    words: int = 400


def fill(store: Store, sizes: Sizes) -> None:
    """Write everything in a few transactions; the same archive each time."""
    rng = random.Random(13)
    prose = _prose(rng, sizes.words)
    providers = invented_register(rng, sizes.settings * 2 // 5)
    with store.writing() as connection:
        _insert(connection, registers.providers, _providers(providers))
        names = (
            {"provider_id": id_, "name": name, "name_key": name.lower(), "origin": "register"}
            for id_, name in providers
        )
        _insert(connection, registers.provider_names, names)
        _insert(connection, registers.settings, _settings(rng, sizes, [id_ for id_, _ in providers]))
        _insert(connection, official.inspections, _inspections(rng, sizes))
    for begin in range(0, sizes.reports, 10_000):
        with store.writing() as connection:
            span = range(begin, min(begin + 10_000, sizes.reports))
            _insert(connection, official.reports, (_report(rng, sizes, number, prose) for number in span))
    for begin in range(0, sizes.articles, 10_000):
        span = range(begin, min(begin + 10_000, sizes.articles))
        with store.writing() as connection:
            stories = (
                {"id": f"story-{number}", "made_at": _NOW, "made_by": "linker"}
                for number in span
                if number % 5 == 0
            )
            _insert(connection, press.stories, stories)
            days = {number: dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(4_800)) for number in span}
            _insert(connection, press.articles, (_article(number, days[number], sizes) for number in span))
            _insert(
                connection,
                press.article_versions,
                (_version(number, days[number], prose()) for number in span),
            )
            _insert(connection, linking.links, (_link(rng, number, sizes) for number in span))


def _prose(rng: random.Random, words: int) -> Callable[[], str]:
    """Texts with the few frequent and many rare words that language has."""
    vocabulary = [
        "".join(rng.choices("aeioubcdfghlmnprst", k=rng.randint(3, 10))) for _ in range(_VOCABULARY)
    ]
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(_VOCABULARY)))

    def text() -> str:
        chosen = rng.choices(vocabulary, cum_weights=weights, k=words)
        lines = (" ".join(chosen[at : at + 40]).capitalize() + "." for at in range(0, words, 40))
        return "\n\n".join(lines)

    return text


def _providers(named: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for number, (id_, name) in enumerate(named):
        group = f"Group {number % 200}" if number % 4 == 0 else None
        yield {"id": id_, "name": name, "name_key": name.lower(), "group_name": group, "sector": "Private"}


def _settings(rng: random.Random, sizes: Sizes, providers: list[str]) -> Iterator[dict[str, Any]]:
    for number in range(sizes.settings):
        place = int(150 * rng.random() ** 1.5)
        yield {
            "id": f"setting-{number}",
            "regulator": "ofsted",
            "urn": f"8{number:06}",
            "kind": ("children's home", "nursery", "school", "fostering service")[int(4 * rng.random() ** 3)],
            "name_withheld": True,
            "local_authority": f"Vordenshire {place}",
            "region": f"Region {place % 9}",
            "places": rng.randrange(2, 12),
            "sector": "Private",
            "provider_id": providers[int(len(providers) * rng.random() ** 3)],
            "registered": dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(3_000)),
            "status": "Active",
        }


def _inspections(rng: random.Random, sizes: Sizes) -> Iterator[dict[str, Any]]:
    for number in range(sizes.reports):
        day = dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(4_800))
        grade = rng.choice(_GRADES)
        yield {
            "id": f"inspection-{number}",
            "setting_id": f"setting-{number % sizes.settings}",
            "kind": "full",
            "first_day": day,
            "last_day": day + dt.timedelta(days=1),
            "published": day + dt.timedelta(days=40),
            "overall": grade,
            "protection": grade,
            "leadership": grade,
            "disagreements": [],
        }


def _report(rng: random.Random, sizes: Sizes, number: int, prose: Callable[[], str]) -> dict[str, Any]:
    text = prose()
    day = dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(4_800))
    return {
        "id": f"report-{number}",
        "inspection_id": f"inspection-{number}",
        "setting_id": f"setting-{number % sizes.settings}",
        "regulator": "ofsted",
        "urn": f"8{number % sizes.settings:06}",
        "digest": digest_of(text.encode()),
        "kind": "full",
        "first_day": day,
        "published": day + dt.timedelta(days=40),
        "overall": rng.choice(_GRADES),
        "facts": {},
        "text": text,
        "pages": 6,
        "file_name": f"report-{number}.pdf",
    }


def _article(number: int, day: dt.date, sizes: Sizes) -> dict[str, Any]:
    return {
        "id": f"article-{number}",
        "url": f"https://www.paper-{number % sizes.outlets}.example/{number}",
        "outlet": f"Paper {number % sizes.outlets}",
        "story_id": f"story-{number - number % 5}" if number % 5 < 2 else None,
        "latest_version": 1,
        "published": day.isoformat(),
        "first_seen": _NOW,
    }


def _version(number: int, day: dt.date, text: str) -> dict[str, Any]:
    title = " ".join(text.split()[:8])
    return {
        "id": f"version-{number}",
        "article_id": f"article-{number}",
        "number": 1,
        "title": title,
        "published": day.isoformat(),
        "published_from": "page",
        "text": text,
        "digest": digest_of(f"{title}\n{text}".encode()),
        "captions": [],
        "learned_at": _NOW,
    }


def _link(rng: random.Random, number: int, sizes: Sizes) -> dict[str, Any]:
    linked = rng.random() < 0.6
    inspection = rng.randrange(sizes.reports)
    return {
        "id": f"link-{number}",
        "article_id": f"article-{number}",
        "version": 1,
        "mention": 0,
        "status": "linked" if linked else "none",
        "answer": "asserted" if linked else rng.choice(("too_little", "not_in_register", "several_fit")),
        "level": "inspection" if linked else "none",
        "inspection_id": f"inspection-{inspection}" if linked else None,
        "setting_id": f"setting-{inspection % sizes.settings}" if linked else None,
        "probability": 0.9,
        "decided_by": "linker",
        "decided_at": utc_now(),
        "confirmed": linked and number % 7 == 0,
    }


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(itertools.islice(rows, _BATCH)):
        connection.execute(sa.insert(table), batch)
