"""The pipeline that keeps every harvest, and tells its spider that the address is finished."""

import dataclasses
from typing import Self

from scrapy.crawler import Crawler

from crawler.harvest import NOTHING, Harvest
from crawler.outcomes import Verdict
from crawler.source import SourceSpider
from storage.errors import NotNow, Unsettled


class KeepingPipeline:
    """Hands harvests to the crawl's keeper."""

    def __init__(self, spider: SourceSpider) -> None:
        self._spider = spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For a crawl of one of our sources."""
        assert isinstance(crawler.spider, SourceSpider)
        return cls(crawler.spider)

    async def process_item(self, item: Harvest) -> Harvest:
        """Keep it; what our own code cannot keep is recorded as our fault, not lost."""
        keeper, spider = self._spider.desk.keeper, self._spider
        try:
            outcome = await keeper.keep(item)
        except (NotNow, Unsettled) as error:  # no fault of the page's: the next run fetches it again
            spider.give_up(error)
            outcome = "our_fault"
        except Exception as error:
            spider.logger.debug("%s could not be kept", item.entry.url, exc_info=True)
            reason = f"{type(error).__name__}: {error}".split("\n", 1)[0]
            verdict = Verdict(outcome="our_fault", reason=reason)
            outcome = verdict.outcome
            try:
                await keeper.keep(dataclasses.replace(item, verdict=verdict, gathered=NOTHING, again=None))
            except Exception as second:
                spider.give_up(second)
        spider.tally.add(item, outcome)
        spider.finished(item.entry, outcome)
        return item
