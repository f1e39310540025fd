"""What the archive may use of the linker: a text linked on the spot, and why an article links as it does."""

from linker.run import LinkedText, explain, link_text

__all__ = ["LinkedText", "explain", "link_text"]
