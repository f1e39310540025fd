"""The API, version 1: JSON for programs that hold a token; one file a noun, each endpoint declared once."""
