"""Full-text search over articles and reports: one tantivy index beside the store, fed by one indexer."""
