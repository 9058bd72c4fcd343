"""The visitor's address and scheme from what proxies say, believing only our own ones."""

# Why not werkzeug's ProxyFix: it believes a fixed number of hops, whoever the peer is.
# With or without nginx before the site a visitor could then claim any address, and with
# it get round every limit.

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from record.logs import get_logger
from record.settings.addresses import Network
from record.whereabouts import Address, is_here, is_near, number

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = get_logger(__name__)

# in the environment of a request: who really holds the other end of the connection
PEER = "naryad.peer"
SCHEMES = frozenset({"http", "https"})
UNKNOWN_PROXIES = 20  # are warned about, at most
# bits of an IPv6 address that one household gets: within them it has as many addresses
# as it likes
HOUSEHOLD = 64


class BehindProxies:
    """A WSGI application whose requests bear the visitor's own address and scheme."""

    def __init__(self, app: "WSGIApplication", trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted
        self._warned_about: set[str] = set()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        peer = str(environ.get("REMOTE_ADDR", ""))
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
        environ[PEER] = peer
        if is_trusted_proxy(peer, self._trusted):
            environ["REMOTE_ADDR"] = real_client(peer, forwarded, self._trusted)
            _set_scheme(environ)
        elif forwarded:
            self._warn_about(peer)
        return self._app(environ, start_response)

    def _warn_about(self, peer: str) -> None:
        """Log once that a proxy is not in the settings: its visitors count as one then."""
        # anybody on the internet may send the header; only a near peer may be a proxy
        if not is_near(peer) or peer in self._warned_about:
            return
        if len(self._warned_about) >= UNKNOWN_PROXIES:
            return
        self._warned_about.add(peer)
        log.warning(
            "proxy_unknown",
            address=peer,
            hint="put it into web.trusted_proxies if it is yours",
        )


def _set_scheme(environ: "WSGIEnvironment") -> None:
    # the last one is what the proxy nearest to us said
    said = str(environ.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2]
    scheme = said.strip().lower()
    if scheme not in SCHEMES:
        scheme = environ.get("wsgi.url_scheme", "http")
    environ["wsgi.url_scheme"] = scheme


def real_client(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Return the last address of X-Forwarded-For that is none of our proxies.

    Each proxy adds on the right whom it speaks with, so whatever stands left of a
    stranger is the stranger's own word. A peer that is no proxy of ours is the client,
    whatever it says; this machine is always one of ours.
    """
    networks = tuple(trusted)
    nearest = number(peer)
    if nearest is None:
        return peer
    for hop in reversed(forwarded.split(",")):
        if not _is_ours(nearest, networks):
            break
        named = number(hop)
        if named is None:  # no address: nobody knows who stands behind the last proxy
            break
        nearest = named
    return str(nearest)


def is_trusted_proxy(peer: str, trusted: Iterable[Network]) -> bool:
    """Return whether a peer may say for whom it asks."""
    address = number(peer)
    return address is not None and _is_ours(address, tuple(trusted))


def rate_limit_key(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or a household's /64 of IPv6."""
    found = number(address)
    if found is None:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False))
    return str(found)


def _is_ours(address: Address, trusted: tuple[Network, ...]) -> bool:
    if is_here(str(address)):
        return True
    return any(address in network for network in trusted)
