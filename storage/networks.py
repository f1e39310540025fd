"""Which addresses lie in the public internet: the rule of whatever connects to where others name."""

import ipaddress
from collections.abc import Mapping
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Hosts = Mapping[str, tuple[str, int]]
"""Hosts allowed by name, and the address and port where they are really served."""

WEB_PORTS: Final = frozenset({80, 443, 8080, 8443})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address lies in the public internet, also when it is wrapped in another."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_ip(host: str) -> bool:
    """Whether the host is written as numbers."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
