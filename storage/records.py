"""The nouns of the design, as frozen records; what everybody shares and nobody owns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from storage.dates import PartialDate
from storage.vocabulary import Answer, Area, InspectionKind, Level, Status

SEALED: Final = "sealed"
"""The ``record_type`` of a capture whose bytes were erased."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """An outlet or a regulator that we crawl, and to whom its text may be shown."""

    name: str  # the spider's, which is its file's
    kind: str  # news, register, reports
    title: str
    home: str | None = None
    regulator: str | None = None
    area: str | None = None
    terms: str | None = None
    shown_to: str = "newsroom"  # nobody, newsroom, public


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Bytes as they were fetched, and where in which WARC they lie."""

    id: str
    url: str
    fetched_at: dt.datetime
    status: int | None
    content_type: str | None
    digest: str  # SHA-256 of the body
    warc_file: str
    offset: int
    length: int
    record_digest: str  # SHA-256 of the record's compressed bytes
    record_type: str  # response, revisit, resource, conversion, sealed
    source_id: str | None = None
    run_id: str | None = None
    truncated: bool = False
    tls_verified: bool | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether its bytes were erased: what stands in the file says nothing."""
        return self.record_type == SEALED


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as an import or a page gives it; stored as a version of its URL."""

    url: str
    text: str
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published: PartialDate | None = None
    published_from: str = "none"  # page, feed, address, words, none
    modified: str | None = None
    section: str | None = None
    agency: str | None = None
    external_id: str | None = None
    captions: tuple[str, ...] = ()
    extractor: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """What one row of a register snapshot says of a setting; allow-listed fields only, never an address."""

    urn: str
    kind: str
    name: str | None = None  # None for a withheld home
    status: str | None = None
    local_authority: str | None = None
    region: str | None = None
    constituency: str | None = None
    places: int | None = None
    sector: str | None = None
    owner: str | None = None  # exactly as spelled
    registered: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class SettingChange:
    """An opening or closing that a list of joiners and leavers gives."""

    urn: str
    change: str  # registered, resigned, closed, cancelled
    day: dt.date


@dataclass(frozen=True, kw_only=True)
class InspectionClaim:
    """What one origin (a table's row, a report, a page) says of an inspection.

    ``urn`` is empty while a report leaves it out and nobody told it.
    """

    urn: str
    kind: InspectionKind
    first_day: dt.date | None
    last_day: dt.date | None
    published: dt.date | None = None
    event_number: str | None = None
    judgements: Mapping[Area, str] = field(default_factory=dict)
    capacity: int | None = None
    provider_name: str | None = None
    local_authority: str | None = None
    setting_kind: str | None = None  # for a setting not known yet
    setting_name: str | None = None  # the same, where it is public by name


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report under one heading; offsets are code points of the report's text."""

    heading: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence of a report, tied to its section and page."""

    section: int
    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A statutory requirement that a report makes."""

    regulation: int | None
    title: str | None
    text: str
    due: dt.date | None
    compliance_notice: bool
    page: int | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """An inspection report, read; ``facts`` are the keys of ``import reports --json``."""

    regulator: str
    urn: str | None
    framework: str
    claim: InspectionClaim | None
    facts: Mapping[str, Any]
    text: str  # without the people block
    pages: int
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, kw_only=True)
class Clue:
    """What an article says of a mention; offsets are code points of ``field``."""

    kind: str  # operator, place, visit, published, judgement, earlier_judgement, capacity, quotation …
    field: str  # title or text
    start: int
    end: int
    text: str
    value: Any
    confidence: float = 1.0
    mention: int = 0


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What one copy of a story says in so many words: an operator, a grade, a number, a day."""

    fact: str
    value: str
    field: str  # title or text
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A clue held against a record: its weight in log2 (negative counts against) and the reason in words."""

    clue: str
    field: str
    text: str
    start: int | None
    end: int | None
    value: str | None
    told: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Link:
    """A mention of an article tied to the record: the decision (no rank) or one of its candidates."""

    article_id: str
    version: int
    mention: int
    status: Status
    level: Level
    probability: float
    rank: int | None = None
    answer: Answer | None = None
    inspection_id: str | None = None
    setting_id: str | None = None
    provider_id: str | None = None
    margin: float | None = None
    evidence: tuple[Evidence, ...] = ()
    decided_by: str = "linker"
    model_id: str | None = None
    confirmed: bool = False
    origin: str | None = None  # the article, a copy of the same story, that the decision was made on
