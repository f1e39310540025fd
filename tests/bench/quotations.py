"""An edited quotation among the texts of many reports: our index against rapidfuzz over all of them."""

import pickle
import random
import time

from rapidfuzz import fuzz, process

from linker.quotations import QuotationIndex
from tests.bench.side_by_side import Way, compare, show
from tests.linker.invented_reports import Inspectorate, quotations


def run(size: int = 4_000, asked: int = 400) -> str:
    """The table, with how fast the index was built and how large it is."""
    rng = random.Random(8)
    reports = Inspectorate(rng).reports(size)
    taken = [quoted for quoted in quotations(rng, reports, 2 * asked) if not quoted.stock][:asked]
    items = [(quoted.text, quoted.report) for quoted in taken]
    begin = time.process_time()
    index = QuotationIndex.build((report.id, report.text, report.spans) for report in reports)
    built = time.process_time() - begin
    letters = sum(len(report.text) for report in reports)
    words = sum(report.text.count(" ") for report in reports)

    def indexed(quotation: str) -> str | None:
        hits = index.find(quotation, limit=1)
        return hits[0].report if hits else None

    texts = {report.id: report.text for report in reports}

    def naive(quotation: str) -> str | None:
        best = process.extractOne(quotation, texts, scorer=fuzz.partial_ratio)
        return str(best[2]) if best else None

    rows = compare(
        [
            Way(name="linker.quotations", do=indexed),
            Way(name="rapidfuzz partial_ratio", do=naive, share=5 / asked),
        ],
        items,
    )
    bytes_a_word = len(pickle.dumps(index)) / words
    return show(
        f"Quotations of 8-30 words, two edited, no stock: one of {size:,} reports "
        f"(built at {letters / built / 1e6:.1f} MB a CPU s, {bytes_a_word:.1f} bytes a word)",
        rows,
    )
