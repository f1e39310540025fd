"""What is blacked out in an extract that a signed-in person is shown: postcodes and personal numbers.

Each kind is a shape, and a check where its issuer gives one (an NHS number's last digit, the prefixes that
National Insurance never used). A masked text keeps its length, so offsets into it stay true. It runs on every
line of a list of results, so the shapes are our own: few, British and unchanged for decades, where a
library's matcher of the world's numbers costs more than the search itself.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

Kind = Literal["postcode", "nhs", "national_insurance", "telephone", "passport", "licence", "plate"]
BLACK: Final = "█"
LONGEST_EXTRACT: Final = 25
_LONGEST: Final = 200  # characters: no number, nor what tells that it is one, is longer
_DIGIT: Final = re.compile(r"\d")
"""Words; an extract of a press text is never longer."""

_GAP: Final = r"[\s\u00a0\u2009\u202f]{0,2}"
_STEP: Final = r"[\s\u00a0\u2009\u202f.\-‐‑–]{0,2}"
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_OUTWARD: Final = (
    r"(?:GIR|[A-PR-UWYZ](?:\d{1,2}|\d[ABCDEFGHJKPSTUW]|[A-HK-Y]\d{1,2}|[A-HK-Y]\d[ABEHMNPRVWXY]))"
)
_POSTCODE: Final = rf"(?P<out>{_OUTWARD}){_GAP}(?P<in>\d[ABD-HJLNP-UW-Z]{{2}})"
_NHS: Final = rf"\d{{3}}{_STEP}\d{{3}}{_STEP}\d{{4}}"
_INSURANCE: Final = (
    rf"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{_STEP}"
    rf"(?!(?:00{_STEP}){{3}})(?:\d\d{_STEP}){{3}}[A-D]"
)
_TELEPHONE: Final = (
    rf"(?:(?:\+|00){_STEP}44{_STEP}(?:\(0\){_STEP})?|\(?0)(?:[1-35789](?:\)?{_STEP}\d){{8,9}})"
    rf"|\+\d(?:{_STEP}\d){{8,13}}"
)
_PASSPORT: Final = r"[A-Z]{2}\d{7}"
_LICENCE: Final = r"(?=[A-Z]{1,5}9{0,4}\d)[A-Z9]{5}\d[0156]\d[0-3]\d\d[A-Z9]{2}[A-Z\d]{3}"
_PLATE: Final = (
    r"[A-HK-PR-Y][A-HK-PR-Y](?:0[2-9]|[12]\d|5[1-9]|[67]\d)[\s\u00a0-]?[A-HJ-PR-Z]{3}"
    r"|[A-HJ-NPR-TV-Y]\d{1,3}[\s\u00a0]?[A-HJ-PR-Z]{3}"
    r"|[A-HJ-PR-Z]{3}[\s\u00a0]?\d{1,3}[A-HJ-NPR-TV-Y]"
)
_PUBLIC: Final = re.compile(
    r"(?:town hall|civic cent(?:re|er)|county hall|city hall|guildhall|council (?:house|offices?)"
    r"|(?:registered|head) office|headquarters)\b(?P<between>[^.!?;\n]{0,100})$",
    re.IGNORECASE,
)
_ORDINALS: Final = ("st", "nd", "rd", "th")


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something to black out: what it is, and its characters in the text."""

    kind: Kind
    start: int
    end: int


def sensitive(text: str) -> list[Found]:
    """What of ``text`` is blacked out, in order and without overlaps; offsets count code points."""
    kept: list[Found] = []
    for found in sorted(_all(text), key=lambda one: (one.start, -one.end)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def masked(text: str) -> str:
    """The text with postcodes and personal numbers blacked out, as long as before."""
    pieces, done = [], 0
    for found in sensitive(text):
        pieces += [text[done : found.start], BLACK * (found.end - found.start)]
        done = found.end
    return "".join([*pieces, text[done:]])


def extract(text: str, words: int = LONGEST_EXTRACT) -> str:
    """The first ``words`` words, masked; an ellipsis tells that there was more. Masked before it is cut."""
    cut = _beginning(text, 4 * words)
    parts = masked(text[: cut + _LONGEST])[:cut].split()
    if len(parts) <= words and cut < len(text):  # numbers of many pieces, each blacked out as one word
        parts = masked(text).split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")


def _beginning(text: str, words: int) -> int:
    """Where so many words of the text end."""
    ends = (match.end() for match in re.finditer(r"\S+", text))
    return next(islice(ends, words - 1, None), len(text))


def _all(text: str) -> Iterator[Found]:
    if not _DIGIT.search(text):
        return
    for kind, pattern, holds in _KINDS:
        for match in pattern.finditer(text):
            if holds(match):
                yield Found(kind=kind, start=match.start(), end=match.end())


def _is_postcode(match: re.Match[str]) -> bool:
    inward, outward = match["in"], match["out"]
    if inward[1:].islower() and inward[1:] in _ORDINALS:
        return False
    if inward[1:].isupper() != any(letter.isupper() for letter in outward):
        return False  # "B6 1st" is a road and a rank
    public = _PUBLIC.search(match.string, max(0, match.start() - 130), match.start())
    return public is None or not _is_an_address(public["between"])


def _is_an_address(between: str) -> bool:
    """Whether nothing but an address stands there: capitals, house numbers and small words, no verb."""
    small = {"at", "is", "in", "of", "the", "on", "and", "are", "postcode"}
    words = re.findall(r"[\w’']+", between)
    return all(word[0].isupper() or word[0].isdigit() or word in small for word in words)


def _is_nhs(match: re.Match[str]) -> bool:
    """The last digit is eleven less the weighted sum's remainder (NHS Data Dictionary: NHS NUMBER)."""
    digits = [int(digit) for digit in match[0] if digit.isdecimal()]
    if len(set(digits)) == 1:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


def _is_plate(match: re.Match[str]) -> bool:
    """Not among other words in capitals: a headline's "A12 CAR CRASH" is a road and a car."""
    if not match[0].isupper() and not match[0].islower():
        return False
    around = (match.string[: match.start()].split()[-1:], match.string[match.end() :].split()[:1])
    loud = any(word.isupper() and sum(map(str.isalpha, word)) > 1 for words in around for word in words)
    return not loud or not re.search(r"\s", match[0])


def _always(match: re.Match[str]) -> bool:
    return True


def _shape(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(f"{_START}(?:{pattern}){_END}", flags)


_KINDS: Final[tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...]] = (
    ("postcode", _shape(_POSTCODE), _is_postcode),
    ("nhs", _shape(_NHS), _is_nhs),
    ("national_insurance", _shape(_INSURANCE), _always),
    ("telephone", re.compile(rf"(?<![\w(+])(?:{_TELEPHONE})(?!\d)"), _always),
    ("passport", _shape(_PASSPORT), _always),
    ("licence", _shape(_LICENCE), _always),
    ("plate", _shape(_PLATE), _is_plate),
)
