"""CQC's API with its key, and the Care Inspectorate's datastore, over loopback."""

import datetime as dt
import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.keys import key_of
from crawler.orders import Order
from crawler.regulators.registry import regulator_named
from crawler.regulators.taking import File, take_register
from crawler.run import crawl
from storage.schema.inspections import inspections
from storage.schema.registers import settings
from storage.store import Store
from tests.crawler.small_web import Site, serving

AT = dt.datetime(2024, 5, 7, 12, tzinfo=dt.UTC)
EXAMPLES = Path(__file__).parent.parent / "examples"
API = """
from crawler.platforms.cqc import CqcApi


class SmallApi(CqcApi):
    name = "small_api"
    title = "API"
    hosts = ("api.cqc.example",)
    api = "https://api.cqc.example/public/v1/"
"""
DATASTORE = """
from crawler.platforms.care_inspectorate import CareInspectorateFiles


class SmallDatastore(CareInspectorateFiles):
    name = "small_datastore"
    title = "Datastore"
    hosts = ("www.datastore.example",)
    pages = ("https://www.datastore.example/datastore",)
"""
ROWS = (
    "CSNumber,CareService,Subtype,ServiceName,Service_Postcode,ServiceProvider,Provider_sector,"
    "Council_Area_Name,TotalBeds,Date_Reg,ServiceStatus,Last_inspection_Date,Publication_of_Latest_Grading,"
    "KQ_Support_Wellbeing,KQ_Care_and_Support_Planning,KQ_Setting,KQ_Staff_Team,KQ_Leadership,Manager_Name\n"
    "CS2003900001,Care Home Service,Older People,Larchbank House,ZZ9 9ZZ,Larchbank Care Ltd,Private,"
    "Fife,40,01/04/2003,Active,12/03/2024,02/04/2024,5,4,4,4,3,A Person\n"
    "CS2010900002,Care Home Service,Children & Young People,Rowan Lodge,ZZ9 9ZZ,Wendmoor Trust,"
    "Voluntary or Not for Profit,Highland,5,02/06/2010,Active,20/02/2024,20/03/2024,Very Good,Good,Good,Good,Weak,A Person\n"
    "CS2015900003,Child Minding,Not Applicable,REDACTED,,Private Person,Private,Moray,6,05/05/2015,Active,,,,,,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sources"
    made.mkdir()
    (made / "small_api.py").write_text(API)
    (made / "small_datastore.py").write_text(DATASTORE)
    return made


class Api:
    """CQC's API in small: a page of changes, another, a location and its provider; nothing without the key."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.keys: dict[str, set[str | None]] = {}
        self.location = json.loads((EXAMPLES / "cqc_changes/answer.txt").read_text())

    def answer(self, path: str, key: str | None) -> tuple[int, dict[str, str], bytes]:
        said: object
        if not path.startswith("/public/v1/"):
            return 404, {}, b""
        if key != "the-key":
            return 401, {}, b'{"message": "Access denied"}'
        if path.startswith("/public/v1/changes/location"):
            second = "page=2" in path
            said = {
                "changes": ["1-9900000002" if second else "1-9900000001"],
                "nextPageUri": None if second else "/changes/location?page=2",
            }
        elif "1-9900000002" in path:
            return 302, {"Location": "https://elsewhere.example/stolen"}, b""
        elif "/providers/" in path:
            said = {
                "providerId": "1-9900000900",
                "name": "Copperbeech Care Limited",
                "locationIds": ["1-9900000001"],
                "registrationDate": "2016-05-01",
            }
        else:
            said = self.location
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()


@pytest.fixture
def api() -> Iterator[tuple[Api, str]]:
    answers = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host, key = self.headers["Host"], self.headers.get("Ocp-Apim-Subscription-Key")
            answers.asked[f"{host}{self.path.split('?')[0]}"] += 1
            answers.keys.setdefault(host, set()).add(key)
            status, headers, body = answers.answer(self.path, key)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield answers, f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def an_order(folder: Path, source: str, hosts: dict[str, str]) -> Order:
    return Order(
        archive=str(folder.parent / "archive.db"),
        sources=(source,),
        at=AT,
        hosts=hosts,
        folders=(str(folder),),
    )


def test_what_changed_at_cqc_is_asked_for_with_the_key_that_goes_nowhere_else(
    folder: Path, api: tuple[Api, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, address = api
    monkeypatch.setenv("ONRECORD_CQC_KEY", "the-key")
    order = an_order(folder, "small_api", {"api.cqc.example": address, "elsewhere.example": address})
    (summary,) = crawl(order)
    assert summary.outcomes == {"done": 4, "server_error": 1}
    assert "elsewhere.example" not in answers.keys
    with Store.at(order.archive) as store, store.reading() as connection:
        (row,) = connection.execute(sa.select(settings)).all()
        (inspection,) = connection.execute(sa.select(inspections)).all()
    assert (row.urn, row.kind, row.name) == ("1-9900000001", "care home with nursing", "Copperbeech Court")
    assert (inspection.first_day, inspection.safe) == (
        dt.date(2024, 3, 12),
        "Requires improvement to be good",
    )

    (again,) = crawl(Order(**{**order.__dict__, "at": AT + dt.timedelta(days=1)}))
    assert again.outcomes["unchanged"] == 1, "what was said to change and did not is no news"


def test_a_key_may_lie_in_a_file_of_its_own(
    folder: Path, api: tuple[Api, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = api
    monkeypatch.delenv("ONRECORD_CQC_KEY", raising=False)
    monkeypatch.setenv("ONRECORD_CQC_KEY_FILE", str(tmp_path / "key"))
    assert key_of("ONRECORD_CQC_KEY") is None, "there is no such file"
    (tmp_path / "key").write_text("the-key\n")
    (summary,) = crawl(an_order(folder, "small_api", {"api.cqc.example": address}))
    assert summary.outcomes == {"done": 4, "server_error": 1}


def test_without_a_key_nothing_is_asked_and_the_line_says_so(
    folder: Path, api: tuple[Api, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, address = api
    monkeypatch.delenv("ONRECORD_CQC_KEY", raising=False)
    (summary,) = crawl(an_order(folder, "small_api", {"api.cqc.example": address}))
    assert (summary.ending, answers.asked.total()) == ("failed", 0)
    assert "as ONRECORD_CQC_KEY, or its file's name as ONRECORD_CQC_KEY_FILE" in str(summary.reason)

    monkeypatch.setenv("ONRECORD_CQC_KEY", "expired")
    (summary,) = crawl(an_order(folder, "small_api", {"api.cqc.example": address}))
    assert summary.outcomes == {"blocked": 1}


def test_scotlands_datastore_is_a_register_with_its_latest_grades(folder: Path) -> None:
    page = (EXAMPLES / "care_inspectorate/tables.html").read_bytes()
    table = "/images/documents/9001/MDSF_data_31%20October%202024.csv"
    with serving(Site({"/datastore": page, table: ROWS.encode()})) as site:
        order = an_order(folder, "small_datastore", {"www.datastore.example": site.address})
        (summary,) = crawl(order)
    assert summary.outcomes == {"done": 2, "gone": 1}
    with Store.at(order.archive) as store, store.reading() as connection:
        kept = {row.urn: row for row in connection.execute(sa.select(settings))}
        judged = {row.first_day: row for row in connection.execute(sa.select(inspections))}
    assert {urn: (row.kind, row.name) for urn, row in kept.items()} == {
        "CS2003900001": ("care home", "Larchbank House"),
        "CS2010900002": ("children's home", None),
        "CS2015900003": ("other", None),
    }
    older, young = judged[dt.date(2024, 3, 12)], judged[dt.date(2024, 2, 20)]
    assert (older.outcomes, older.quality_of_care, older.leadership) == ("Very good", "Good", "Adequate")
    assert (young.outcomes, young.leadership, young.published) == ("Very good", "Weak", dt.date(2024, 3, 20))


def test_no_column_of_the_datastore_is_left_unexplained(store: Store) -> None:
    file = File(
        name="MDSF_data.csv",
        content=ROWS.encode(),
        regulator=regulator_named("care_inspectorate"),
        as_of=dt.date(2024, 10, 31),
    )
    taken = take_register(store, file, AT)
    assert (taken.rows_kept, taken.inspections, taken.rejected) == (3, 2, [])
    assert "unplaced" not in taken.findings
    assert "unknown_words" not in taken.findings
