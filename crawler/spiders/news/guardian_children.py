"""The Guardian's stories on children's social care: https://www.theguardian.com/society/children."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class GuardianChildren(NewsSpider):
    """One topic; all of England. The archive is a page a day of the topic."""

    name = "guardian_children"
    title = "The Guardian: children"
    hosts = ("www.theguardian.com",)
    terms = "https://www.theguardian.com/help/terms-of-service"
    feeds = ("https://www.theguardian.com/society/children/rss",)
    stories = r"/20\d\d/[a-z]{3}/\d\d/"
    template = Template(
        name="Guardian",
        headline="[data-gu-name='headline'] h1, h1",
        byline="[rel='author'], [data-component='meta-byline']",
        body=".article-body-commercial-selector, [itemprop='articleBody']",
        drop=("aside", "[data-component='rich-link']", "gu-island", "[class*='newsletter']"),
    )
