"""Addresses as people write them into settings: networks and proxies. Pure."""

import json
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

LISTED = 'адреса или сети списком, например ["10.0.0.5", "192.168.0.0/16"]'


def networks(written: Any) -> tuple[Network, ...]:
    """Return the networks of a list, or of one line as the environment holds it: JSON, or divided by commas.

    Raises:
        ValueError: in Russian: one is no network, or it is the whole internet.
    """
    return tuple(_network(one) for one in _parts(written))


def _parts(written: Any) -> list[Any]:
    if isinstance(written, list | tuple):
        return list(written)
    if not isinstance(written, str):
        raise ValueError(LISTED)  # noqa: TRY004  pydantic explains a ValueError only
    if not written.strip().startswith("["):
        return written.replace(",", " ").split()
    try:
        return list(json.loads(written))
    except ValueError:
        raise ValueError(LISTED) from None


def _network(written: Any) -> Network:
    if isinstance(written, IPv4Network | IPv6Network):
        return written
    try:
        found = ip_network(str(written).strip())
    except ValueError:
        raise ValueError(f"«{written}» — не адрес и не сеть: нужны {LISTED}") from None
    if not found.prefixlen:
        raise ValueError(f"{found} — это весь интернет: впишите адрес своего балансировщика или nginx")
    return found
