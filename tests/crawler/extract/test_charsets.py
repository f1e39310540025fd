"""Text comes out right whatever the server, the page and the bytes say of the charset."""

from pathlib import Path

import pytest

from crawler.extract.charsets import decoded
from crawler.extract.html import parse

WORDS = "The children’s home in Chëshire cost £4,000 a week – “too much”, said one café owner."
OTHERS = {
    "arabic": ("cp1256", "iso8859-6", "utf-16"),
    "bulgarian": ("cp1251", "koi8-r", "iso8859-5"),
    "chinese": ("big5", "big5hkscs"),
    "french": ("cp1252", "latin-1"),
    "greek": ("cp1253", "iso8859-7"),
    "hebrew": ("cp1255", "iso8859-8"),
    "korean": ("cp949", "euc-kr"),
    "polish": ("cp1250", "iso8859-2"),
    "russian": ("mac-cyrillic", "cp1251", "koi8-r", "iso8859-5"),
    "spanish": ("cp1252", "latin-1"),
    "turkish": ("cp1254", "iso8859-9"),
}
"""In which charsets each language of the samples is written, besides UTF-8; the first is that of old samples."""


def page(words: str, head: str = "") -> str:
    return f"<html><head>{head}<title>T</title></head><body><p>{words}</p><script>var x = 'y';</script></body></html>"


@pytest.mark.parametrize(
    ("charset", "said", "head"),
    [
        ("cp1252", "text/html", ""),
        ("cp1252", "text/html; charset=iso-8859-1", ""),
        ("cp1252", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", None, '<meta charset="windows-1252">'),
        ("utf-8-sig", None, '<meta charset="windows-1252">'),
        ("utf-8", "text/html; charset=nonsense", ""),
        ("cp1252", None, '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        ("utf-16", "text/html", ""),
    ],
)
def test_the_bytes_win_over_who_is_wrong_about_them(charset: str, said: str | None, head: str) -> None:
    tree = parse(page(WORDS, head).encode(charset), said)
    assert tree.findtext(".//p") == WORDS


def test_a_page_that_ends_within_a_character_is_utf_8_all_the_same() -> None:
    assert decoded(f"{WORDS} é".encode()[:-1], "text/html; charset=cp1252").startswith(WORDS)


@pytest.mark.real
def test_samples_of_many_languages_are_decoded(shared: Path) -> None:
    asked, right = 0, 0
    for path in sorted((shared / "suites/charsets/charset_normalizer").glob("sample-*.txt")):
        language = path.name.split("-")[1].split(".")[0]
        words = written(path.read_bytes(), OTHERS.get(language, ("cp1252",))[0])
        for charset in ("utf-8", *OTHERS.get(language, ())):
            content = page(" ".join(words.split())).encode(charset, "ignore")
            asked += 1
            right += decoded(content) == content.decode(charset)
    assert asked > 40
    assert right / asked >= 0.98


def written(content: bytes, charset: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(charset, "replace")
