"""From an article to the record it is about: clues, candidates, weights, decision."""
