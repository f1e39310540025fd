"""A paper of which everything may lead anywhere: its seeds come from the environment, for the crawl's own process."""

import json
import os

from crawler.platforms.wordpress import WordPress


class LedEcho(WordPress):
    """Whose feed, sitemap and further seeds the test writes."""

    name = "led_echo"
    title = "Led Echo"
    hosts = ("www.ledecho.example",)
    feeds = ("http://www.ledecho.example/feed/", *json.loads(os.environ.get("ONRECORD_TEST_SEEDS", "[]")))
    sitemaps = ("http://www.ledecho.example/sitemap.xml",)
