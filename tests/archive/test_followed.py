"""How much of the news a followed search finds, however much news there is."""

from archive.reading.followed import counts
from archive.reading.news import Item, Part
from storage.dates import utc_now
from storage.follows import Follow
from storage.search.searching import MOST_FILTERED, SearchIndex
from tests.archive.conftest import Served

MANY = MOST_FILTERED + 30


def test_a_search_counts_among_more_news_than_one_search_is_narrowed_by(served: Served) -> None:
    ids = [served.world.article() for _ in range(MANY)]
    served.index()
    items = tuple(
        Item(kind="linked", id=id_, path="/", title="", told="", at=utc_now(), outlet="Bolton Beacon")
        for id_ in ids
    )
    follows = [
        Follow(id=target, user_id="u", what="search", target=target, title="", made_at=utc_now())
        for target in ("q=home", "q=home&outlet=Bolton+Beacon&sort=newest", "q=zebra", "q=home&sort=loud")
    ]
    index = SearchIndex(served.store.place.index)
    found = counts(index, follows, [Part(kind="linked", items=items, more=False)])
    assert found == {"q=home": MANY, "q=home&outlet=Bolton+Beacon&sort=newest": MANY, "q=zebra": 0}
