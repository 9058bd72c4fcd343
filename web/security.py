"""What keeps strangers' scripts, forged forms and floods away from the site."""

import ipaddress
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from pydantic import SecretStr
from werkzeug.middleware.proxy_fix import ProxyFix

from record.logs import get_logger
from record.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = get_logger(__name__)
NEAR = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_QUERY = 6000  # a calculator of 400 services, sent without a script

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # a tracking page's address holds its key
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def with_secret(settings: Settings) -> Settings:
    """Return the settings with a key to sign cookies by; without SECRET_KEY a new one is made at each start."""
    if settings.secret_key.get_secret_value():
        return settings
    log.warning("SECRET_KEY is empty: forms opened before a restart will have to be sent twice")
    return settings.model_copy(update={"secret_key": SecretStr(secrets.token_urlsafe(48))})


def protect(app: Flask, settings: Settings) -> Limiter:
    """Set up cookies, CSRF and headers; return the limiter by which views bound what one address may do."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="naryad",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web.public_url.startswith("https://"),
        SESSION_REFRESH_EACH_REQUEST=False,  # a page that polls must not put an older session back
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        WTF_CSRF_TIME_LIMIT=None,  # a form left open on a phone overnight still works
        WTF_CSRF_SSL_STRICT=False,  # people whose browser hides the referrer may order too
        RATELIMIT_STRATEGY="moving-window",
        RATELIMIT_STORAGE_URI="memory://",
    )
    app.wsgi_app = BehindNginx(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap an app
    limiter = Limiter(client_address, app=app)
    CSRFProtect(app)
    app.before_request(_bound_address)
    app.after_request(_add_headers)
    return limiter


def bound(app: Flask, endpoint: str, limit: Any) -> None:
    """Put one of the limiter's limits on a view that is already in the site."""
    app.view_functions[endpoint] = limit(app.view_functions[endpoint])


def is_near(address: str) -> bool:
    """Say whether an address such as http://127.0.0.1:8000 leads to this very machine."""
    return urlsplit(address).hostname in NEAR


def unsaved(response: Response) -> Response:
    """Let no browser, proxy or search engine keep an answer that is one person's own; for ``after_request``."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def client_address() -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that a household gets of IPv6."""
    shown = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(shown.partition("%")[0])
    except ValueError:
        return shown
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _bound_address() -> None:
    if len(request.query_string) + len(request.path) > LONGEST_QUERY:
        abort(414)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


class BehindNginx:
    """Believes X-Forwarded-For and -Proto, one hop of them, and only from this very machine."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._direct = app
        self._forwarded = ProxyFix(app, x_for=1, x_proto=1, x_host=0)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        app = self._forwarded if _is_loopback(str(environ.get("REMOTE_ADDR", ""))) else self._direct
        return app(environ, start_response)


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
