"""What the archive may use of the linker: texts linked on the spot, why an article links so, and names."""

from linker.names import NameIndex
from linker.run import LinkedText, explain, link_text

__all__ = ["LinkedText", "NameIndex", "explain", "link_text"]
