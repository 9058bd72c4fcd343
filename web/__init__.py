"""The site: pages for clients, served from the mirror; all that it writes is orders."""

import mimetypes

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from record.reports import price_rule
from record.settings import Settings
from record.store import Store
from record.values import wording
from web import assets, compression
from web.access import request_log, security
from web.order_numbers import OrderNumber
from web.present import formats
from web.site import Site, site
from web.views import (
    admin,
    calculator,
    catalog,
    chat,
    dashboard,
    discovery,
    errors,
    health,
    home,
    metrics,
    pages,
    payment,
    track,
)

__all__ = ["create_app"]

BODY_LIMIT = 256 * 1024  # 2,000 emoji, percent-encoded, and the other fields

# a new page goes here (CONTRIBUTING.md, «Add a page»); a page of the panel into admin
VIEWS = (
    home,
    catalog,
    pages,
    discovery,
    calculator,
    track,
    chat,
    payment,
    dashboard,
    admin,
    health,
    metrics,
)
TEMPLATE_FILTERS = (
    formats.phone,
    formats.moment,
    formats.per,
    wording.money,
    wording.percent,
    wording.figure,
    wording.plural,
    price_rule.cost_in_words,
    price_rule.least_beside,
)

# not every system knows fonts, and nosniff forbids a browser to guess
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
    app.url_map.converters["order"] = OrderNumber
    app.extensions["naryad"] = Site.of(settings, store)
    # what is registered first is called last on the way out: the log sees what is sent
    request_log.log_requests(app)
    compression.compress_responses(app)
    errors.register(app)
    limiter = security.protect(app, settings)
    assets.register(app)
    app.context_processor(lambda: {"company": site().settings.company})
    for template_filter in TEMPLATE_FILTERS:
        app.add_template_filter(template_filter)
    for view in VIEWS:
        view.register(app, limiter)
    return app
