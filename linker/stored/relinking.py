"""Which articles a change of the record touches: settings, inspections, names, reports and places.

Each record is digested as the linker reads it and held against what it was at the last run.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from linker.clues import quotations
from linker.grounds import Changed, Grounds
from linker.owners import words_of
from linker.register import Register
from linker.stored.record import copies
from linker.stored.reported import stamps_of
from storage import links, relinking, sketches
from storage.batches import batches
from storage.names import organisation_key
from storage.store import Store

_GROWN = 0.1
"""Growth of the register after which everything is linked again: by then chance itself has changed."""
_ENOUGH = 3  # letters: of a name's words the rarest that is longer


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changed since the last run: ids of records, and the digests to keep."""

    changed: Mapping[str, str]
    gone: set[str]
    new: set[str]

    def of(self, kind: str) -> set[str]:
        """The ids, without their kind, of the changed and gone records of a kind."""
        mark = f"{kind} "
        return {id_[len(mark) :] for id_ in {*self.changed, *self.gone} if id_.startswith(mark)}


def difference(connection: sa.Connection, register: Register) -> Difference:
    """What the register says otherwise than when articles were last linked."""
    before = relinking.digests(connection)
    reported = (("report", one, stamp) for one, stamp in stamps_of(connection).items())
    now = {f"{kind} {id_}": _digest(facts) for kind, id_, facts in (*_facts(register), *reported)}
    changed = {id_: digest for id_, digest in now.items() if before.get(id_) != digest}
    return Difference(changed=changed, gone=before.keys() - now.keys(), new=changed.keys() - before.keys())


def unsettle(store: Store, register: Register, model_id: str, stamp: str) -> None:
    """Have the articles linked again that a change since the last run touches.

    ``stamp`` is the record's as it was when the register was read: where it is still that of the last run,
    nothing is compared.
    """
    with store.reading() as connection:
        if relinking.stamp_linked(connection) == stamp:
            return
        found = difference(connection, register)
    again = touched(store, register, model_id, found)
    with store.writing() as connection:
        links.unsettle(connection, again)
        relinking.keep_digests(connection, found.changed, found.gone, stamp=stamp)


def is_quiet(connection: sa.Connection) -> bool:
    """Whether no article waits and the record is as it was at the last run: then there is nothing to do."""
    if links.waiting(connection) or sketches.stale(connection):
        return False
    return relinking.stamp_linked(connection) == relinking.record_stamp(connection)


def is_first(connection: sa.Connection, model_id: str) -> bool:
    """Whether no run over all articles by this model is noted."""
    return relinking.whole_run(connection, model_id) is None


def settle_whole(store: Store, register: Register, model_id: str) -> None:
    """Note that all articles are now linked against this register."""
    with store.writing() as connection:
        relinking.keep_whole_run(connection, model_id, len(register.settings), len(register.inspections))


def touched(store: Store, register: Register, model_id: str, found: Difference) -> set[str]:
    """The articles to link again; all of them after the places, the model or a tenth of the register."""
    with store.reading() as connection:
        held = dict(relinking.grounds(connection))
        whole = relinking.whole_run(connection, model_id)
    if not held or not (found.changed or found.gone):
        return set()
    if found.of("places") or whole is None or _has_grown(register, whole):
        return set(held)
    changed = _changed(register, found)
    by_record = {id_ for id_, grounds in held.items() if changed.touch(grounds)}
    rest = {id_: grounds for id_, grounds in held.items() if id_ not in by_record}
    named = set(_by_name(store, register, found, rest))
    return by_record | named | set(_by_report(store, register, found, rest))


def _changed(register: Register, found: Difference) -> Changed:
    """What changed, by setting: its own facts, its inspections, and such as it lost."""
    inspections = found.of("inspection")
    numbers = [register.number_of[id_] for id_ in inspections if id_ in register.number_of]
    told = {register.settings[register.inspections[number].setting].id for number in numbers}
    settings = found.of("setting") | (found.of("visits") - told)
    new = {id_.removeprefix("setting ") for id_ in found.new if id_.startswith("setting ")}
    return Changed(register, settings, inspections | found.of("report"), new)


def _by_name(
    store: Store, register: Register, found: Difference, rest: Mapping[str, Grounds]
) -> Iterator[str]:
    """Articles that told a provider of which a name is new, changed or gone, or print its rarest word."""
    providers = found.of("provider")
    told = {
        id_
        for id_, grounds in rest.items()
        if any(not providers.isdisjoint(one["owners"]) for one in grounds["mentions"])
    }
    yield from told
    words = {word for id_ in providers if id_ in register.providers for word in _rarest(register, id_)}
    if not words or not rest:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})", re.IGNORECASE)
    for batch in batches(rest.keys() - told):
        with store.reading() as connection:
            read = copies(connection, batch)
        yield from (id_ for id_, copy in read.items() if pattern.search(copy.reading.plain))


def _rarest(register: Register, provider: str) -> Iterator[str]:
    for name in (*register.providers[provider].names, *register.providers[provider].brands):
        words = [word for word, _, _ in words_of(organisation_key(name)) if len(word) > _ENOUGH]
        if words:
            yield min(words, key=lambda word: (register.owners.commonness(word), word))


def _by_report(
    store: Store, register: Register, found: Difference, rest: Mapping[str, Grounds]
) -> Iterator[str]:
    """Articles without a link that quote a report which is new here."""
    inspections = found.of("report")
    waiting = [
        id_ for id_, grounds in rest.items() if any(one["level"] == "none" for one in grounds["mentions"])
    ]
    if not inspections or not waiting:
        return
    for batch in batches(waiting):
        with store.reading() as connection:
            read = copies(connection, batch)
        for id_, copy in read.items():
            quoted = quotations.find(copy.reading, register.quotations)
            if any(hit.report in inspections for clue in quoted for hit in clue.value.hits):
                yield id_


def _facts(register: Register) -> Iterator[tuple[str, str, Any]]:
    ids = [one.id for one in register.settings]
    held: dict[int, list[str]] = defaultdict(list)
    for one in register.inspections:
        held[one.setting].append(one.id)
    for number, setting in enumerate(register.settings):
        yield "setting", setting.id, setting
        yield "visits", setting.id, held[number]
    for one in register.inspections:
        days = (one.first, one.last, one.published)
        yield "inspection", one.id, (ids[one.setting], one.kind, days, one.grades, one.capacity, one.provider)
    for provider in register.providers.values():
        yield "provider", provider.id, (provider.name, sorted(provider.names), provider.brands)
    yield "places", "all", register.imported_places


def _digest(facts: Any) -> str:
    """Of plain facts, as JSON: to write them so takes a fifth of the time that ``repr`` does."""
    return hashlib.blake2b(orjson.dumps(facts), digest_size=8).hexdigest()


def _has_grown(register: Register, whole: tuple[int, int]) -> bool:
    now = (len(register.settings), len(register.inspections))
    return any(size > before * (1 + _GROWN) + 5 for size, before in zip(now, whole, strict=True))
