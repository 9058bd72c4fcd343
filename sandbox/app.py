"""Puts the stand-ins behind one port."""

from flask import Flask
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from sandbox.control import Control, control_blueprint
from sandbox.documents import Documents
from sandbox.faults import FaultInjector, Faults
from sandbox.page import blueprint as page_blueprint
from sandbox.requests_log import DRIVE, SHEETS, TELEGRAM, TOKEN, RequestsLog
from sandbox.sheets.api import not_found
from sandbox.sheets.drive import drive_error
from sandbox.sheets.errors import error_body
from sandbox.sheets.oauth import token_error
from sandbox.sheets.sheets import Sheets
from sandbox.telegram import Telegram
from sandbox.telegram import error_body as telegram_error


def create_app(documents: Documents, *, limits: bool = False) -> Flask:
    """The whole sandbox as one WSGI application.

    With `limits` Telegram's sending rates are kept from the start.
    """
    app = Flask("sandbox", static_folder=None)
    app.url_map.merge_slashes = False  # a tab's title may hold two slashes
    sheets, telegram = Sheets(documents), Telegram(documents, limits=limits)
    faults, log = Faults(), RequestsLog()

    def reset() -> None:
        sheets.reset()
        telegram.reset()
        faults.clear()
        log.reset()

    for blueprint in sheets.blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(telegram.blueprint())
    control = Control(sheets, faults)
    app.register_blueprint(
        control_blueprint(control, reset, lambda: log.summary(telegram.counters()))
    )
    app.register_blueprint(page_blueprint())
    app.register_error_handler(HTTPException, _unknown)
    bodies = {
        SHEETS: lambda status, _: error_body(status),
        DRIVE: lambda status, _: drive_error(status),
        TOKEN: lambda status, _: token_error(status),
        TELEGRAM: telegram_error,
    }
    app.wsgi_app = FaultInjector(app.wsgi_app, faults, log, bodies)  # type: ignore[method-assign]  # Flask's own way
    return app


def _unknown(error: HTTPException) -> Response:
    return (
        not_found()
        if isinstance(error, NotFound)
        else Response(f"{error.name}\n", error.code or 500)
    )
