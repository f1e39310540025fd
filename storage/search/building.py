"""From a read query to tantivy's, by its API: no text of a person ever reaches a parser that could fail."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import tantivy
from tantivy import FieldType, Occur, Query

from storage.dates import PartialDate
from storage.search.errors import QueryFault
from storage.search.fields import FACETS, analyser_of
from storage.search.language import Either, Node, Parsed, Part, Without

_SEARCHED: Final = {
    "title": 3.0,
    "text": 1.0,
    "provider_words": 1.5,
    "group_words": 1.0,
    "place_words": 1.0,
    "setting_words": 1.0,
}
"""Where a word is looked for, and how much a find there counts."""
_IN_NAMES: Final = ("provider_words", "group_words", "place_words", "setting_words")
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
_OTHER_FILTERS: Final = ("id", "provider_id", "urn", "setting", "inspection", "story")
FILTERS: Final = (*FACETS, *_OTHER_FILTERS)
"""Fields with exact values that a search may be narrowed by."""
MOST_BEGUN: Final = 200
"""Words that a beginning* stands for in one field, the most frequent; odd vocabularies have thousands."""


def day_number(day: dt.date) -> int:
    """A day as the index keeps it: 20230517."""
    return day.year * 10_000 + day.month * 100 + day.day


class Builder:
    """Builds tantivy queries against one state of the index; ``notes`` tell what it had to leave out."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.schema, self.searcher = schema, searcher
        self.notes: list[str] = []

    def whole(
        self,
        parsed: Parsed,
        filters: Mapping[str, Iterable[str]],
        besides: Sequence[str] = (),
        without: Iterable[str] = (),
    ) -> Query:
        """Every condition of a query and every filter (one value of each), over articles and reports.

        ``besides``: ids of those that fit whatever the conditions say; ``without``: of those that never do.
        """
        clauses = [(Occur.Must, self._kinds())]
        if parsed.tree.of:
            asked = self.node(parsed.tree)
            if besides:
                asked = _any([asked, Query.term_set_query(self.schema, "id", list(besides))])
            clauses.append((Occur.Must, asked))
        for field, values in filters.items():
            if field not in FILTERS:
                raise QueryFault(f"{field!r} is nothing to filter by; choose among {', '.join(FILTERS)}")
            exact = [self._exact(field, value) for value in values]
            if exact:
                clauses.append((Occur.Must, Query.const_score_query(_any(exact), 0.0)))
        if gone := sorted(without):
            clauses.append((Occur.MustNot, Query.term_set_query(self.schema, "id", gone)))
        return Query.boolean_query(clauses)

    def highlights(self, parsed: Parsed) -> Query:
        """What a snippet marks: each word asked for, as title and text are stemmed."""
        wanted = [part for part in parsed.parts if part.field is None]
        terms = [
            Query.term_query(self.schema, field, token)
            for part in wanted
            for field in ("title", "text")
            for _, token in _tokens(field, part.text)
        ]
        return _any(terms)

    def node(self, node: Node) -> Query:
        """A condition, or several put together."""
        if isinstance(node, Part):
            return self.part(node)
        if isinstance(node, Either):
            return _any(self.node(one) for one in node.of)
        if isinstance(node, Without):
            return self._every([node])
        return self._every(node.of)

    def part(self, part: Part) -> Query:
        """One condition."""
        if part.field is None:
            return self._text(part)
        fielded: dict[str, Callable[[], Query]] = {
            "urn": lambda: self._exact("urn", part.text.upper()),
            "story": lambda: self._exact("story", part.text),
            "linked": lambda: self._listed(part, _LINKED),
            "kind": lambda: self._listed(part, _KINDS),
            "after": lambda: self._from_day("last_day", _day(part)),
            "before": lambda: self._until_day("day", _day(part)),
        }
        if part.field in fielded:
            return fielded[part.field]()
        name = f"{part.field}_words"
        return self._begun((name,), part.text) if part.how == "prefix" else self._words(name, part.text)

    def _every(self, nodes: Iterable[Node]) -> Query:
        """All of them; what is only taken away is taken from everything."""
        clauses = [
            (Occur.MustNot, self.node(one.what)) if isinstance(one, Without) else (Occur.Must, self.node(one))
            for one in nodes
        ]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        return Query.boolean_query(clauses)

    def _text(self, part: Part) -> Query:
        if part.how == "prefix":
            return self._begun(("plain", "provider_words", "group_words", "place_words"), part.text)
        fields = ("plain", *_IN_NAMES) if part.how == "phrase" else tuple(_SEARCHED)
        found = [
            Query.boost_query(self._words(field, part.text), _SEARCHED.get(field, 1.0)) for field in fields
        ]
        return Query.disjunction_max_query(found, 0.1)

    def _begun(self, fields: Iterable[str], beginning: str) -> Query:
        """The words that begin so. An automaton over an odd vocabulary takes 200 ms, the term list none."""
        found = []
        for field in fields:
            stem = _tokens(field, beginning)[0][1]
            words = self.searcher.terms_with_prefix(field, stem, limit=MOST_BEGUN + 1)
            if len(words) > MOST_BEGUN:
                note = f"More than {MOST_BEGUN} words begin with “{beginning}”;"
                self._note(f"{note} the {MOST_BEGUN} most frequent were searched for.")
            if words:
                exact = [word for word, _ in words[:MOST_BEGUN]]
                found.append(Query.term_set_query(self.schema, field, exact))
        return Query.const_score_query(_any(found), 1.0) if found else Query.empty_query()

    def _words(self, field: str, text: str) -> Query:
        """The words in a row."""
        tokens = _tokens(field, text)
        if len(tokens) == 1:
            return Query.term_query(self.schema, field, tokens[0][1])
        first = tokens[0][0]
        return Query.phrase_query(self.schema, field, [(place - first, token) for place, token in tokens])

    def _listed(self, part: Part, allowed: Mapping[str, str]) -> Query:
        known = allowed.get(part.text.lower())
        if known is None:
            told = f"{part.field}:{part.text} means nothing here; write {part.field}: with "
            raise QueryFault(told + ", ".join(allowed), instead=_literally(part))
        return self._exact(part.field or "", known)

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

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _any(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _tokens(field: str, text: str) -> list[tuple[int, str]]:
    return [(token.position, token.text) for token in analyser_of(field).pre_tokenize(text).tokens]


def _literally(part: Part) -> str:
    return f'"{part.field}:{part.text}"'


def _day(part: Part) -> int:
    try:
        return day_number(PartialDate.parse(part.text).span.first)
    except ValueError:
        raise QueryFault(
            f"{part.field}:{part.text} is no date; write {part.field}:2023, {part.field}:2023-05"
            f" or {part.field}:2023-05-17",
            instead=_literally(part),
        ) from None
