"""What keeps strangers' scripts, forged forms and floods away from the site."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from itsdangerous import TimestampSigner
from pydantic import SecretStr

from record.logs import get_logger
from record.settings import Settings
from record.whereabouts import is_near
from web.access.proxies import PEER, BehindProxies, rate_limit_key

log = get_logger(__name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
LONGEST_ADDRESS = 6000  # a calculator of 400 services, sent without a script

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions; the answer to a form can be shown again when one comes back to it.

    A browser keeps such an answer for its Back button alone. It does not show it if the
    answer varies by a cookie that has changed since, as it does once the form is taken,
    but asks whether to send the form again.
    """

    # Why no shared cache mixes people up: whatever a view answers is ``private`` or
    # ``no-store`` (see `_headers_of`), and an answer to a POST is never kept for another.
    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Set the cookie, and let only pages that were asked for vary by it."""
        super().save_session(app, session, response)
        if request.method == "POST":
            # in small letters: Werkzeug drops "Cookie" from its set, not from the header
            response.vary.discard("cookie")


def with_secret(settings: Settings) -> Settings:
    """Return the settings with a key to sign cookies by; an empty one is made up."""
    if settings.secret_key.get_secret_value():
        return settings
    log.warning(
        "SECRET_KEY is empty: forms opened before a restart will have to be sent twice"
    )
    made_up = SecretStr(secrets.token_urlsafe(48))
    return settings.model_copy(update={"secret_key": made_up})


def protect(app: Flask, settings: Settings) -> Limiter:
    """Set up cookies, CSRF and headers; return the limiter of what one address may do."""
    https = settings.web.public_url.startswith("https://")
    headers = HEADERS
    cookie = "naryad"
    if https:
        headers = HEADERS | ONLY_HTTPS
        # a browser takes a cookie of this name from this very host only
        cookie = "__Host-naryad"
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME=cookie,
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
        # the site is one process; what must outlive it is counted in the store
        RATELIMIT_STORAGE_URI="memory://",
    )
    app.session_interface = CookieSessions()
    app.wsgi_app = BehindProxies(app.wsgi_app, settings.web.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way to wrap an app
    limiter = Limiter(client_address, app=app)
    CSRFProtect(app)
    app.before_request(_limit_address_length)
    app.after_request(_headers_of(headers))
    return limiter


def signer(salt: str) -> TimestampSigner:
    """Return what signs with the site's key; what one salt signed fits no other."""
    return TimestampSigner(str(current_app.config["SECRET_KEY"]), salt=salt)


def limit_view(app: Flask, endpoint: str, limit: Any) -> None:
    """Put one of the limiter's limits on a view that is already in the site."""
    # the limiter is made with the app, so it can't decorate views when they are defined
    app.view_functions[endpoint] = limit(app.view_functions[endpoint])


def never_cached(response: Response) -> Response:
    """Let no browser, proxy or search engine keep what is one person's own.

    For ``after_request``.
    """
    never_stored(response).headers["X-Robots-Tag"] = "noindex"
    return response


def never_stored(response: Response) -> Response:
    """Let no browser or proxy keep a page that anybody may find, but each sees his own.

    For ``after_request``.
    """
    response.headers["Cache-Control"] = "no-store"
    return response


def client_address() -> str:
    """Return what counts as one visitor: an IPv4 address, or a household's /64 of IPv6."""
    return rate_limit_key(request.remote_addr or "")


def is_from_private_network() -> bool:
    """Return whether a request comes from this machine or a private network."""
    # one that was passed on may be anybody's
    if any(name in request.headers for name in FORWARDED):
        return False
    return is_near(request.environ.get(PEER, ""))


def has_metrics_token(settings: Settings) -> bool:
    """Return whether a request has METRICS_TOKEN as its bearer token."""
    token = settings.metrics_token.get_secret_value()
    if not token:
        return False
    header = request.headers.get("Authorization", "")
    sent = header.removeprefix("Bearer ").strip()
    return secrets.compare_digest(sent.encode(), token.encode())


def _limit_address_length() -> None:
    # Flask's MAX_CONTENT_LENGTH bounds bodies only
    if len(request.query_string) + len(request.path) > LONGEST_ADDRESS:
        abort(HTTPStatus.REQUEST_URI_TOO_LONG)


def _headers_of(headers: Mapping[str, str]) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        # what a view has set itself stays
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return add
