"""A new source: look at its site, write its file and its example; a person reads these."""
