"""A small fictional press and regulator, served on loopback and crawled by the real spiders."""
