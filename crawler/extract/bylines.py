"""Who wrote a story, and for which agency."""

import re

from lxml.html import HtmlElement

_AGENCIES = {
    "LDRS": re.compile(r"\b(?:Local Democracy Report(?:er|ing)|LDRS\b)", re.IGNORECASE),
    "PA": re.compile(r"\bPA (?:Media|news agency|Reporters?)\b|\bPress Association\b|^PA$"),
    "SWNS": re.compile(r"\bSWNS\b"),
}
_BY = re.compile(r"^\s*(?:words\s+|written\s+|posted\s+|story\s+|report\s+)?by[:\s]\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\||·|•|\bpublished\b|\bupdated\b|\bposted\b|\d{1,2}[:/.]|\d+ (?:min|hour|day)).*", re.IGNORECASE
)
_MARKED = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author' or @rel='author']",
    ".//*[contains(@class, 'author-name') or contains(@class, 'author__name')]",
    ".//*[contains(@class, 'byline')]",
)
_LONGEST = 80  # characters of a marked byline; what is longer is the writer's life


def marked_byline(tree: HtmlElement) -> str | None:
    """What stands in the first element that is marked as the byline; further down, comments have authors."""
    for path in _MARKED:
        for element in tree.xpath(path)[:3]:
            words = _AFTER.sub("", " ".join(str(element.text_content()).split()))
            if (byline := tidy_byline(element.get("content") or words)) and len(byline) <= _LONGEST:
                return byline
    return None


def agency_of(byline: str | None, text: str) -> str | None:
    """The agency whose copy this is, from the byline, else from the first or the last lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    places = [byline or "", *(line for line in lines[:2] + lines[-2:] if len(line) < 160)]
    return next(
        (agency for place in places for agency, credit in _AGENCIES.items() if credit.search(place)), None
    )


def tidy_byline(text: str | None) -> str | None:
    """A byline without "By", in one line; None when nothing is left, or only an address."""
    words = _BY.sub("", " ".join((text or "").split())).strip(" ,|-–")
    return None if not words or words.startswith(("http://", "https://", "@")) or len(words) > 200 else words
