"""The site: pages for clients, served from the mirror; the one thing it writes is an
order.
"""

import mimetypes

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from record import wording
from record.settings import Settings
from record.store import Store
from web import assets, compression
from web.access import request_log, security
from web.present import formats
from web.site import Site, site
from web.views import (
    admin,
    calculator,
    catalog,
    chat,
    dashboard,
    errors,
    health,
    home,
    metrics,
    pages,
    payment,
    services,
    track,
)

__all__ = ["create_app"]

BODY_LIMIT = 256 * 1024  # 2,000 emoji, percent-encoded, and the other fields

mimetypes.add_type("font/woff2", ".woff2")


class Json(DefaultJSONProvider):
    """JSON for people to read: Russian as it is, keys as they were put."""

    ensure_ascii = False
    sort_keys = False


def create_app(settings: Settings, store: Store) -> Flask:
    """Return the site on an open store; it never talks to Google."""
    settings = security.with_secret(settings)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.json = Json(app)
    app.extensions["naryad"] = Site.of(settings, store)
    request_log.log_requests(app)
    compression.pack_pages(app)
    errors.register(app)
    limiter = security.protect(app, settings)
    assets.register(app)
    _speak(app)
    app.register_blueprint(pages.blueprint)
    for view in (
        home,
        catalog,
        services,
        calculator,
        track,
        chat,
        payment,
        dashboard,
        admin,
        health,
        metrics,
    ):
        view.register(app, limiter)
    return app


def _speak(app: Flask) -> None:
    """Give templates the company, and how things are shown."""
    app.context_processor(lambda: {"company": site().settings.company})
    for show in (
        formats.phone,
        formats.moment,
        formats.figure,
        formats.per,
        wording.money,
        wording.percent,
        wording.plural,
    ):
        app.add_template_filter(show)
