"""The text of a report as it is stored, with its sections and sentences by code points and page."""

from collections.abc import Sequence

from crawler.reports import sentences
from crawler.reports.document import Paragraph
from crawler.reports.headings import is_heading
from storage.records import Section, Sentence

_GAP = "\n\n"


def compose(
    paragraphs: Sequence[Paragraph], title: str
) -> tuple[str, tuple[Section, ...], tuple[Sentence, ...]]:
    """The stored text, its sections (the first is called ``title``) and the sentences below the headings."""
    text = _GAP.join(paragraph.text for paragraph in paragraphs)
    opened: list[tuple[str, int, int]] = []
    found: list[Sentence] = []
    offset = 0
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=False):
        repeats_the_title = len(opened) == 1 and paragraph.text == title
        heading = is_heading(paragraph, following) and not repeats_the_title
        if heading or not opened:
            opened.append((paragraph.text if heading else title, paragraph.page, offset))
        if not heading:
            found += _sentences(paragraph, len(opened) - 1, offset)
        offset += len(paragraph.text) + len(_GAP)
    ends = [start for _, _, start in opened[1:]] + [len(text) + len(_GAP)]
    sections = tuple(
        Section(heading=heading, page=page, start=start, end=end - len(_GAP))
        for (heading, page, start), end in zip(opened, ends, strict=True)
    )
    return text, sections, tuple(found)


def _sentences(paragraph: Paragraph, section: int, offset: int) -> list[Sentence]:
    return [
        Sentence(
            section=section,
            page=paragraph.page_at(start),
            start=offset + start,
            end=offset + end,
            text=paragraph.text[start:end],
        )
        for start, end in sentences.spans(paragraph.text)
    ]
