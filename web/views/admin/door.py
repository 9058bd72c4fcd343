"""Who may see the panel: everything of it but the password form is behind the admin's
session.
"""

import re
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.settings import Settings
from web.access import sessions
from web.access.security import unsaved
from web.site import site
from web.views.admin import searches

blueprint = Blueprint("admin", __name__)
blueprint.after_request(unsaved)
OPEN = frozenset({"admin.home", "admin.login"})
# what a page asks by itself does not keep a session awake
LIVE = frozenset({"admin.live"})
INSIDE = re.compile(r"/admin(\.html|/[\w./-]*)(\?[\w.~%&=+-]*)?", re.ASCII)
WRONG = "Пароль не подошёл. Проверьте раскладку и Caps Lock."
WAIT = "Слишком много попыток. Подождите 15 минут и попробуйте ещё раз."
CROWDED = (
    "Сейчас пароль пробует много кто ещё. Попробуйте через несколько секунд "
    "или с устройства, на котором вы уже входили."
)
REFUSED = {"wait": (WAIT, sessions.WINDOW_S), "crowd": (CROWDED, sessions.SOON_S)}
BYE = "Вы вышли."


@blueprint.before_request
def _guard() -> AnyResponse | None:
    """Let nobody further than the password form without a session; a page left open is
    led there by itself.
    """
    endpoint = request.endpoint or ""
    g.entered = sessions.who("admin", acting=endpoint not in LIVE)
    if g.entered or endpoint in OPEN:
        return None
    if request.headers.get("HX-Request"):
        return make_response(
            "", HTTPStatus.NO_CONTENT, {"HX-Redirect": url_for("admin.home")}
        )
    asked = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("admin.home", next=asked or None), HTTPStatus.SEE_OTHER)


@blueprint.post("/admin.html")
def login() -> AnyResponse:
    """Let in whoever knows the password."""
    if not sessions.has_password():
        return login_page(HTTPStatus.FORBIDDEN)
    verdict = sessions.try_password(request.form.get("password", ""))
    if verdict in REFUSED:
        words, seconds = REFUSED[verdict]
        page = login_page(HTTPStatus.TOO_MANY_REQUESTS, words)
        page.headers["Retry-After"] = str(int(seconds))
        return page
    if verdict:
        return login_page(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG)
    response = redirect(inside(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    sessions.enter(response, "admin", "", sessions.password_print())
    sessions.remember(response)
    return response


@blueprint.post("/admin/exit")
def logout() -> AnyResponse:
    """End the session."""
    searches.forget()
    flash(BYE)
    response = make_response(redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER))
    sessions.leave(response, "admin")
    return response


def login_page(status: int = 200, wrong: str = "") -> Response:
    """Return the password form; without a password, how to set one."""
    session.permanent = True
    asked = request.form.get("next", "") or request.args.get("next", "")
    page = render_template(
        "admin/login.html",
        wrong=wrong,
        next=inside(asked),
        has_password=sessions.has_password(),
        bare=True,
    )
    return make_response(page, status)


def inside(asked: str) -> str:
    """Return a page of the panel to go to: the one asked for, or its first where that
    is none of ours.
    """
    ours = INSIDE.fullmatch(asked) and "//" not in asked and ".." not in asked
    return asked if ours else url_for("admin.home")


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """Return a page of the panel, with what its frame shows."""
    with site().store.reading() as tx:
        shown["unclear"] = tx.search.unclear()
        shown["overruled"] = staff.overruled(tx)
        shown["hopeful"] = sum(not one.master.active for one in staff.masters(tx))
    shown["sheet_url"] = sheet_url(site().settings)
    return make_response(render_template(f"admin/{template}", **shown), status)


def sheet_url(settings: Settings) -> str:
    """Return where a person opens the spreadsheet."""
    if settings.sheets.api_url:
        return settings.sheets.api_url.rstrip("/") + "/"
    return (
        f"https://docs.google.com/spreadsheets/d/{settings.sheets.spreadsheet_id}/edit"
    )
