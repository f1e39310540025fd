"""Feeds: what is asserted, and no longer, as Atom, RSS and JSON Feed; from records alone to bytes."""
