"""A paper of invented pages of real size: the source that crawls it, and the server of its pages.

``python -m tests.bench.crawled COUNT`` serves it on a free port of loopback, which it prints.
"""

import asyncio
import sys

from aiohttp import web

from crawler.news import NewsSpider

HOST = "www.benchpaper.example"


class BenchPaper(NewsSpider):
    """One feed that names every page."""

    name = "bench_paper"
    title = "Bench Paper"
    hosts = (HOST,)
    feeds = (f"http://{HOST}/feed",)
    stories = r"/story/"
    budget = 100_000


async def serve(count: int) -> None:
    """Serve until killed."""
    from tests.crawler.extract.invented_pages import pages  # noqa: PLC0415 (the crawl imports this module, too)

    made = [page.content for page in pages(rounds=(count + 11) // 12)][:count]
    items = "".join(
        f"<item><title>x</title><link>http://{HOST}/story/{number}</link></item>"
        for number in range(len(made))
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'

    async def story(request: web.Request) -> web.Response:
        return web.Response(body=made[int(request.match_info["number"])], content_type="text/html")

    async def feeds(request: web.Request) -> web.Response:
        return web.Response(text=feed, content_type="application/xml")

    app = web.Application()
    app.add_routes([web.get("/story/{number}", story), web.get("/feed", feeds)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]} {len(made)}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
