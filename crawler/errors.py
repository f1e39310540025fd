"""What can go wrong while collecting.

CrawlerError                a fault of fetching or reading, one clear line
├── PrivateAddress          an address that leads into a private network
├── RefusedByRobots         the host's robots.txt forbids the address
├── RobotsOutOfReach        the host's robots.txt cannot be had, so nothing of it may be fetched now
├── Reserved                its owner reserves text and data mining
├── HostWaits               the host asked to be left alone for a while
├── RefusedRequest          a page asks for what is not fetched for it
├── NoBrowser               a page needs scripts, and there is no browser to run them
├── BrokenSource            a newsroom's own source file cannot be read
├── SourceExists            a source of that name has its file already
├── NoSuchSource            no source has that name
├── CrawlFailed             the crawling process could not do its work
└── ExtractionFailed        nothing could be read out of a document
    ├── Unreadable          the document is not what it should be, or holds nothing
    │   ├── NeedsJavaScript a page that only scripts fill, which were not run
    │   ├── Walled          a challenge or a question of consent stands where the document should
    │   ├── NotThere        the page says that there is none
    │   ├── ForPayers       an offer to subscribe stands where the document should
    │   └── NotExtracted    this reader got no words out of it, or garbled ones; another may
    ├── TooLarge            what its scripts make of it passed the cap
    ├── TooSlow             reading it passed the time cap and was killed
    ├── TooMuchMemory       reading it passed the memory cap
    └── Crashed             the process that read it died
"""

import datetime as dt

from storage.errors import OnRecordError


class CrawlerError(OnRecordError):
    """A fault of fetching or reading."""


class PrivateAddress(CrawlerError):
    """The address leads into a private network, or to a port where no web site is."""


class RefusedByRobots(CrawlerError):
    """The host's robots.txt forbids the address."""


class RobotsOutOfReach(CrawlerError):
    """The host's robots.txt cannot be had, so nothing of it may be fetched for now."""


class Reserved(CrawlerError):
    """The owner of the page reserves text and data mining."""


class HostWaits(CrawlerError):
    """The host asked to be left alone until a time."""

    def __init__(self, host: str, until: dt.datetime) -> None:
        super().__init__(f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


class RefusedRequest(CrawlerError):
    """A page asks for what is not fetched for it: another host, a picture, more than its budget."""


class NoBrowser(CrawlerError):
    """The page needs scripts, and there is no browser to run them; the message says what to install."""


class BrokenSource(CrawlerError):
    """A newsroom's own source file cannot be read, or declares nothing."""


class SourceExists(CrawlerError):
    """A source of that name has its file already."""


class NoSuchSource(CrawlerError):
    """No source has that name."""


class CrawlFailed(CrawlerError):
    """The crawling process could not do its work."""


class ExtractionFailed(CrawlerError):
    """Nothing could be read out of a document; the bytes are kept all the same."""


class Unreadable(ExtractionFailed):
    """The document is not what it should be, or holds nothing."""


class NeedsJavaScript(Unreadable):
    """The page is filled by scripts, which were not run."""


class Walled(Unreadable):
    """A challenge or a question of consent stands where the document should."""


class NotThere(Unreadable):
    """The page says that there is none at its address."""


class ForPayers(Unreadable):
    """An offer to subscribe stands where the document should."""


class NotExtracted(Unreadable):
    """This reader got no words out of the document, or garbled ones; another may."""


class TooLarge(ExtractionFailed):
    """What a page's scripts made of it is larger than the cap allows."""


class TooSlow(ExtractionFailed):
    """Reading took longer than the cap allows."""


class TooMuchMemory(ExtractionFailed):
    """Reading needed more memory than the cap allows."""


class Crashed(ExtractionFailed):
    """The process that read the document died."""
