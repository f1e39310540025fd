"""From a read query to tantivy's, by its API: no text of a person ever reaches a parser that could fail."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import tantivy
from tantivy import FieldType, Occur, Query

from storage.dates import PartialDate
from storage.search.errors import QueryFault
from storage.search.fields import FACETS, analyser_of
from storage.search.language import Parsed, Part

_SEARCHED: Final = {
    "title": 3.0,
    "text": 1.0,
    "provider_words": 1.5,
    "place_words": 1.0,
    "setting_words": 1.0,
}
"""Where a word is looked for, and how much a find there counts."""
_LINKED: Final = {
    "yes": "yes",
    "no": "no",
    "confirmed": "confirmed",
    "review": "candidate",
    "candidate": "candidate",
    "none": "none",
    "waiting": "waiting",
}
_KINDS: Final = {"article": "article", "articles": "article", "report": "report", "reports": "report"}
_OTHER_FILTERS: Final = ("provider_id", "urn", "month", "setting", "inspection")
FILTERS: Final = (*FACETS, *_OTHER_FILTERS)
"""Fields with exact values that a search may be narrowed by."""


def day_number(day: dt.date) -> int:
    """A day as the index keeps it: 20230517."""
    return day.year * 10_000 + day.month * 100 + day.day


class Builder:
    """Builds tantivy queries against one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def whole(self, parsed: Parsed, filters: Mapping[str, Iterable[str]]) -> Query:
        """Every condition of a query and every filter, over articles and reports."""
        clauses = [(Occur.Must, self._kinds())]
        clauses += [(Occur.Must, self._any(self.part(part) for part in group)) for group in parsed.groups]
        clauses += [(Occur.MustNot, self.part(part)) for part in parsed.excluded]
        for field, values in filters.items():
            if field not in FILTERS:
                raise QueryFault(f"{field!r} is nothing to filter by; choose among {', '.join(FILTERS)}")
            exact = [self._exact(field, value) for value in values]
            if exact:
                clauses.append((Occur.Must, Query.const_score_query(self._any(exact), 0.0)))
        return Query.boolean_query(clauses)

    def highlights(self, parsed: Parsed) -> Query:
        """What a snippet marks: each word asked for, as title and text are stemmed."""
        wanted = [part for group in parsed.groups for part in group if part.field is None]
        terms = [
            Query.term_query(self.schema, field, token)
            for part in wanted
            for field in ("title", "text")
            for _, token in _tokens(field, part.text)
        ]
        return self._any(terms)

    def part(self, part: Part) -> Query:
        """One condition."""
        if part.field is None:
            return self._text(part)
        fielded: dict[str, Callable[[str], Query]] = {
            "provider": lambda value: self._words("provider_words", value),
            "place": lambda value: self._words("place_words", value),
            "outlet": lambda value: self._words("outlet_words", value),
            "judgement": lambda value: self._words("judgement_words", value),
            "urn": lambda value: self._exact("urn", value.upper()),
            "linked": lambda value: self._listed("linked", value, _LINKED),
            "kind": lambda value: self._listed("kind", value, _KINDS),
            "after": lambda value: self._from_day("last_day", _day(part)),
            "before": lambda value: self._until_day("day", _day(part)),
        }
        return fielded[part.field](part.text)

    def _text(self, part: Part) -> Query:
        if part.how == "prefix":
            beginning = _plain(_tokens("plain", part.text)[0][1])
            return self._any(
                Query.regex_query(self.schema, field, f"{beginning}.*")
                for field in ("plain", "provider_words", "place_words")
            )
        names = ("provider_words", "place_words", "setting_words")
        fields = ("plain", *names) if part.how == "phrase" else tuple(_SEARCHED)
        found = [
            Query.boost_query(self._words(field, part.text), _SEARCHED.get(field, 1.0)) for field in fields
        ]
        return Query.disjunction_max_query(found, 0.1)

    def _words(self, field: str, text: str) -> Query:
        """The words in a row."""
        tokens = _tokens(field, text)
        if len(tokens) == 1:
            return Query.term_query(self.schema, field, tokens[0][1])
        first = tokens[0][0]
        return Query.phrase_query(self.schema, field, [(place - first, token) for place, token in tokens])

    def _listed(self, field: str, value: str, allowed: Mapping[str, str]) -> Query:
        known = allowed.get(value.lower())
        if known is None:
            raise QueryFault(f"{field}:{value} means nothing here; write {field}: with {', '.join(allowed)}")
        return self._exact(field, known)

    def _exact(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value)

    def _from_day(self, field: str, day: int) -> Query:
        return Query.range_query(self.schema, field, FieldType.Integer, lower_bound=day)

    def _until_day(self, field: str, day: int) -> Query:
        return Query.range_query(
            self.schema, field, FieldType.Integer, lower_bound=0, upper_bound=day, include_upper=False
        )

    def _kinds(self) -> Query:
        kinds = Query.term_set_query(self.schema, "kind", ["article", "report"])
        return Query.const_score_query(kinds, 0.0)

    def _any(self, queries: Iterable[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, query) for query in queries])


def _tokens(field: str, text: str) -> list[tuple[int, str]]:
    return [(token.position, token.text) for token in analyser_of(field).pre_tokenize(text).tokens]


def _plain(token: str) -> str:
    """The token as a regular expression that means nothing but itself (folding may leave a bracket)."""
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in token)


def _day(part: Part) -> int:
    try:
        return day_number(PartialDate.parse(part.text).span.first)
    except ValueError:
        raise QueryFault(
            f"{part.field}:{part.text} is no date; write {part.field}:2023, {part.field}:2023-05"
            f" or {part.field}:2023-05-17"
        ) from None
