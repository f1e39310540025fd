"""From bytes to text, whatever server, page and bytes say of the charset, and whoever is wrong."""

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_to_unicode, read_bom

_SAMPLE = 100_000  # bytes; enough to tell a language by
_MARKUP = re.compile(
    rb"<(?:script|style)\b.{0,200000}?</(?:script|style)>|<[^<>]{0,5000}>", re.DOTALL | re.IGNORECASE
)
_WESTERN = frozenset("’‘“”–—…£€«»éèêëáàâäãåíìîïóòôöõúùûüçñøßæœÉÈÀÁÇÑÖÜÄÅ¡¿°½º·•®©\xa0")
"""What western papers print beyond ASCII; of too few words no statistics tell it from Central European."""
_ON_THE_WEB = (
    "utf_8", "cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "iso8859_5", "mac_cyrillic", "cp1253",
    "iso8859_7", "cp1254", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp1257", "gb18030", "big5",
    "big5hkscs", "euc_jp", "cp932", "iso2022_jp", "cp949", "utf_16_le", "utf_16_be",
)  # fmt: skip
_BAD = "\ufffd"


def decoded(content: bytes, content_type: str | None = None) -> str:
    """The text of a page, in the charset that its bytes prove, or its server, it or its bytes tell.

    Bytes beyond ASCII that are well-formed UTF-8 are nothing else, whatever is declared. Bytes that are not
    what is declared are read as what they look like.
    """
    if read_bom(content)[0] is None and not content.isascii() and _is_utf8(content):
        return content.decode("utf-8", "replace")
    _, text = html_to_unicode(content_type, content, auto_detect_fun=_detected)
    if text.count(_BAD) > len(text) / 500:
        other = content.decode(_detected(content), "replace")
        return min(text, other, key=lambda one: one.count(_BAD))
    return text


def _is_utf8(content: bytes) -> bool:
    """Whether it is UTF-8, perhaps cut off in the middle of a character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _detected(content: bytes) -> str:
    """What the bytes look like; Windows-1252 where they look like nothing."""
    words = _MARKUP.sub(b" ", content[: 4 * _SAMPLE])[:_SAMPLE]
    words = words if len(words) > 20 else content[:_SAMPLE]
    beyond = bytes(byte for byte in words if byte > 127)
    western = sum(sign in _WESTERN for sign in beyond.decode("cp1252", "replace"))
    if beyond and western >= 0.95 * len(beyond):
        return "cp1252"
    best = from_bytes(words, cp_isolation=list(_ON_THE_WEB)).best()
    return best.encoding if best else "cp1252"
