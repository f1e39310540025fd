"""What a provider was called on a day, for rows that come by the million."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from storage.batches import batches
from storage.dates import PartialDate
from storage.namings import Naming, name_on
from storage.schema.registers import provider_names

_REMEMBERED: Final = 10_000
"""Providers: a few megabytes."""


class Names:
    """Looks names up, a batch of rows at a time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._known: dict[str, list[Naming]] = {}

    def on(
        self,
        providers: Sequence[str | None],
        days: Sequence[str | None],
        published: Sequence[str | None],
        now: Sequence[str | None],
    ) -> list[str | None]:
        """What registers called each provider on its day: the inspection's, else the publication's.

        ``now``: its name by now, which stands where registers say nothing.
        """
        self._learn({provider for provider in providers if provider})
        return [self._name(*one) for one in zip(providers, days, published, now, strict=True)]

    def _name(
        self, provider: str | None, day: str | None, published: str | None, now: str | None
    ) -> str | None:
        known = self._known.get(provider) if provider else None
        if not known or not (day or published):
            return now
        if len(known) == 1:
            return known[0].name
        when = dt.date.fromisoformat(day) if day else PartialDate.parse(published or "").span.last
        return name_on(known, when) or now

    def _learn(self, providers: set[str]) -> None:
        new = {one for one in providers if one not in self._known}
        if len(self._known) + len(new) > _REMEMBERED:
            self._known, new = {}, providers
        held: dict[str, list[Naming]] = defaultdict(list)
        for batch in batches(sorted(new)):
            query = sa.select(
                provider_names.c.provider_id,
                provider_names.c.name,
                provider_names.c.first_seen,
                provider_names.c.last_seen,
            ).where(
                provider_names.c.provider_id.in_(batch),
                provider_names.c.origin == "register",
                provider_names.c.first_seen.is_not(None),
                provider_names.c.last_seen.is_not(None),
            )
            ordered = query.order_by(provider_names.c.first_seen, provider_names.c.name)
            for provider, name, first, last in self._connection.execute(ordered):
                held[provider].append(Naming(name=name, first=first, last=last))
        self._known |= {provider: held[provider] for provider in new}
