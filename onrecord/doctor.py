"""``onrecord doctor``: everything that can be wrong with an installation, each with what to do about it."""

import datetime as dt
import stat
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.version import Version

from onrecord import config
from storage import alarms, health, sources
from storage.errors import OnRecordError, StorageError, UsageMistake
from storage.health import Finding, Patient
from storage.store import Store

if TYPE_CHECKING:
    from crawler.source import SourceSpider

_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "brotli": ("1.2.0", "a small page can fill the memory (CVE-2025-6176)"),
    "h11": ("0.16.0", "malformed chunks of a request are let through (CVE-2025-43859)"),
    "jinja2": ("3.1.6", "a template can leave its sandbox (CVE-2025-27516)"),
    "pdfminer.six": ("20251107", "a report can run code as it is read (CVE-2025-64512)"),
    "python-multipart": ("0.0.18", "a form can keep a server busy (CVE-2024-53981)"),
    "starlette": ("0.49.1", "a range that is asked for can keep a server busy (CVE-2025-62727)"),
    "urllib3": ("2.6.0", "a small answer can fill the memory (CVE-2025-66471)"),
}
"""Libraries by the version in which a fault that would touch us was mended, and the fault."""


def examine(archive: str | None, evidence: str | None, *, at: dt.datetime) -> Iterator[Finding]:
    """Every check, in the order of what rests on what; stops where the rest cannot be looked at."""
    yield from _libraries()
    try:
        settings = config.load()
    except UsageMistake as mistake:
        yield _wrong("settings", str(mistake), "correct that line of the settings file")
        return
    yield from _settings(settings)
    try:
        store = Store.at(
            archive or settings.archive,
            evidence=evidence or settings.evidence,
            objects=settings.evidence_store,
        )
    except StorageError as fault:
        yield _wrong("archive", str(fault), "do what it says, then ask again")
        return
    with store:
        with store.reading() as connection:
            yield Finding(check="schema", state="good", told="as this version writes it")
            yield from health.look(Patient(connection=connection, place=store.place, at=at))
        yield from _index(store)
        yield from _permissions(store)
        yield from _sources(store)


def _libraries() -> Iterator[Finding]:
    found = {}
    for name in _FAULTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    old = [name for name, version in found.items() if Version(version) < Version(_FAULTS[name][0])]
    for name in old:
        mended, fault = _FAULTS[name]
        told = f"{name} {found[name]}: {fault}"
        yield _wrong("libraries", told, f'upgrade it: pip install "{name}>={mended}"')
    if not old:
        yield Finding(check="libraries", state="good", told=f"{len(found)} looked at, no known fault")


def _settings(settings: config.Config) -> Iterator[Finding]:
    if not settings.contact:
        told = "no contact is set, so sites that are crawled cannot ask who it is"
        yield _note("settings", told, 'set contact = "https://…" in onrecord.toml')
    elif (mistake := _mistake_in_alerts(settings)) is not None:
        yield _wrong("settings", "alerts cannot be sent", mistake)
    elif settings.base_url and not settings.base_url.startswith("https://"):
        told = f"people reach the archive by {settings.base_url}, which is not encrypted"
        yield _note(
            "settings", told, "put a proxy with TLS before it and set base_url to its https:// address"
        )
    else:
        yield Finding(check="settings", state="good", told="read")


def _mistake_in_alerts(settings: config.Config) -> str | None:
    """What keeps messages from being sent, where somebody set how they are."""
    from onrecord.posting import post  # noqa: PLC0415 (it loads what sends)

    said = settings.alerts
    if not (said.operator or said.mail or said.chats):
        return None
    try:
        post(settings)
    except UsageMistake as mistake:
        return str(mistake)
    return None


def _index(store: Store) -> Iterator[Finding]:
    from storage.search import comparing  # noqa: PLC0415 (it loads the search engine)

    apart = comparing.differing(store)
    if apart is None:
        yield _note("index", "there is none, or it is behind", "run `onrecord index`, unless `serve` runs")
    elif apart:
        yield _wrong("index", f"{len(apart)} items differ from the archive", "run `onrecord index`")
    else:
        yield Finding(check="index", state="good", told="as the archive is")


def _permissions(store: Store) -> Iterator[Finding]:
    """Whether others on this machine may read what only the newsroom should."""
    places = [store.place.path, store.place.evidence, store.place.index, Path(config.FILE_NAME)]
    here = [place for place in places if place is not None and place.exists()]
    written = [place for place in here if place.stat().st_mode & stat.S_IWOTH]
    read = [place for place in here if place.stat().st_mode & stat.S_IROTH and _is_reached(place)]
    for place in written:
        yield _wrong("permissions", f"anybody may write to {place}", f"chmod o-w {place}")
    if read:
        names = " ".join(map(str, read))
        yield _note("permissions", f"anybody on this machine may read {names}", f"chmod o-rwx {names}")
    if not read and not written:
        yield Finding(check="permissions", state="good", told="for its owner and group only")


def _is_reached(place: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in place.absolute().parents)


def _sources(store: Store) -> Iterator[Finding]:
    from onrecord.commands.crawling import known, lacking_key  # noqa: PLC0415 (it loads the crawler)

    try:
        every = known()
    except OnRecordError as fault:
        yield _wrong("sources", str(fault), "correct the source's file")
        return
    with store.reading() as connection:
        off, raised = sources.disabled(connection), alarms.raised(connection)
    for alarm in raised:
        told = f"{alarm.source_id}: {alarm.reason}"
        todo = f"run `onrecord sources check {alarm.source_id}`"
        yield Finding(check="sources", state="wrong", told=told, todo=todo, alarmed=True)
    for name in sorted(lacking_key(every) - off):
        todo = f"set {every[name].needs_key} (or {every[name].needs_key}_FILE), or switch it off on /operator"
        yield _note("sources", f"{name} is left, for want of a key", todo)
    yield from _licences(every, off)
    if not raised:
        told = f"{len(every.keys() - off)} of {len(every)} are on, no alarm"
        yield Finding(check="sources", state="good", told=told)


def _licences(every: "Mapping[str, type[SourceSpider]]", off: set[str]) -> Iterator[Finding]:
    without = sorted(name for name, one in every.items() if name not in off and not one.declared().terms)
    if without:
        told = f"no terms are named for {', '.join(without)}"
        yield _note("licences", told, "write into their files where the owner states them")
    else:
        yield Finding(check="licences", state="good", told="each source names its terms")


def _wrong(check: str, told: str, todo: str) -> Finding:
    return Finding(check=check, state="wrong", told=told, todo=todo)


def _note(check: str, told: str, todo: str) -> Finding:
    return Finding(check=check, state="note", told=told, todo=todo)
