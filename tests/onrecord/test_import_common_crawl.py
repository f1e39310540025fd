"""WARCs as Common Crawl's news crawl writes them: many hosts, many languages, much that is no page."""

import gzip
import json
import weakref
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.articles import importing
from crawler.articles.outlets import Outlets
from crawler.articles.warcs import Wanted
from crawler.extract.html import Page
from crawler.extract.pool import Pool
from onrecord.application import app
from storage import articles
from storage.dates import utc_now
from storage.records import Article
from storage.schema.crawl import captures
from storage.schema.crawl import sources as sources_table
from storage.schema.press import articles as table
from storage.store import Store

HTML = "text/html; charset=utf-8"
ENGLISH = (
    "The council said on Thursday evening that the old pool would be closed for most of the winter.",
    "It has asked an engineer to look at the roof, which nobody thought would last as long as it has.",
)
GREEK = (
    "Το δημοτικό συμβούλιο ανακοίνωσε την Πέμπτη ότι το παλιό κολυμβητήριο θα μείνει κλειστό τον χειμώνα.",
    "Ένας μηχανικός θα εξετάσει τη στέγη, που κανείς δεν περίμενε να αντέξει τόσα χρόνια όσα άντεξε.",
)
CHINESE = (
    "市议会星期四晚上宣布,旧游泳池将在冬季的大部分时间里关闭,以便工程师检查屋顶的状况并提出修缮方案。",
    "去那里游泳的居民被告知,在明年春天之前,他们可以使用邻近城镇的游泳池,门票价格保持不变,开放时间更长。",
)


def a_page(paragraphs: tuple[str, ...], *, head: str = "") -> str:
    told = "".join(f"<p>{words}</p>" for words in paragraphs)
    return f"<html><head><title>Pool</title>{head}</head><body><article><h1>Pool</h1>{told}</article></body></html>"


def in_chunks(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:])
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


ENGLISH_PAGE, GREEK_PAGE = a_page(ENGLISH).encode(), a_page(GREEK).encode("iso8859_7")
NAMED = a_page(ENGLISH, head='<meta property="og:site_name" content="The Moorby Mercury">').encode()
PAGES: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    # as they came, as the crawler's writer left them, and as it names the headers that no longer hold
    "https://www.theboltonnews.co.uk/news/1.pool": (ENGLISH_PAGE, [("Content-Type", HTML)]),
    "https://news.moorby-mercury.example/2": (
        in_chunks(gzip.compress(NAMED)),
        [("Content-Type", HTML), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
    ),
    "https://www.unchunked.example/3": (
        ENGLISH_PAGE,
        [("Content-Type", HTML), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
    ),
    "http://www.renamed.example/4": (
        ENGLISH_PAGE,
        [
            ("Content-Type", HTML),
            ("X-Crawl-Content-Encoding", "gzip"),
            ("X-Crawl-Transfer-Encoding", "chunked"),
        ],
    ),
    "https://www.efimerida.example/5": (GREEK_PAGE, [("Content-Type", "text/html; charset=ISO-8859-7")]),
    "https://www.ribao.example/6": (
        a_page(CHINESE).encode("gb18030"),
        [("Content-Type", "text/html; charset=GBK")],
    ),
    "https://www.untyped.example/7": (ENGLISH_PAGE, []),
}
OTHERS: dict[str, tuple[str, bytes, str]] = {
    "https://www.unchunked.example/a.png": ("200 OK", b"\x89PNG", "image/png"),
    "https://www.unchunked.example/a.pdf": ("200 OK", b"%PDF-1.7", "application/pdf"),
    "https://www.unchunked.example/feed": ("200 OK", b"<rss/>", "application/rss+xml"),
    "https://www.unchunked.example/robots.txt": ("200 OK", b"User-agent: *", "text/plain"),
    "https://www.unchunked.example/moved": ("301 Moved Permanently", ENGLISH_PAGE, HTML),
    "https://www.unchunked.example/gone": ("404 Not Found", ENGLISH_PAGE, HTML),
}


def write(writer: WARCWriter, url: str, status: str, body: bytes, headers: list[tuple[str, str]]) -> None:
    """An answer; of a page the type that the crawler found by itself, too."""
    told = {"WARC-Date": "2023-08-30T10:00:00Z"}
    if url in PAGES:
        told["WARC-Identified-Payload-Type"] = "text/html"
    answer = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=answer,
        warc_headers_dict=told,
    )
    writer.write_record(record)


