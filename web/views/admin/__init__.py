"""The panel of the company's staff: orders, masters, statistics, health, files for Excel."""

from flask import Flask
from flask_limiter import Limiter

from record.dispatch.price_questions import question_of
from record.values import wording
from web.access import admin_login
from web.access.security import limit_view
from web.present import formats

# importing a module puts its pages on the panel's blueprint
from web.views.admin import (
    export,
    frame,
    health,
    login,
    masters,
    orders,
    overview,
    people,
    price_answer,
    second,
    statistics,
    talks,
)

__all__ = [
    "export",
    "health",
    "login",
    "masters",
    "orders",
    "overview",
    "people",
    "price_answer",
    "register",
    "second",
    "statistics",
    "talks",
]

TRIES = "20/minute"
FILES = "10/minute"


def register(app: Flask, limiter: Limiter) -> None:
    """Put the panel into the site, with limits on passwords and on files to download."""
    app.register_blueprint(frame.blueprint)
    filters = (formats.ago, formats.day, wording.map_url, question_of)
    for template_filter in filters:
        app.add_template_filter(template_filter)
    # the first line against guessing; admin_login.try_password counts what was wrong
    by_device = limiter.limit(TRIES, key_func=admin_login.attempted_by)
    limit_view(app, "admin.login", by_device)
    limit_view(app, "admin.confirm_by_code", by_device)
    # a file of many thousand orders keeps a thread busy while it is made
    limit_view(app, "admin.export", limiter.limit(FILES))
