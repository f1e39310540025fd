"""Another spelling, offered where a search finds little: never imposed, and never a way to find things out.

Only two kinds of words are offered: those of the record's public names (providers, groups, places, outlets,
regulators), and words so frequent in the archive that none can be the name of one home. Nothing with a
digit is, so no postcode and no number; and what is offered is searched for first, so that a word which
only restricted articles hold, or none any more, is not.
"""

from collections.abc import Callable, Iterator
from typing import Final

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from storage.search.fields import ANALYSERS, WORDS
from storage.search.language import Parsed, Part

FEW: Final = 2
"""Hits; where a search finds more, nothing is offered."""
FREQUENT: Final = 10
"""Articles and reports that a word of the text must be in to be offered."""
_NAMED: Final = ("provider_words", "group_words", "place_words", "outlet_words", "regulator_words")
_SHORTEST, _LONG, _MOST_WORDS = 4, 7, 8


class Vocabulary:
    """The words that one state of the index may offer, read when first wanted."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._names: dict[str, int] | None = None
        self._by_letter: dict[str, dict[str, int]] = {}

    def like(self, word: str) -> str | None:
        """The word most like this one by letters left out, added, changed or swapped; None where none is."""
        if len(word) < _SHORTEST or not word.isalpha():
            return None
        known = self._frequent(word[0]) | self._named()
        if known.get(word, 0) >= FREQUENT:
            return None
        most = 2 if len(word) >= _LONG else 1
        found = process.extract(
            word, known.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=20
        )
        ranked = sorted((distance, -known[one], one) for one, distance, _ in found if one != word)
        return ranked[0][2] if ranked else None

    def _frequent(self, letter: str) -> dict[str, int]:
        if letter not in self._by_letter:
            terms = self._searcher.terms_with_prefix("plain", letter)  # most frequent first
            self._by_letter[letter] = dict(_offered(term for term in terms if term[1] >= FREQUENT))
        return self._by_letter[letter]

    def _named(self) -> dict[str, int]:
        if self._names is None:
            self._names = {}
            for field in _NAMED:
                self._names |= dict(_offered(iter(self._searcher.terms_with_prefix(field, ""))))
        return self._names


def other_spelling(parsed: Parsed, vocabulary: Vocabulary, finds: Callable[[str], int]) -> str | None:
    """The query with its unknown words as the vocabulary spells them; None where nothing is like them.

    ``finds`` counts the hits of a query; a word that finds anything by itself is left as it is.
    """
    text = parsed.text
    words = [part for part in parsed.parts if part.how == "word" and _may_be_misspelt(part)]
    changed = False
    for part in sorted(words[:_MOST_WORDS], key=lambda part: -part.span[0]):
        for start, end, token in reversed(_letters(text, part.span)):
            if finds(token) > FEW:
                continue
            if like := vocabulary.like(token):
                text, changed = text[:start] + like + text[end:], True
    return text if changed else None


def _may_be_misspelt(part: Part) -> bool:
    return part.field in (None, "provider", "group", "place", "region", "outlet") and part.span[1] > 0


def _letters(text: str, span: tuple[int, int]) -> list[tuple[int, int, str]]:
    """The words that stand within a span of the query: where, and as the index keeps them."""
    begin, end = span
    found, place = [], begin
    for word in text[begin:end].replace("-", " ").split():
        start = text.index(word, place)
        place = start + len(word)
        tokens = ANALYSERS[WORDS].analyze(word)
        if len(tokens) == 1 and word.isalpha():
            found.append((start, place, tokens[0]))
    return found


def _offered(terms: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((term, count) for term, count in terms if len(term) >= _SHORTEST and term.isalpha())
