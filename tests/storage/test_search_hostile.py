"""Whatever is typed is answered, in bounded time, and finds the text that has it."""

import itertools
import json
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from storage.search.building import Builder
from storage.search.errors import QueryFault
from storage.search.fields import ANALYSERS, WORDS
from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.language import LONGEST_QUERY, parse
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World

INVENTED = (
    "' OR '1'='1' --",
    "admin'/*comment*/ OR 1=1#",
    "1; DROP TABLE articles; --",
    'x" AND (SELECT count(*) FROM users) > 0 --',
    "') UNION SELECT name, hash FROM users--",
    "NEAR(red blue, 5) NOT green",
    "title:red^10 ~2 text:[a TO b]",
    "*red* ?blue _green% +yellow",
    '"""red"" blue"',
    "{!func}red && blue || !green",
    "a:b:c:d after::before",
    "((((red)) OR (",
    "red\\\" -- blue\\'",
    "\u202ered\u202c blue\u200b green",
    "ＲＥＤ ｂｌｕｅ ﬁve",
    "red\x0bblue\x1bgreen\u2028yellow",
    "=cmd|' /C calc'!A0",
    "<b onclick='x'>red</b> <!-- blue -->",
    "../../red/%2e%2e/blue",
    "𝔯𝔢𝔡 🟦 голубой 青い",
    "story:(outlet:red OR kind:",
    '-red -"blue green" -(yellow)',
)


def missed(store: Store, strings: Iterable[str]) -> list[str]:
    """Those of the strings whose text a search for them does not find; texts of their own each."""
    world, held = World(store), {}
    for text in strings:
        held[world.article(f"{text}", title=None)] = text
    with open_indexer(store) as indexer:
        indexer.catch_up()
    index = SearchIndex(store.place.index)
    return [text for article, text in held.items() if not _finds(index, text, article)]


def _finds(index: SearchIndex, text: str, article: str) -> bool:
    try:
        found = index.listed(Search(query=text))
    except QueryFault as fault:
        found = index.listed(Search(query=fault.instead)) if fault.instead else ()
    return article in [hit.id for hit in found]


def indexable(strings: Iterable[str]) -> list[str]:
    """Strings that have a word the index keeps and are short enough to be asked for, each once."""
    return [
        text
        for text in dict.fromkeys(strings)
        if 0 < len(text) <= LONGEST_QUERY and "\0" not in text and ANALYSERS[WORDS].analyze(text)
    ]


def test_every_hostile_string_finds_the_text_that_has_it(store: Store) -> None:
    assert indexable(INVENTED) == list(INVENTED)
    assert missed(store, INVENTED) == []


@pytest.mark.real
def test_every_known_hostile_string_finds_the_text_that_has_it(store: Store, shared: Path) -> None:
    attacks = shared / "suites/attacks"
    strings = [str(one) for one in json.loads((attacks / "xss_all_unique.json").read_text())][::4]
    for path in ("csv-injection/csv-payload.txt", "open-redirect-cujanovic/Open-Redirect-payloads.txt"):
        strings += (attacks / path).read_text(errors="replace").splitlines()
    strings += json.loads((shared / "suites/strings/blns/blns.json").read_text())
    asked = indexable(strings)
    assert len(asked) > 3_000
    assert missed(store, asked) == []


def test_signs_keep_no_text_out_that_has_them(store: Store) -> None:
    world = World(store)
    other, excluded = world.article("red kite"), world.article("red blue kite")
    written = world.article("They spray red -blue on it.")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    found = {hit.id for hit in SearchIndex(store.place.index).listed(Search(query="red -blue"))}
    assert found == {other, written}
    assert excluded not in found


def test_no_text_takes_a_second_to_read() -> None:
    """Each shape at the longest a query may be; what is longer is refused before it is read."""
    shapes = (
        '"',
        "(",
        ")",
        "-",
        "a:",
        "a(",
        'a"',
        "a OR ",
        "- ",
        "((a) ",
        "provider:(",
        "*",
        "a* ",
        " ",
        "é",
        "(a OR ",
    )
    begin = time.process_time()
    for one, other in itertools.product(shapes, shapes):
        parse(((one + other) * LONGEST_QUERY)[:LONGEST_QUERY])
    assert time.process_time() - begin < len(shapes) ** 2, "a second each is far beyond what any takes"
    with pytest.raises(QueryFault, match="1,000,000"):
        parse("a" * 1_000_000)


def test_what_is_built_stays_small(store: Store) -> None:
    World(store).article(" ".join(f"pre{one}" for one in range(5_000)))
    with open_indexer(store) as indexer:
        index = indexer.index
    for query in ("pre* " * 200, "(pre* OR " * 100, "-pre* " * 150, '"a b" ' * 150):
        built = Builder(index.schema, index.searcher()).whole(parse(query), {})
        assert len(str(built)) < 3_000_000
