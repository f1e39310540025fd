"""Opaque ids, made from what a record is, so that importing it twice finds the same one."""

import base64
import hashlib
import secrets

_LENGTH = 16  # characters of base32: 80 bits, no collision to fear below a billion records


def opaque_id(kind: str, *natural_key: object) -> str:
    """A stable id such as ``article-k3v…`` for a record that its natural key tells from all others."""
    text = "\x1f".join("" if part is None else str(part) for part in natural_key)
    digest = hashlib.sha256(f"{kind}\x1e{text}".encode()).digest()
    return f"{kind}-{base64.b32encode(digest).decode().lower()[:_LENGTH]}"


def random_id(kind: str) -> str:
    """An id for what has no natural key (a run, a judgement, a session)."""
    return f"{kind}-{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal, the one digest of this project."""
    return hashlib.sha256(content).hexdigest()
