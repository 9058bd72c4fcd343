"""Logging in to the panel: without a session only the password form opens.

Where staff are named, a right password is not enough: the person says in his own chat
that it is he, and his browser waits for that on a page of its own.
"""

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

from record.logs import get_logger
from record.store.staff import StaffMember, staff_key
from web.access import admin_login, sessions
from web.access.admin_login import Verdict
from web.access.passwords import NOBODYS
from web.site import site
from web.views.admin import searches, second
from web.views.admin.frame import blueprint

log = get_logger(__name__)
PANEL_PAGE = re.compile(r"/admin(\.html|/[\w./-]*)(\?[\w.~%&=+-]*)?", re.ASCII)
WRONG = "Пароль не подошёл. Проверьте раскладку и Caps Lock."
WRONG_PAIR = "Имя или пароль не подошли. Проверьте раскладку и Caps Lock."
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
LONGEST_NAME = 80


@blueprint.post("/admin.html")
def login() -> AnyResponse:
    """Let in whoever knows the password, or ask the person whose name it is."""
    if not sessions.has_password():
        return login_page(HTTPStatus.FORBIDDEN)
    has_names = sessions.has_names()
    kept, member = site().settings.admin_password_hash.get_secret_value(), None
    if has_names:
        member = _named(request.form.get("username", ""))
        # a name that is nobody's costs the same time
        kept = member.password if member else NOBODYS
    verdict = admin_login.try_password(request.form.get("password", ""), kept)
    if verdict in REFUSED:
        words, seconds = REFUSED[verdict]
        page = login_page(HTTPStatus.TOO_MANY_REQUESTS, words)
        page.headers["Retry-After"] = str(int(seconds))
        return page
    if verdict is Verdict.WRONG:
        wrong = WRONG_PAIR if has_names else WRONG
        return login_page(HTTPStatus.UNPROCESSABLE_ENTITY, wrong)
    if member is not None:
        return _ask(member)
    next_page = _only_panel_page(request.form.get("next", ""))
    return second.let_in(next_page, "", sessions.password_fingerprint())


def _named(typed: str) -> StaffMember | None:
    key = staff_key(typed[:LONGEST_NAME].replace("\x00", ""))
    with site().store.reading() as tx:
        return tx.staff.get(key)


def _ask(member: StaffMember) -> AnyResponse:
    """Ask the person whether it is he; the browser waits for his word."""
    refusal = second.ask(member, _only_panel_page(request.form.get("next", "")))
    if isinstance(refusal, str):
        return login_page(HTTPStatus.TOO_MANY_REQUESTS, refusal)
    return refusal


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
        has_names=sessions.has_names(),
        name=request.form.get("username", "")[:LONGEST_NAME],
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
