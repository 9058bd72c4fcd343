"""Logging in to the panel: without the admin's session only the password form opens."""

import re
from http import HTTPStatus

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from web.access import admin_login, sessions
from web.access.admin_login import Verdict
from web.views.admin import searches
from web.views.admin.frame import blueprint

PANEL_PAGE = re.compile(r"/admin(\.html|/[\w./-]*)(\?[\w.~%&=+-]*)?", re.ASCII)
WRONG = "Пароль не подошёл. Проверьте раскладку и Caps Lock."
WAIT = "Слишком много попыток. Подождите 15 минут и попробуйте ещё раз."
CROWDED = (
    "Сейчас пароль пробует много кто ещё. Попробуйте через несколько секунд "
    "или с устройства, на котором вы уже входили."
)
# what to say, and after how many seconds to come again
REFUSED = {
    Verdict.TOO_MANY: (WAIT, admin_login.WINDOW_S),
    Verdict.CROWDED: (CROWDED, admin_login.SOON_S),
}
BYE = "Вы вышли."


@blueprint.post("/admin.html")
def login() -> AnyResponse:
    """Let in whoever knows the password."""
    if not sessions.has_password():
        return login_page(HTTPStatus.FORBIDDEN)
    verdict = admin_login.try_password(request.form.get("password", ""))
    if verdict in REFUSED:
        words, seconds = REFUSED[verdict]
        page = login_page(HTTPStatus.TOO_MANY_REQUESTS, words)
        page.headers["Retry-After"] = str(int(seconds))
        return page
    if verdict is Verdict.WRONG:
        return login_page(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG)
    next_page = _only_panel_page(request.form.get("next", ""))
    response = redirect(next_page, HTTPStatus.SEE_OTHER)
    sessions.sign_in(response, "admin", "", sessions.password_fingerprint())
    admin_login.remember_device(response)
    return response


@blueprint.post("/admin/exit")
def logout() -> AnyResponse:
    """End the session."""
    searches.forget()
    flash(BYE)
    response = make_response(redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER))
    sessions.sign_out(response, "admin")
    return response


def login_page(status: int = 200, wrong: str = "") -> Response:
    """Return the password form; without a password, how to set one."""
    # the form's CSRF token lives in the session, and shall survive a closed browser
    session.permanent = True
    asked = request.form.get("next", "") or request.args.get("next", "")
    page = render_template(
        "admin/login.html",
        wrong=wrong,
        next=_only_panel_page(asked),
        has_password=sessions.has_password(),
        bare=True,
    )
    return make_response(page, status)


def _only_panel_page(address: str) -> str:
    """Return the address if it is a page of the panel, else the panel's first page.

    A link to the password form may carry any ``next``; it must not lead to another site.
    """
    well_formed = PANEL_PAGE.fullmatch(address)
    if not well_formed or "//" in address or ".." in address:
        return url_for("admin.home")
    return address