def a_crawl(path: Path) -> Path:
    """One gzip member a record, and answers only."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a news crawler"}))
    for url, (body, headers) in PAGES.items():
        write(writer, url, "200 OK", body, headers)
    for url, (status, body, kind) in OTHERS.items():
        write(writer, url, status, body, [("Content-Type", kind)])
    write(writer, "https://www.unchunked.example/", "200 OK", b"<p>No story.</p>", [("Content-Type", HTML)])
    path.write_bytes(out.getvalue())
    return path


def run(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["import", "articles", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    (taken,) = json.loads(result.stdout)["files"]
    return dict(taken)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "archive.db"


def test_a_news_crawls_pages_become_articles_of_their_outlets(archive: Path, tmp_path: Path) -> None:
    path = a_crawl(tmp_path / "CC-NEWS-20230830100000-00001.warc.gz")
    taken = run(str(path), "--archive", str(archive))
    assert (taken["new"], taken["left"], taken["others"]) == (len(PAGES), 1, len(OTHERS))
    texts, outlets, known = {}, {}, {}
    with Store.at(archive) as store, store.reading() as connection:
        for row in connection.execute(sa.select(table)):
            texts[row.url] = articles.latest_version(connection, row.id).text
            outlets[row.url], known[row.url] = row.outlet, row.source_id
        assert connection.execute(sa.select(sa.func.count()).select_from(captures)).scalar() == len(PAGES)
        (source,) = connection.execute(sa.select(sources_table)).all()
    by_language = {"https://www.efimerida.example/5": GREEK, "https://www.ribao.example/6": CHINESE}
    assert texts == {url: "\n".join(by_language.get(url, ENGLISH)) for url in PAGES}
    assert list(outlets.values()) == [
        "The Bolton News",
        "The Moorby Mercury",
        *("unchunked.example", "renamed.example", "efimerida.example", "ribao.example", "untyped.example"),
    ]
    assert {url: one for url, one in known.items() if one} == {
        "https://www.theboltonnews.co.uk/news/1.pool": "bolton_news"
    }
    assert (source.id, source.shown_to) == ("bolton_news", "newsroom")


def test_only_the_hosts_that_are_asked_for_are_taken(archive: Path, tmp_path: Path) -> None:
    path = a_crawl(tmp_path / "crawl.warc.gz")
    only = (
        str(path),
        "--archive",
        str(archive),
        "--host",
        "moorby-mercury.example",
        "--host",
        "www.ribao.example",
    )
    taken = run(*only)
    assert (taken["new"], taken["elsewhere"]) == (2, len(PAGES) - 1)  # five stories and the page without one
    assert run(*only)["unchanged"] == 2
    assert run(str(path), "--archive", str(archive))["new"] == len(PAGES) - 2


class Watching(Outlets):
    """Counts how many of the articles it gave are still held by anybody."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[weakref.ref[Article]] = []
        self.most = 0

    def article(self, page: Page, url: str) -> Article:
        article = super().article(page, url)
        self.given.append(weakref.ref(article))
        self.most = max(self.most, sum(one() is not None for one in self.given))
        return article


def test_a_files_articles_are_never_all_in_memory(archive: Path, tmp_path: Path) -> None:
    out, outlets, count = BytesIO(), Watching(), 60
    writer = WARCWriter(out, gzip=True)
    for number in range(count):
        body = a_page((*ENGLISH, f"It is pool number {number} of the county.")).encode()
        write(writer, f"https://a.example/{number}", "200 OK", body, [("Content-Type", HTML)])
    path = tmp_path / "many.warc.gz"
    path.write_bytes(out.getvalue())
    wanted = Wanted(outlets=outlets)
    with Store.at(archive, write=True) as store, Pool(workers=1) as pool:
        (taken,) = importing.import_articles(store, [path], at=utc_now(), pool=pool, wanted=wanted)
    assert (taken.new, len(outlets.given)) == (count, count)
    assert outlets.most < 10
