"""From the bytes of a report to ``storage.records.Report``; pure, for the pool.

with Pool() as pool:
    report = pool.run(read_report, content)  # PDF, HTML or text, told by its bytes
"""

import re
from typing import Final

from charset_normalizer import from_bytes

from crawler.errors import ExtractionFailed, NotExtracted, Unreadable
from crawler.extract.pdf import read_pdf
from crawler.extract.worker import Limits
from crawler.reports.document import Document, from_blocks, from_pdf, from_text
from crawler.reports.facts import claim_of, facts_of, head_of
from crawler.reports.headings import HEADING, parted
from crawler.reports.markup import blocks
from crawler.reports.people import without_people
from crawler.reports.requirements import requirements
from crawler.reports.sections import compose
from storage.errors import OnRecordError
from storage.records import Report

AGAIN: Final = Limits(wall=30.0, cpu=29.0)
"""What the second reader of a PDF may cost: all that any may, since it takes some ten times the first."""

_MARKUP: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|table|h1)\b", re.IGNORECASE)


def read_report(content: bytes, told: str = "") -> Report:
    """The report in a PDF, an HTML page or a text; Unreadable, with the reason, for anything else.

    ``told``: the file's name or the link's words and page, for what a report leaves unsaid.
    """
    return report_of(document_of(content), told)


def read_report_again(content: bytes, told: str = "") -> Report:
    """The report in a PDF through another reader, for what ``read_report`` got no words out of."""
    from crawler.extract import another_pdf  # noqa: PLC0415 (few documents need it)

    return report_of(parted(from_pdf(another_pdf.read_pdf(content))), told)


def needs_another(content: bytes, failure: OnRecordError) -> bool:
    """Whether another reader may do where one failed so: no words, garbled ones, or it broke down."""
    broke_down = isinstance(failure, ExtractionFailed) and not isinstance(failure, Unreadable)
    return is_pdf(content) and (broke_down or isinstance(failure, NotExtracted))


def is_pdf(content: bytes) -> bool:
    """Whether the bytes say that they are a PDF."""
    return b"%PDF-" in content[:1024]


def document_of(content: bytes) -> Document:
    """The paragraphs of a file, whose kind its own bytes tell."""
    if not content.strip():
        raise Unreadable("the file is empty")
    if is_pdf(content):
        return parted(from_pdf(read_pdf(content)))
    if _MARKUP.search(content[:4096]):
        return parted(from_blocks(blocks(content)))
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is neither PDF nor HTML nor text")
    return parted(from_text(_decoded(content), HEADING))


def words_of(content: bytes) -> str:
    """Every word of a file, with the people block that ``read_report`` leaves out."""
    return "\n".join(paragraph.text for paragraph in document_of(content).paragraphs)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(content).best()
    if best is None:
        raise Unreadable("it is neither PDF nor HTML nor text")
    return str(best)


def report_of(document: Document, told: str = "") -> Report:
    """The facts, sections and sentences of a report; Unreadable where it is no inspection report."""
    head = head_of(document, told)
    demanded = requirements(document)
    facts = facts_of(document, head, demanded)
    text, sections, sentences = compose(without_people(document.paragraphs), head.title)
    return Report(
        regulator=head.framework.regulator,
        urn=head.identity.urn,
        framework=head.framework.name,
        claim=claim_of(head, facts),
        facts=facts,
        text=text,
        pages=document.pages,
        sections=sections,
        sentences=sentences,
        requirements=demanded,
    )
