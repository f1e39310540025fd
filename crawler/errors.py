"""What can go wrong while collecting.

CrawlerError                a fault of fetching or reading, one clear line
├── PrivateAddress          an address that leads into a private network
├── BrokenSource            a newsroom's own source file cannot be read
├── NoSuchSource            no source has that name
├── CrawlFailed             the crawling process could not do its work
└── ExtractionFailed        nothing could be read out of a document
    ├── Unreadable          the document is not what it should be, or holds nothing
    ├── TooSlow             reading it passed the time cap and was killed
    ├── TooMuchMemory       reading it passed the memory cap
    └── Crashed             the process that read it died
"""

from storage.errors import OnRecordError


class CrawlerError(OnRecordError):
    """A fault of fetching or reading."""


class PrivateAddress(CrawlerError):
    """The address leads into a private network, or to a port where no web site is."""


class BrokenSource(CrawlerError):
    """A newsroom's own source file cannot be read, or declares nothing."""


class NoSuchSource(CrawlerError):
    """No source has that name."""


class CrawlFailed(CrawlerError):
    """The crawling process could not do its work."""


class ExtractionFailed(CrawlerError):
    """Nothing could be read out of a document; the bytes are kept all the same."""


class Unreadable(ExtractionFailed):
    """The document is not what it should be, or holds nothing."""


class TooSlow(ExtractionFailed):
    """Reading took longer than the cap allows."""


class TooMuchMemory(ExtractionFailed):
    """Reading needed more memory than the cap allows."""


class Crashed(ExtractionFailed):
    """The process that read the document died."""
