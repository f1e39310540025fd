"""Review in a terminal: one story after another with its candidates, and a key for each decision."""

import contextlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import typer

from archive import deciding
from archive.reading import queue, review
from archive.reading.queue import Asked, Due, Queues
from archive.reading.review import Named, ReviewItem
from archive.telling import day, days, percent, published, setting_title
from onrecord.options import say
from storage import judgements
from storage.dates import utc_now
from storage.judgements import Judgement
from storage.store import Store

try:
    import termios
    import tty
except ImportError:  # not a Unix terminal
    termios = None  # type: ignore[assignment]

_WIDTH: Final = 88
_PLAIN: Final = {one.key: one for one in deciding.PLAIN}
_REACHES: Final = {key: reach for key, reach, _ in deciding.REACHES}
_STOP: Final = ("q", "\x04", "")  # also Ctrl-D, and the end of what can be read
_HELP: Final = (
    "  1-5 choose that candidate; before it i, s or p: only its inspection, setting or provider",
    "  " + " · ".join(f"{key} {one.title.lower()}" for key, one in _PLAIN.items()),
    "  u take the last decision back · j next · k previous · ? this list · q stop",
)


@contextlib.contextmanager
def single_keys() -> Iterator[Callable[[], str]]:
    """Have the terminal give each key as it is pressed, also those pressed while the program is busy."""
    if termios is None:
        yield typer.getchar
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSANOW)
    try:
        yield lambda: sys.stdin.read(1)
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


@dataclass
class Session:
    """One person's way through the queue; ``key`` waits for the next key, see ``single_keys``."""

    store: Store
    queues: Queues
    asked: Asked
    who: str
    key: Callable[[], str]
    decided: list[tuple[Due, int]] = field(default_factory=list)
    """The decisions that stand, oldest first: of which mention, and which reading of it."""

    def run(self, limit: int | None) -> int:
        """Go on until the queue, the limit or the person's patience ends; how many decisions stand."""
        due = self._after(None)
        while due is not None:
            due = self._at(due)
            if limit is not None and len(self.decided) >= limit:
                break
        return len(self.decided)

    def _at(self, due: Due) -> Due | None:
        """Show one mention and do what the key says; the mention to go on with, None to stop."""
        with self.store.reading() as connection:
            place = (due.article_id, due.mention)
            item = review.review_item(connection, place, self.who, self.queues.share)
        _show(item)
        reach: str | None = None
        while (key := self.key()) not in _STOP:
            value = _value(item, key, reach)
            if value is not None:
                return self._decide(item, value)
            if key in ("j", "k"):
                return self._beside(due, forwards=key == "j")
            if key == "u" and (back := self._undo()) is not None:
                return back
            if key in _REACHES:
                reach = _REACHES[key]
                say(f"A number now chooses the {reach}.")
            else:
                for line in _HELP:
                    say(line)
        return None

    def _decide(self, item: ReviewItem, value: str) -> Due | None:
        decision, level, record = deciding.chosen(value)
        said = Judgement(
            article_id=item.due.article_id,
            mention=item.due.mention,
            decision=decision,
            level=level,
            record=record,
            who=self.who,
            at=utc_now(),
            version=item.due.version,
            shown=item.shown("terminal"),
            reading=item.reading,
        )
        with self.store.writing() as connection:
            place = (item.due.article_id, item.due.mention)
            now = review.review_item(connection, place, self.who, self.queues.share)
            if now.seen != item.seen:
                say("\nNothing was kept: the candidates or the text changed meanwhile. Please decide again.")
                return now.due
            seq = judgements.judge(connection, said)
        with self.store.reading() as connection:
            told = review.judgement(connection, seq, self.who)
        if told is not None:
            say(f"\nKept: {told[0].told}\nThe software said: {_said(told[1])}")
        self.decided.append((item.due, item.reading))
        return self._after(item.due)

    def _undo(self) -> Due | None:
        if not self.decided:
            say("There is nothing to take back in this session.")
            return None
        due, reading = self.decided.pop()
        place = (due.article_id, due.mention)
        with self.store.writing() as connection:
            judgements.undo(connection, place, who=self.who, at=utc_now(), reading=reading)
            found = queue.item(connection, *place)
        say("\nTaken back.")
        return found

    def _after(self, due: Due | None) -> Due | None:
        with self.store.reading() as connection:
            waiting = self.queues.of(connection, self.who, self.asked)
        following = waiting.after(due.order) if due else next(iter(waiting.items), None)
        say(f"\n{len(waiting.items):,} waiting." if following else "\nNothing waits for you.")
        return following

    def _beside(self, due: Due, *, forwards: bool) -> Due:
        with self.store.reading() as connection:
            beside = self.queues.of(connection, self.who, self.asked).beside(due.order)
        found = beside[1 if forwards else 0]
        if found is None:
            say("This is the last one." if forwards else "This is the first one.")
        return found or due


def _value(item: ReviewItem, key: str, reach: str | None) -> str | None:
    """What the key decides; None where it decides nothing."""
    if key in _PLAIN:
        return _PLAIN[key].decision
    if not (key.isascii() and key.isdecimal()) or not 1 <= int(key) <= len(item.cards):
        return None
    card = item.cards[int(key) - 1]
    reaches = [reach] if reach else list(_REACHES.values())
    return next((value for one in reaches if (value := card.value(one))), None)


def _show(item: ReviewItem) -> None:
    heading = f"{item.article.outlet or 'Unknown outlet'} · {published(item.version.published)}"
    say(f"\n{'─' * _WIDTH}\n{_plain(heading)}\n{_plain(item.version.title or 'Untitled')}\n")
    for paragraph in item.version.text.split("\n"):
        if paragraph.strip():
            say(_wrapped(paragraph, "  "))
    if not item.blind:
        say(f"\nThe software says: {_said(item.said)}")
    for number, card in enumerate(item.cards, 1):
        say(f"\n{number}  {_candidate(card)}")
        if not item.blind:
            say(f"     the software gives it {percent(card.row.probability)}")
    say("\n1-5 choose · n none · r not in register · m several · x not about a setting · ? all keys")


def _candidate(card: Named) -> str:
    home, visit = card.setting, card.inspection
    lines = [f"{setting_title(home)} ({home.urn})" if home else card.provider or "A provider"]
    if visit:
        seen = f"inspected {days(visit.first_day, visit.last_day)}, {visit.kind}"
        lines.append(f"{seen}: {visit.overall or 'not graded'}; published {day(visit.published)}")
    if home and card.provider:
        lines.append(f"run by {card.provider}")
    if home:
        facts = (
            home.kind,
            home.local_authority,
            f"{home.places} places" if home.places else None,
            home.sector,
        )
        lines.append(", ".join(fact for fact in facts if fact))
    return "\n     ".join(map(_plain, lines))


def _said(said: Named) -> str:
    sure = f" ({percent(said.row.probability)})" if said.row.status == "linked" else ""
    return f"{said.told}{sure}"


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(_plain(text), _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _plain(text: str) -> str:
    """The text without what a terminal would take for an order."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
