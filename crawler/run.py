"""Crawl sources, in a process of its own: a reactor starts only once in one, and may be killed there.

    for summary in crawl(Order(archive="onrecord.db", sources=("bolton_news",), at=utc_now())):
        ...

The child speaks JSON lines; it ends at once when its parent is gone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from crawler.errors import CrawlFailed
from crawler.orders import Order, Summary
from storage.errors import ServerAway


def crawl(order: Order, *, told: Callable[[str, str], None] | None = None) -> list[Summary]:
    """Crawl, and wait for the end; one summary a source.

    ``told(source, outcome)`` is called as each page ends. CrawlFailed when the crawl could not be done, and
    ServerAway when that was the database's doing; what was kept is kept, and the next crawl goes on.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # Ctrl-C is for us alone: we end the child by closing its input
    )
    assert child.stdin is not None
    assert child.stdout is not None
    summaries, failed, away = [], None, None
    try:
        child.stdin.write(order.to_json() + "\n")
        child.stdin.flush()
        for line in child.stdout:
            said = json.loads(line)
            if "ended" in said and told:
                told(said["source"], said["ended"])
            elif "summary" in said:
                summaries.append(Summary.of(said["summary"]))
            elif "failed" in said:
                failed = said["failed"]
            elif "away" in said:
                away = said["away"]
    finally:
        child.stdin.close()  # the child's sign to end, if it has not
        child.stdout.close()
        status = child.wait()
    if away:
        raise ServerAway(away)
    if failed or status:
        raise CrawlFailed(failed or f"the crawling process died (status {status}); repeat it to go on")
    return summaries
