"""What keeps strangers' scripts, forged forms and floods away from the site."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from pydantic import SecretStr

from record.logs import get_logger
from record.settings import Settings
from record.settings.addresses import Network
from record.whereabouts import is_near
from web.access import proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = get_logger(__name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
# in the environment of a request: who really holds the other end of the connection
PEER = "naryad.peer"
SCHEMES = frozenset({"http", "https"})
STRANGERS = 20  # proxies to ask about, at most
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
    # messengers fetch previews by themselves, in no page of others
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}


def with_secret(settings: Settings) -> Settings:
    """Return the settings with a key to sign cookies by; without SECRET_KEY a new one
    is made at each start.
    """
    if settings.secret_key.get_secret_value():
        return settings
    log.warning(
        "SECRET_KEY is empty: forms opened before a restart will have to be sent twice"
    )
    return settings.model_copy(
        update={"secret_key": SecretStr(secrets.token_urlsafe(48))}
    )


def protect(app: Flask, settings: Settings) -> Limiter:
    """Set up cookies, CSRF and headers; return the limiter by which views bound what
    one address may do.
    """
    https = settings.web.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        # a browser takes it from this very host only
        SESSION_COOKIE_NAME="__Host-naryad" if https else "naryad",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        # a page that polls must not put an older session back
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        WTF_CSRF_TIME_LIMIT=None,  # a form left open on a phone overnight still works
        # people whose browser hides the referrer may order too
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STRATEGY="moving-window",
        RATELIMIT_STORAGE_URI="memory://",
    )
    app.wsgi_app = BehindProxies(app.wsgi_app, settings.web.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way to wrap an app
    limiter = Limiter(client_address, app=app)
    CSRFProtect(app)
    app.before_request(_bound_address)
    app.after_request(_headers_of(HEADERS | ONLY_HTTPS if https else HEADERS))
    return limiter


def limit_view(app: Flask, endpoint: str, limit: Any) -> None:
    """Put one of the limiter's limits on a view that is already in the site."""
    app.view_functions[endpoint] = limit(app.view_functions[endpoint])


def never_cached(response: Response) -> Response:
    """Let no browser, proxy or search engine keep an answer that is one person's own;
    for ``after_request``.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def client_address() -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that a household
    gets of IPv6.
    """
    return proxies.rate_limit_key(request.remote_addr or "")


def is_from_private_network() -> bool:
    """Say whether a request comes from this machine or a private network; one that was
    passed on may be anybody's.
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    return is_near(request.environ.get(PEER, ""))


def has_metrics_token(settings: Settings) -> bool:
    """Say whether a request names METRICS_TOKEN as its bearer's."""
    token = settings.metrics_token.get_secret_value()
    said = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return bool(token) and secrets.compare_digest(said.encode(), token.encode())


def _bound_address() -> None:
    if len(request.query_string) + len(request.path) > LONGEST_QUERY:
        abort(414)


def _headers_of(headers: Mapping[str, str]) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return add


class BehindProxies:
    """Puts the visitor's address and scheme in the place of those of a proxy of ours
    that passes them on.
    """

    def __init__(self, app: "WSGIApplication", trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted
        self._strange: set[str] = set()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        peer = environ[PEER] = str(environ.get("REMOTE_ADDR", ""))
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
        if proxies.is_trusted_proxy(peer, self._trusted):
            environ["REMOTE_ADDR"] = proxies.real_client(peer, forwarded, self._trusted)
            scheme = (
                str(environ.get("HTTP_X_FORWARDED_PROTO", ""))
                .rpartition(",")[2]
                .strip()
                .lower()
            )
            environ["wsgi.url_scheme"] = (
                scheme if scheme in SCHEMES else environ.get("wsgi.url_scheme", "http")
            )
        elif forwarded:
            self._ask_about(peer)
        return self._app(environ, start_response)

    def _ask_about(self, peer: str) -> None:
        """Say once that a proxy is not in the settings: all its visitors count as one
        then.
        """
        if (
            is_near(peer)
            and peer not in self._strange
            and len(self._strange) < STRANGERS
        ):
            self._strange.add(peer)
            log.warning(
                "proxy_unknown",
                address=peer,
                hint="put it into web.trusted_proxies if it is yours",
            )
