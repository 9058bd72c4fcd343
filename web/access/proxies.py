"""Who asks: the visitor's address from what proxies say, believing only our own ones.
Pure.
"""

import ipaddress
from collections.abc import Iterable

from record.settings.addresses import Network
from record.whereabouts import Address, is_here, number

# bits of an IPv6 address that one household gets: within them it has as many addresses
# as it likes
HOUSEHOLD = 64


def real_client(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Return the address of whoever asks: the last one of X-Forwarded-For that is none
    of our proxies.

    Each proxy adds on the right whom it speaks with, so whatever stands left of a
    stranger is his own word. A peer that is no proxy of ours is the one who asks,
    whatever it says; this machine is always one of ours.
    """
    networks, nearest = tuple(trusted), number(peer)
    if nearest is None:
        return peer
    for hop in reversed(forwarded.split(",")):
        if not _ours(nearest, networks):
            break
        named = number(hop)
        if named is None:  # no address: nobody knows who stands behind the last proxy
            break
        nearest = named
    return str(nearest)


def is_trusted_proxy(peer: str, trusted: Iterable[Network]) -> bool:
    """Say whether a peer may say for whom it asks."""
    address = number(peer)
    return address is not None and _ours(address, tuple(trusted))


def rate_limit_key(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that a household
    gets of IPv6.
    """
    found = number(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False))
    return address if found is None else str(found)


def _ours(address: Address, trusted: tuple[Network, ...]) -> bool:
    return is_here(str(address)) or any(address in network for network in trusted)
