"""Where new pages are found: feeds, sitemaps, listings. Bytes in, leads out; nothing is fetched here."""
