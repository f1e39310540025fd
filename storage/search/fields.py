"""The fields of the index and how each is cut into words."""

from typing import Final

import tantivy

VERSION: Final = 2
"""Of the fields below; an index of another version is built anew."""

PROSE: Final = "prose"  # stemmed: "inspected" finds "inspection"
WORDS: Final = "words"  # folded only: for names, phrases and beginnings of words
LONGEST_WORD: Final = 255  # bytes; longer runs of letters are no words

FACETS: Final = (
    "kind",
    "link",
    "judgement",
    "setting_kind",
    "authority",
    "region",
    "provider",
    "group",
    "outlet",
    "regulator",
    "year",
    "month",
)
"""Fields with exact values that are counted and filtered by, most asked for first."""

LONGEST_VALUE: Final = 500
"""Characters of a name that the index keeps as one value; tantivy refuses terms beyond 64 KiB."""

_EXACT: Final = ("id", "stamp", "linked", "urn", "inspection", "setting", "provider_id", "story")
_STORED: Final = frozenset(
    {"id", "kind", "link", "judgement", "authority", "provider", "outlet", "urn", "story"}
)
NAMES: Final = (
    "provider_words",
    "group_words",
    "place_words",
    "region_words",
    "outlet_words",
    "judgement_words",
    "regulator_words",
    "setting_words",
)
"""Fields that hold the names of the record, cut into words."""


def _analysers() -> dict[str, tantivy.TextAnalyzer]:
    def folded() -> tantivy.TextAnalyzerBuilder:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        builder = builder.filter(tantivy.Filter.remove_long(LONGEST_WORD))
        return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())

    return {PROSE: folded().filter(tantivy.Filter.stemmer("english")).build(), WORDS: folded().build()}


ANALYSERS: Final = _analysers()


def schema() -> tantivy.Schema:
    """The index's schema; ``plain`` holds title and text unstemmed, for phrases and prefixes."""
    builder = tantivy.SchemaBuilder()
    for name in (*_EXACT, *FACETS):
        builder.add_text_field(
            name,
            stored=name in _STORED or name in ("inspection", "setting"),
            fast=name in FACETS,
            tokenizer_name="raw",
            index_option="basic",
        )
    for name in ("title", "text"):
        builder.add_text_field(name, stored=True, tokenizer_name=PROSE)
    for name in ("plain", *NAMES):
        builder.add_text_field(name, tokenizer_name=WORDS)
    builder.add_text_field("published", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", stored=True, indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    builder.add_integer_field("telling", fast=True)  # equal in copies of one story: see documents.telling
    builder.add_integer_field("held", stored=True)
    return builder.build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Teach an opened index our analysers; it is reloaded by hand, when its files have changed."""
    for name, analyser in ANALYSERS.items():
        index.register_tokenizer(name, analyser)
    index.config_reader("manual")
    return index


def analyser_of(field: str) -> tantivy.TextAnalyzer:
    """How a text field cuts words."""
    return ANALYSERS[PROSE if field in ("title", "text") else WORDS]
