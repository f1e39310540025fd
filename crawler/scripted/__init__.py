"""Pages that only scripts fill, for sources that say ``javascript = True``."""
