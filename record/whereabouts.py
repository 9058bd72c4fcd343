"""Where an address leads: to this machine, into a private network, or elsewhere. Pure.

The one place that decides it, for addresses as settings, databases, headers and
connections write them: with or without a scheme, a port, brackets or a zone, IPv4
within IPv6, a name, the path of a socket.
"""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAME = "localhost"
# how the path of a socket begins, which only this machine can open
SOCKETS = ("/", "unix:")
PRIVATE = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 fc00::/7 fe80::/10"
# is_private holds more: networks of examples and tests
NETWORKS = tuple(map(ipaddress.ip_network, PRIVATE.split()))


class Place(StrEnum):
    """Where an address leads; of names only this machine's own is known."""

    HERE = "this machine"
    PRIVATE = "a private network"
    ELSEWHERE = "elsewhere, or unknown"


def place_of(written: str) -> Place:
    """Return where an address leads; one that is empty or unreadable is ELSEWHERE."""
    plain = written.strip()
    if plain.startswith(SOCKETS):
        return Place.HERE
    host = _host(plain)
    # a dot at the end says that nothing follows: «localhost.» is the same
    if host.rstrip(".").lower() == NAME:
        return Place.HERE
    address = _number(host)
    if address is None:
        return Place.ELSEWHERE
    if address.is_loopback:
        return Place.HERE
    if any(address in network for network in NETWORKS):
        return Place.PRIVATE
    return Place.ELSEWHERE


def is_here(written: str) -> bool:
    """Return whether an address leads to this very machine."""
    return place_of(written) is Place.HERE


def is_near(written: str) -> bool:
    """Return whether an address is this machine's, or one of a private network."""
    return place_of(written) is not Place.ELSEWHERE


def number(written: str) -> Address | None:
    """Return the address in numbers, as a connection or a header has it, or None."""
    return _number(_bare(written.strip()))


def _host(plain: str) -> str:
    """Return the host alone, of a page's address too: https://x.ru/page is x.ru."""
    if "//" not in plain:
        return _bare(plain)
    try:
        return urlsplit(plain).hostname or ""
    except ValueError:
        return ""


def _bare(plain: str) -> str:
    """Return what is written without its port and brackets: [::1]:80 is ::1."""
    if plain.startswith("["):
        return plain[1:].partition("]")[0]
    is_bare_ipv6 = plain.count(":") > 1
    if is_bare_ipv6:
        return plain
    return plain.partition(":")[0]


def _number(host: str) -> Address | None:
    without_zone = host.partition("%")[0]  # fe80::1%eth0
    try:
        address = ipaddress.ip_address(without_zone)
    except ValueError:
        return None
    # a server that listens on both gets IPv4 as ::ffff:10.0.0.1
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
