"""The page on which a browser waits until its person says in his chat that it is he."""

import time
from http import HTTPStatus
from typing import Any

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadSignature
from werkzeug.wrappers import Response as AnyResponse

from record.actions.second_factor import SecondFactor
from record.logs import get_logger
from record.store import Tx
from record.store.facts import alive
from record.store.staff import ENTRY_S, StaffEntry, StaffMember
from record.values.codes import code_of, typed_code
from record.watch.health import ALIVE_S
from web.access import admin_login, sessions
from web.access.security import client_address, signer
from web.access.sessions import cookie_name, put_cookie
from web.present.browsers import browser
from web.present.tracking import bot_name
from web.site import site
from web.views.admin.frame import blueprint

log = get_logger(__name__)
SALT = "naryad entry's next page"
COOKIE_S = 900.0
TOO_OFTEN = (
    "Слишком много запросов подтверждения. Подождите 15 минут или войдите с устройства, "
    "на котором уже входили."
)
JUST_REFUSED = (
    "Вход под этим именем только что отклонили в Telegram. Если это вышло по ошибке, подождите 15 минут "
    "или попросите код: python -m web staff code на сервере."
)
WRONG_CODE = (
    "Код не подошёл. Он из восьми знаков, например K7MN-4Q5T, и действует один раз."
)
NO_MORE_CODES = "Слишком много неверных кодов. Введите пароль ещё раз."
LATE = "Вход не подтвердили за 5 минут. Попробуйте ещё раз."
REFUSED = (
    "В Telegram ответили «Это не я». Если это вышло по ошибке, подождите 15 минут."
)


def ask(member: StaffMember, next_page: str) -> AnyResponse | str:
    """Ask a person whether it is he; return where he waits, or why he is not asked."""
    acts = _acts()
    if acts.was_refused(member.key):
        return JUST_REFUSED
    if not admin_login.may_ask(member.key):
        return TOO_OFTEN
    named = browser(request.headers.get("User-Agent", ""))
    secret = acts.begin(member, client_address(), named)
    response = redirect(url_for("admin.confirm"), HTTPStatus.SEE_OTHER)
    # signed: where to go on to must not be anybody else's choice
    signed = signer(SALT).sign(f"{secret}|{next_page}").decode()
    put_cookie(response, "entry", signed, COOKIE_S)
    return response


def let_in(next_page: str, subject: str, bound: str) -> AnyResponse:
    """Let this browser into the panel, and know it again."""
    response = redirect(next_page, HTTPStatus.SEE_OTHER)
    sessions.sign_in(response, "admin", subject, bound)
    admin_login.remember_device(response)
    log.info("admin_entered", by=admin_login.attempted_by())
    return response


@blueprint.get("/admin/confirm")
def confirm() -> AnyResponse:
    """Show what the person has to do, and let him in once he has done it."""
    secret, next_page = _waited_for()
    member = _acts().enter(secret)
    if member is not None:
        return _enter(member, next_page)
    return _waiting_page(secret)


@blueprint.get("/admin/confirm/live")
def confirm_live() -> AnyResponse:
    """Tell a waiting page by itself that something has come of it."""
    secret, _ = _waited_for()
    with site().store.reading() as tx:
        entry = tx.entries.find(secret)
        if entry is not None and entry.is_open(time.time()):
            shown = _shown(tx, entry, secret)
            return make_response(render_template("admin/confirm-live.html", **shown))
    moved = {"HX-Redirect": url_for("admin.confirm")}
    return make_response("", HTTPStatus.NO_CONTENT, moved)


@blueprint.post("/admin/confirm")
def confirm_by_code() -> AnyResponse:
    """Let a person in by a code of the server's command line."""
    secret, next_page = _waited_for()
    code = typed_code(request.form.get("code", "")[:40])
    member, again = _acts().enter_by_code(secret, code)
    if member is not None:
        return _enter(member, next_page)
    if again:
        return _waiting_page(secret, WRONG_CODE)
    flash(NO_MORE_CODES, "bad")
    return redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER)


def _enter(member: StaffMember, next_page: str) -> AnyResponse:
    response = let_in(next_page, member.key, member.bound)
    put_cookie(response, "entry", "", 0)
    return response


def _waiting_page(secret: str, wrong: str = "") -> AnyResponse:
    with site().store.reading() as tx:
        entry = tx.entries.find(secret)
        if entry is not None and entry.is_open(time.time()):
            shown = _shown(tx, entry, secret)
            page = render_template(
                "admin/confirm.html", wrong=wrong, bare=True, **shown
            )
            status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
            return make_response(page, status)
    if entry is not None:
        flash(REFUSED if entry.state == "refused" else LATE, "bad")
    return redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER)


def _shown(tx: Tx, entry: StaffEntry, secret: str) -> dict[str, Any]:
    """Return what the page says: whom the bot has asked, or which code ties his chat."""
    member = tx.staff.get(entry.key)
    beat = tx.facts.get(alive("bot.master"))
    bot = bot_name(beat)
    code = ""
    if member is not None and member.chat is None:
        code = code_of(secret)
    link = f"https://t.me/{bot}?start={code}" if bot and code else ""
    return {
        "name": member.name if member else "",
        "code": code,
        "bot": bot,
        "link": link,
        "undelivered": _is_undelivered(tx, entry),
        "silent": beat is None or time.time() - beat["at"] > ALIVE_S,
        "minutes": max(1, round((ENTRY_S - (time.time() - entry.made_at)) / 60)),
    }


def _is_undelivered(tx: Tx, entry: StaffEntry) -> bool:
    return tx.outbox.state_of(f"entry:{entry.id}:{int(entry.made_at)}") == "failed"


def _waited_for() -> tuple[str, str]:
    """Return what this browser waits by, and where it goes on to; "" where it does not."""
    cookie = request.cookies.get(cookie_name("entry"), "")
    try:
        kept = signer(SALT).unsign(cookie, max_age=int(COOKIE_S)).decode()
    except (BadSignature, UnicodeDecodeError):
        return "", url_for("admin.home")
    secret, _, next_page = kept.partition("|")
    return secret, next_page


def _acts() -> SecondFactor:
    return SecondFactor(site().store, site().settings)
