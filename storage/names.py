"""Names of organisations: the key under which two spellings are one, company numbers, what is no name.

Pure functions. The key forgives what registers and the press vary without meaning anything by it (case,
punctuation, ``&``, the legal form, a pasted company number, a trading name behind it) and nothing else:
no word is dropped for being common, so that two companies never fall together by their key.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LEGAL_FORMS = frozenset(
    {"ltd", "limited", "plc", "llp", "lp", "cic", "cio", "cyf", "cyfyngedig", "inc", "incorporated"}
    | {"ltdd", "limted", "limitied", "lmited", "ld"}  # as mistyped in registers
)
_SPACED_FORMS = re.compile(r"\b(?:l ?t ?d|c\.? ?i\.? ?c|p ?l ?c|l ?l ?p)\b\.?(?=[\s.,;)]*$)", re.I)
_COMMUNITY = re.compile(r"\bcommunity interest company\b", re.I)
_TRADING_AS = re.compile(r"\s*[-–(,]?\s*\b(?:t\s?/\s?as?|trading as)(?=\W)\s*", re.I)
_NUMBER_WORDS = re.compile(
    r"[\s,;(–-]*(?:\b(?:company|co|comp|charity|registration|reg)\b\.?\s*)*\b(?:numbers?|no|num)\b\.?[\s:]*(?=\d{6})",
    re.I,
)
_PASTED_NUMBERS = re.compile(r"(?:[\s,;:()–-]+(?:[A-Z]{2}\d{6}|\d{6,8})\)?)+[\s.]*$")
_COMPANY_NUMBER = re.compile(
    r"(?<![\w/])((?:SC|NI|OC|SO|NC|IP|RC|CE|R0|LP)\d{6}|0\d{7}|1[0-6]\d{6})(?![\w/])"
)
_SHORT_NUMBER = re.compile(r"\b(?:ltd|limited|llp|plc)\b\.?[\s,(:]*(\d{7})\)?[\s.]*$", re.I)

_COUNCIL = re.compile(r"\bcouncils?\b|\b[mdlc]{1,2}bc\b|\bmdc\b")
_BOROUGH = re.compile(
    r"^(?:the )?(?:(?:london|royal|metropolitan) borough|city|county|corporation) of\b|\bla$"
)
_COUNCIL_WORDS = frozenset(
    {"council", "councils", "city", "county", "borough", "metropolitan", "london", "royal", "district"}
    | {"mbc", "mdc", "lbc", "cbc", "bc", "cc", "la", "unitary", "authority", "corporation", "the", "of"}
)
_BEHIND_COUNCIL = re.compile(r"(\bcouncils?\b)(?!\s+of\b).*$")
_BETWEEN_COUNCILS = re.compile(r"\s*(?:[/;|&+,]|\band\b)\s*", re.I)
_SHARED_COUNCILS = re.compile(
    r"\s*(?P<one>\w[^/;|&,]*? (?:city|county|borough|district))\s*(?:[/;|&,]|\band\b)\s*"
    r"(?P<other>\w[^/;|&,]*?) councils\W*",
    re.I,
)
_NO_NAME = re.compile(
    r"\W*|[\d\s./:-]+|null|none|n/?a|not (?:known|applicable|recorded)|unknown|redacted|withheld|tbc"
    r"|local education authority|(?:board|body) of (?:trustees|governors)|owned by an individual|individual",
    re.I,
)
_PERSON = re.compile(r"\W*(?:mr|mrs|miss|ms|mx|dr)\b\.?\s+[^\W\d]+", re.I)
_BODY = re.compile(
    r"\b(?:ltd|limited|llp|plc|cic|schools?|college|academy|trust|charity|homes?|care|services|society|foundation)\b",
    re.I,
)
_INDIVIDUAL = re.compile(r"owned by an individual|individual|sole trader", re.I)


@lru_cache(maxsize=65536)
def organisation_key(name: str) -> str:
    """The key that spellings of one organisation share; empty for what is no name.

    >>> organisation_key("HOMES & Hearths (North) LTD. 01234567")
    'homes and hearths north'
    >>> organisation_key("The Metropolitan Borough Council of Anywhere") == organisation_key("Anywhere MBC")
    True
    """
    if not is_name(name):
        return ""
    registered = _TRADING_AS.split(_plain(name), maxsplit=1)[0] or name
    words = _words(_without_forms(_without_numbers(registered)))
    joined = " ".join(words)
    if is_council(joined):
        return _council_key(joined)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def company_number(name: str) -> str | None:
    """The company number pasted into a name, in eight characters; None where there is none.

    Seven digits count only right behind a legal form (a leading zero lost); elsewhere they are a charity's.
    """
    if found := _COMPANY_NUMBER.search(name.upper()):
        return found[1]
    if found := _SHORT_NUMBER.search(name):
        return f"0{found[1]}"
    return None


def trading_name(name: str) -> str | None:
    """What stands behind ``t/a`` or ``trading as``."""
    parts = _TRADING_AS.split(_plain(name), maxsplit=1)
    return parts[1].strip(" )") or None if len(parts) == 2 and parts[0] else None


def is_council(name: str) -> bool:
    """Whether the name is that of a local authority."""
    plain = " ".join(_words(name))
    return bool(_COUNCIL.search(plain)) or bool(_BOROUGH.search(plain) and not _BODY.search(plain))


def is_name(text: str | None) -> bool:
    """Whether the text names anybody: not blank, a number, ``NULL``, ``REDACTED`` or a stock phrase."""
    return bool(text) and not _NO_NAME.fullmatch(_plain(text or ""))


def is_person(name: str) -> bool:
    """Whether the owner is given as a natural person; only a title or plain words say so, never a guess."""
    return bool(_PERSON.match(name) and not _BODY.search(name)) or bool(_INDIVIDUAL.fullmatch(name.strip()))


_LONGEST_SHARED: Final = 400
"""Characters of a field that may name several councils; of a longer one each "and" would be tried in turn."""


@lru_cache(maxsize=65536)
def owners_in(field: str) -> tuple[str, ...]:
    """The owners that a register's field names: itself, or each of the councils that share it.

    >>> owners_in("Anywhere City & Somewhere County Councils")
    ('Anywhere City Council', 'Somewhere County Council')
    """
    shared = _SHARED_COUNCILS.fullmatch(field)
    if shared:
        return f"{shared['one']} Council", f"{shared['other']} Council"
    told = field if len(field) <= _LONGEST_SHARED else ""
    for between in _BETWEEN_COUNCILS.finditer(told):
        one, rest = field[: between.start()], field[between.end() :]
        if is_council(one) and is_council(rest):
            return one.strip(), *owners_in(rest)
    return (field.strip(),) if is_name(field) else ()


@lru_cache(maxsize=65536)
def _plain(name: str) -> str:
    if name.isascii():  # nearly all are
        return " ".join(name.split())
    folded = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def _words(name: str) -> list[str]:
    text = _plain(name).lower().replace("&", " and ").replace("+", " plus ")
    text = re.sub(r"['’‘`´]", "", text)
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    return re.findall(r"\w+", text)


def _without_numbers(name: str) -> str:
    return _PASTED_NUMBERS.sub("", _NUMBER_WORDS.sub(" ", name)) or name


def _without_forms(name: str) -> str:
    return _COMMUNITY.sub(" ", _SPACED_FORMS.sub(" ", name)) or name


def _council_key(joined: str) -> str:
    """Place and ``council``: a district's, borough's or county's style of itself tells nothing apart."""
    place = [word for word in _BEHIND_COUNCIL.sub(r"\1", joined).split() if word not in _COUNCIL_WORDS]
    return " ".join([*place, "council"]) if place else joined
