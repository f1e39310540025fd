"""What one alert has to tell of a window: what is new to it, and what of the told is so no longer.

It compares what stands with what it told, never event with event: a relink that says the same, an edit, or
a link that came and went between two looks has nothing to tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from archive.alerts.window import Key, Window
from storage import told
from storage.alerts import Alert
from storage.assertions import Assertion
from storage.ids import random_id
from storage.told import NO_MENTION, Told

_IDS: Final = ("level", "inspection_id", "setting_id", "provider_id")


@dataclass(kw_only=True)
class News:
    """Rows to keep, rows that are over, and what a message tells: (item, event) in order."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    items: list[dict[str, str]] = field(default_factory=list)

    def tell(self, item: str, event: str) -> None:
        """Let the message say so."""
        self.items.append({"item": item, "event": event})

    def by_story(self) -> list[list[dict[str, str]]]:
        """The items, those on one article together."""
        about = {row["item"]: row["about"] for row in self.rows}
        stories: dict[str, list[dict[str, str]]] = {}
        for item in self.items:
            stories.setdefault(about.get(item["item"], item["item"]), []).append(item)
        return list(stories.values())

    def keep(self, item: str, key: Key, now: Assertion | None, what: str = "article") -> Told:
        """Keep that the alert told this of that mention."""
        about, mention = key
        ids = {name: getattr(now, name) if now else None for name in _IDS}
        row: dict[str, Any] = {"item": item, "what": what, "about": about, "mention": mention, **ids}
        self.rows.append(row)
        return Told(id="", **row)


class Teller:
    """Finds the news of one alert in one window; ``rows``: what it ever told of the window's articles."""

    def __init__(self, alert: Alert, window: Window, rows: Iterable[Told]) -> None:
        self.alert, self.window = alert, window
        rows = list(rows)
        self.held = [row for row in rows if not row.over]
        self.once = {row.about for row in rows}
        self.news = News()

    def ended(self) -> None:
        """What was told and is so no longer: one word back for each item."""
        by_item: dict[str, list[Told]] = {}
        for row in self.held:
            by_item.setdefault(row.item, []).append(row)
        for item, rows in by_item.items():
            over = [row for row in rows if self._is_over(row)]
            if rows[0] in over and self._is_held_back(rows[0]):
                over = rows  # its copies stand, but what was told named this one
            if over:
                self._end(item, rows, over)

    def _end(self, item: str, rows: list[Told], over: list[Told]) -> None:
        self.news.over += [row.id for row in over]
        self.held = [row for row in self.held if row not in over]
        if len(over) < len(rows):
            return
        if any(self._is_held_back(row) for row in over):
            self.news.tell(item, "gone")
            return
        moved = [key for row in over if self._fits(key := (row.about, row.mention))]
        self.news.tell(item, "corrected" if moved else "withdrawn")
        for key in moved:
            self.held.append(self.news.keep(item, key, self.window.now[key]))

    def _is_held_back(self, row: Told) -> bool:
        now = self.window.now.get((row.about, row.mention))
        return row.about in self.window.held_back or (
            now is not None and now.event in ("restricted", "erased")
        )

    def _is_over(self, row: Told) -> bool:
        if self._is_held_back(row):
            return True
        now = self.window.now.get((row.about, row.mention))
        return now is not None and (not now.stands or told.contradicts(row, now))

    def _fits(self, key: Key) -> bool:
        now = self.window.now.get(key)
        if now is None or not now.stands or key[0] in self.window.held_back:
            return False
        return self.alert.what == "search" or self.window.fits(self.alert.what, self.alert.target, now)

    def linked(self) -> None:
        """Mentions that are linked to what is followed, and were not before."""
        for key, now in self.window.now.items():
            if self._fits(key) and not self._was_so(key, now):
                self._tell_once(key, now, "linked")

    def found(self, ids: Iterable[str]) -> None:
        """Articles and reports that a search finds now; what is linked of an article is told with it."""
        for id_ in ids:
            if id_ in self.window.reports:
                self.reported([id_])
                continue
            if id_ in self.window.held_back:
                continue
            standing = self.window.standing(id_)
            for now in standing:
                self._tell_once((id_, now.mention), now, "found")
            if not standing and not self.once & self._copies(id_):
                self._tell_once((id_, NO_MENTION), None, "found")

    def reported(self, ids: Iterable[str]) -> None:
        """Reports that are new."""
        for id_ in ids:
            if id_ in self.window.new_reports - self.once - self.window.held_back:
                item = random_id("item")
                self.news.keep(item, (id_, NO_MENTION), None, "report")
                self.news.tell(item, "report")

    def _was_so(self, key: Key, now: Assertion) -> bool:
        """Whether it was linked to the same before the window, when it was not told or need not be."""
        before = self.window.before.get(key)
        return (
            before is not None
            and self.window.fits(self.alert.what, self.alert.target, before)
            and not told.contradicts(before, now)
        )

    def _copies(self, article_id: str) -> frozenset[str]:
        return self.window.copies.get(article_id, frozenset({article_id}))

    def _tell_once(self, key: Key, now: Assertion | None, event: str) -> None:
        """Tell of it, unless it or a copy of its story was told of with the same record."""
        copies = self._copies(key[0])
        known = [row for row in self.held if row.about in copies]
        if any(row.about == key[0] and row.mention in (key[1], NO_MENTION) for row in known):
            return
        same = next((row for row in known if now is None or told.agree(row, now)), None)
        item = same.item if same else random_id("item")
        self.held.append(self.news.keep(item, key, now))
        if same is None:
            self.news.tell(item, event)
