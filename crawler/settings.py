"""Scrapy's settings, and the reason for each that differs from its default."""

from importlib.metadata import version

BOT_NAME = "onrecord"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders.news"

USER_AGENT = f"OnRecord/{version('onrecord')} (archive of local news and inspection reports)"
"""``crawler.run`` adds the newsroom's contact."""
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",  # what the evidence can be read back from
    "Accept-Language": "en-GB,en;q=0.8",
}

# Politeness: a host's pace, its robots.txt and its reservations are kept by crawler.courtesy, for all
# spiders of the process together; Scrapy keeps them for each spider alone, and lets all pass on an error.
ROBOTSTXT_OBEY = False
ROBOTSTXT_USER_AGENT = "OnRecord"
AUTOTHROTTLE_ENABLED = False
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 16
COOKIES_ENABLED = False
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [  # what aiohttp's handler raises; Scrapy's own list loads Twisted's handlers with it
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]

# Safety: the public web only, verified, bounded, and nothing listening.
DOWNLOAD_HANDLERS = {
    "http": "crawler.connections.GuardedHandler",
    "https": "crawler.connections.GuardedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 16 * 2**20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
REDIRECT_MAX_TIMES = 10
METAREFRESH_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would resolve names behind the guard's back
ONRECORD_HOSTS: dict[str, tuple[str, int]] = {}

# Every answer comes to the spider, which turns it into a typed outcome; the frontier alone tells doubles.
HTTPERROR_ALLOW_ALL = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.HostFiles": 100,  # first, as Scrapy's own middleware for robots.txt stands
    "crawler.middlewares.AsSent": 650,  # before redirects and decompression touch the response
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops in silence; the spider says why
}
ITEM_PIPELINES = {"crawler.pipelines.keeping.KeepingPipeline": 500}

# Speed: an item a response, so eight tasks are plenty (100, the default, costs a fifth of the time).
CONCURRENT_ITEMS = 1
CONCURRENT_REQUESTS = 16

# The archive is the record of what happened; Scrapy's own reports stay quiet.
LOG_INSTALL_ROOT_HANDLER = False  # storage.logs has its own, which tells no address
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False
EXTENSIONS = {
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}
