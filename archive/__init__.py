"""The web archive: where people search, look and decide."""
