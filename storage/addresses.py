"""When two addresses are one document: order, tracking, case, ports and fragments tell nothing apart."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from courlan import normalize_url

# courlan's own list of trackers drops any parameter that begins with "cid", "ref", "ga" or "source", which
# tell documents apart on council and newspaper sites; only names that never do are dropped here.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|oly|vero|itm|at)_.+"
    r"|fbclid|gclid|dclid|yclid|twclid|ttclid|msclkid|igshid|wbraid|gbraid|srsltid|gclsrc|mc_cid|mc_eid"
    r"|_ga|_gl|_hsenc|_hsmi|mkt_tok|ref_src|ref_url|xtor|ocid|cmp|cmpid|ito|icid|int_cmp"
    r"|ns_mchannel|ns_source|ns_campaign|ns_linkname",
    re.IGNORECASE,
)
_WHENCE = re.compile(r"ref|source|src|from|via|service", re.IGNORECASE)
_CHANNEL = re.compile(
    r"rss|feed|twitter|x|facebook|fb|whatsapp|linkedin|google|email|newsletter|push|app|share|home(?:page)?",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


def canonical(url: str) -> str:
    """The spelling that all addresses of one document share; never fetched, only compared.

    The scheme, the fragment, a default port, a trailing slash, the order of parameters and tracking
    parameters do not matter; every other parameter does. What is no web address is left as it is.
    """
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        if "/." in parts.path and not parts.path.startswith("//"):
            parts = parts._replace(path=urlsplit(urljoin("https://any/", parts.path)).path)
        host_and_path = normalize_url(
            parts._replace(query="", fragment=""), strict=True, trailing_slash=False
        )
    except ValueError:
        return stripped
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return stripped
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _tracks(name, value)
    ]
    query.sort(key=lambda pair: pair[0])
    path = _ESCAPE.sub(lambda found: found.group().upper(), host_and_path.split("://", 1)[1])
    return "https://" + path.rstrip("/") + (f"?{urlencode(query)}" if query else "")


def _tracks(name: str, value: str) -> bool:
    """Whether a parameter says only where the reader came from."""
    return bool(_TRACKING.fullmatch(name) or (_WHENCE.fullmatch(name) and _CHANNEL.fullmatch(value)))


def host(url: str) -> str:
    """The lower-case host of a web address, without its port; empty for anything else."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_on(url: str, hosts: Iterable[str]) -> bool:
    """Whether a web address is on one of some hosts, or on one below these (``www.`` aside, on either)."""
    name = host(url)
    bare = [one.removeprefix("www.") for one in hosts]
    return any(name == one or name.endswith(f".{one}") for one in bare)
