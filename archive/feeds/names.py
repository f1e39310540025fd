"""Names of feeds and entries that stay the same wherever they are read: tag URIs, or UUIDs without a host."""

import re
import uuid
from typing import Final
from urllib.parse import quote, urlsplit

_SINCE: Final = "2026-01-01"  # a tag URI names a day on which the host was ours; it is never moved
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def name_of(base_url: str | None, *parts: str | int) -> str:
    """``tag:host,2026-01-01:setting/…`` (RFC 4151) by the host people use, or ``urn:uuid:…`` without one."""
    specific = "/".join(quote(str(part), safe="") for part in parts)
    host = (urlsplit(base_url).hostname or "") if base_url else ""
    if not _HOST.fullmatch(host):
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'onrecord:{specific}')}"
    return f"tag:{host},{_SINCE}:{specific}"
