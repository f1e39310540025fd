"""Articles that lie in files: JSON lines, saved pages, plain text, WARCs; and articles read anew."""
