"""Whether an archive is whole: its pages, its logs, what its tables say of one another, evidence and index.

Each check yields findings: what is wrong, and what to do. Nothing is mended here. ``evidence`` and ``index``
find every byte that rotted in theirs; the others find what was written wrongly. Reading every WARC record
takes long in a big archive: ``next_portion`` and ``keep_portion`` go around it in shares, and a run of the
kind ``verify`` says how far.
"""

import bisect
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage import audit, captures, strangers
from storage import runs as stored_runs
from storage.evidence import EvidenceFolder
from storage.schema.crawl import runs
from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.people import changes
from storage.schema.press import article_versions, articles
from storage.schema.work import orders
from storage.search import checking
from storage.search.comparing import differing
from storage.search.folder import IndexFolder
from storage.store import Store

_RESTORE: Final = "restore the last backup beside it (`onrecord restore`), and look at the disk"
_MEND: Final = (
    "take that file out of the last backup; one in the evidence store is put there anew, from the folder, by"
    " `onrecord evidence push --drop`"
)
_KIND: Final = "verify"
_AT_MOST: Final = 20  # findings of one check are named; a broken disk has a million


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: in which check, what, and what to do."""

    check: str
    what: str
    do: str


def readable(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of a check; that it met what cannot be read is one as well."""
    try:
        yield from findings
    except sa.exc.DBAPIError as error:
        what = f"it cannot be read: {' '.join(str(error.orig).split())}"
        yield Finding(check=check, what=what, do=_RESTORE)
    except (ValueError, LookupError, TypeError) as error:  # a value that is none of its column's
        what = f"it holds what nobody wrote: {' '.join(str(error).split())}"
        yield Finding(check=check, what=what, do=_RESTORE)


def database(connection: sa.Connection) -> Iterator[Finding]:
    """SQLite's own checks of every page and every foreign key; PostgreSQL holds its keys itself."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_AT_MOST})").fetchall():
        if said != "ok":
            yield Finding(check="database", what=" ".join(said.split()), do=_RESTORE)
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_AT_MOST):
        what = f"{table}: row {row} refers to a row of {parent} that is not there"
        yield Finding(check="foreign keys", what=what, do=_RESTORE)


def logs(connection: sa.Connection) -> Iterator[Finding]:
    """The chained logs, row by row."""
    for name, verdict in audit.verify(connection).items():
        if not verdict.sound:
            what = f"row {verdict.bad_seq} of the log of {name}: {verdict.fault}"
            yield Finding(check="logs", what=what, do=f"find out who wrote to the archive; then {_RESTORE}")


def orphans(connection: sa.Connection) -> Iterator[Finding]:
    """What one table says and another does not know, beyond what foreign keys hold."""
    for what, query in _orphans().items():
        for (id_,) in connection.execute(query.limit(_AT_MOST)):
            yield Finding(check="tables", what=f"{id_}: {what}", do=_RESTORE)


def _orphans() -> dict[str, sa.Select[str]]:
    version = (article_versions.c.article_id == articles.c.id) & (
        article_versions.c.number == articles.c.latest_version
    )
    linked = (article_versions.c.article_id == links.c.article_id) & (
        article_versions.c.number == links.c.version
    )
    ordered = (orders.c.about == articles.c.id) & orders.c.lifted_at.is_(None)
    said = (article_versions.c.article_id == articles.c.id) & (article_versions.c.text != "")
    other = (inspections.c.id == links.c.inspection_id) & (inspections.c.setting_id != links.c.setting_id)
    article, report, link = sa.select(articles.c.id), sa.select(reports.c.id), sa.select(links.c.id)
    hidden, erased = articles.c.restriction.is_not(None), articles.c.restriction == "taken down"
    return {
        "an article without its latest version": article.where(~sa.exists().where(version)),
        "a link made on a version that its article has not": link.where(~sa.exists().where(linked)),
        "a link to an inspection, and to another setting": link.where(sa.exists().where(other)),
        "an article that the change sequence does not tell of": article.where(_untold("article", articles)),
        "a report that the change sequence does not tell of": report.where(_untold("report", reports)),
        "a restricted article without a standing order": article.where(hidden, ~sa.exists().where(ordered)),
        "an article taken down, of which words are left": article.where(erased, sa.exists().where(said)),
    }


def _untold(what: str, table: sa.Table) -> sa.ColumnElement[bool]:
    """One list of what was told is made once; a look for each record would read the whole sequence."""
    return table.c.id.not_in(sa.select(changes.c.id).where(changes.c.what == what))


def evidence(
    connection: sa.Connection, folder: EvidenceFolder, files: Iterable[str] | None = None
) -> Iterator[Finding]:
    """Every record of these WARC files, or of all, to the bit."""
    for name in sorted(captures.ends(connection)) if files is None else files:
        for damage in folder.verify(captures.each(connection, warc_file=name)):
            yield Finding(check="evidence", what=damage.reason, do=_MEND)


def strange(store: Store) -> Iterator[Finding]:
    """What lies in the folder of evidence and is in no record of the archive."""
    do = "move it elsewhere and find out who put it there; the archive does not need it"
    for what in strangers.found(store)[:_AT_MOST]:
        yield Finding(check="evidence", what=what, do=do)


def portion(connection: sa.Connection, share: float, after: str | None) -> list[str]:
    """The WARC files that come next: so many that they are that share of all bytes, around from the end."""
    sizes = captures.ends(connection)
    names = sorted(sizes)
    begin = bisect.bisect_right(names, after) if after is not None else 0
    wanted, chosen = share * sum(sizes.values()), list[str]()
    for name in names[begin:] + names[:begin]:
        if chosen and wanted <= 0:
            break
        chosen.append(name)
        wanted -= sizes[name]
    return chosen


def next_portion(connection: sa.Connection, share: float) -> list[str]:
    """The files whose turn it is, after those of the last run."""
    last = (
        sa.select(runs.c.detail)
        .where(runs.c.kind == _KIND, runs.c.ended.is_not(None))
        .order_by(runs.c.ended.desc().nulls_last())
        .limit(1)
    )
    detail = connection.execute(last).scalar() or {}
    return portion(connection, share, detail.get("upto"))


def keep_portion(connection: sa.Connection, files: Sequence[str], found: int, *, at: dt.datetime) -> None:
    """Keep how far a run came, and how much it found wrong."""
    run = stored_runs.begin(connection, _KIND, None, at=at)
    detail = {"upto": files[-1] if files else None, "files": len(files), "findings": found}
    stored_runs.end(connection, run, "failed" if found else "done", at=at, detail=detail)


def index(store: Store) -> Iterator[Finding]:
    """Whether the search index is whole, and holds what the store does; that it is behind is no fault."""
    folder = IndexFolder(store.place.index)
    if found := checking.faults(folder):
        do = f"stop `onrecord serve`, remove the folder {folder.root}; `onrecord index` makes it anew"
        yield from (Finding(check="index", what=f"{folder.root.name}, {one}", do=do) for one in found)
        return
    for id_ in (differing(store) or ())[:_AT_MOST]:
        do = "bring it up to date with `onrecord index`"
        yield Finding(check="index", what=f"{id_} is not in the index as it is in the archive", do=do)
