"""The panel of the company's staff: orders, masters, statistics, health, files for
Excel.
"""

from flask import Flask
from flask_limiter import Limiter

from record import wording
from web.access import sessions
from web.access.security import bound
from web.present import formats
from web.views.admin import (
    door,
    export,
    health,
    masters,
    orders,
    overview,
    statistics,
    talks,
)

__all__ = [
    "door",
    "export",
    "health",
    "masters",
    "orders",
    "overview",
    "register",
    "statistics",
    "talks",
]

TRIES, FILES = "20/minute", "10/minute"


def register(app: Flask, limiter: Limiter) -> None:
    """Put the panel into the site, with limits on trying passwords and on files, which
    are much work.
    """
    app.register_blueprint(door.blueprint)
    for show in (formats.ago, formats.day, wording.map_url):
        app.add_template_filter(show)
    bound(app, "admin.login", limiter.limit(TRIES, key_func=sessions.tried_by))
    bound(app, "admin.export", limiter.limit(FILES))
