"""Who asks: the visitor's address from what proxies say, believing only our own ones. Pure."""

import ipaddress
from collections.abc import Iterable

from record.settings.addresses import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PRIVATE = "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1 fc00::/7 fe80::/10"
NEAR = tuple(map(ipaddress.ip_network, PRIVATE.split()))  # is_private holds more: networks of examples and tests
HOUSEHOLD = 64  # bits of an IPv6 address that one household gets: within them it has as many addresses as it likes


def asker(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Return the address of whoever asks: the last one of X-Forwarded-For that is none of our proxies.

    Each proxy adds on the right whom it speaks with, so whatever stands left of a stranger is his own word. A peer
    that is no proxy of ours is the one who asks, whatever it says; this machine is always one of ours.
    """
    networks, nearest = tuple(trusted), read(peer)
    if nearest is None:
        return peer
    for hop in reversed(forwarded.split(",")):
        if not _ours(nearest, networks):
            break
        named = read(hop)
        if named is None:  # no address: nobody knows who stands behind the last proxy
            break
        nearest = named
    return str(nearest)


def is_trusted(peer: str, trusted: Iterable[Network]) -> bool:
    """Say whether a peer may say for whom it asks."""
    address = read(peer)
    return address is not None and _ours(address, tuple(trusted))


def is_near(address: str) -> bool:
    """Say whether an address is this machine's, or one of a private network."""
    found = read(address)
    return found is not None and any(found in network for network in NEAR)


def visitor(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that a household gets of IPv6."""
    found = read(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False))
    return address if found is None else str(found)


def read(written: str) -> Address | None:
    """Return an address as a header may hold it: with a port, in brackets, with a zone, IPv4 within IPv6."""
    plain = written.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ipaddress.ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _ours(address: Address, trusted: tuple[Network, ...]) -> bool:
    return address.is_loopback or any(address in network for network in trusted)
