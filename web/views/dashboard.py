"""A master's own page: his orders, new ones, his money.

He signs in by a link that the bot sends him.
"""

import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Flask,
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
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record.actions.access import free
from record.actions.base import Outcome
from record.dispatch.model import REASONS_TO_GIVE_BACK, Master
from record.dispatch.permissions import Act, barred, standing
from record.reports import earnings
from record.store import Tx
from record.values import Status
from record.values.wording import known_money, money
from web.access import sessions
from web.access.security import limit_view, never_cached
from web.forms.master import MasterAnswer, read_price, read_reason, refused
from web.present.charts import Series, bar_label, columns, roubles
from web.site import clock, site

blueprint = Blueprint("dashboard", __name__)
blueprint.after_request(never_cached)
WITHOUT_SESSION = frozenset({"dashboard.home", "dashboard.enter"})
# what a page asks by itself does not keep a session awake
LIVE = frozenset({"dashboard.live"})
TRIES = "10/minute"
SHOWN, DAYS, LATELY = 30, 14, 5
SUMS = ("сегодня", "эта неделя", "этот месяц")
STALE = (
    "Эта ссылка уже не работает: она на один раз и на 10 минут. Возьмите в боте новую."
)
BYE = "Вы вышли. Чтобы войти снова, возьмите в боте новую ссылку."


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site.

    Only links that did not open count against an address.
    """
    app.register_blueprint(blueprint)
    misses = limiter.limit(
        TRIES, deduct_when=lambda response: response.status_code == HTTPStatus.GONE
    )
    limit_view(app, "dashboard.enter", misses)


@blueprint.before_request
def _require_session() -> AnyResponse | None:
    """Send whoever has no session to the page that says how to get one."""
    endpoint = request.endpoint or ""
    somebody = sessions.signed_in("master", acting=endpoint not in LIVE)
    g.master = somebody.master if somebody else None
    if g.master or endpoint in WITHOUT_SESSION:
        return None
    if request.headers.get("HX-Request"):
        # htmx would put the page that a redirect leads to into the middle of this one
        return make_response(
            "", HTTPStatus.NO_CONTENT, {"HX-Redirect": url_for("dashboard.home")}
        )
    return redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)


@blueprint.get("/master-dashboard.html")
def home() -> Response:
    """Show a master his page, and to others how to get there."""
    session.permanent = True
    # messengers open links to show a preview, so looking at one does not use it up
    link = request.args.get("enter", "")
    if link:
        return _login_page(link[:100])
    if g.master is None:
        return _login_page()
    return _page()


@blueprint.post("/master-dashboard/enter")
def enter() -> AnyResponse:
    """Use the link up and let the master in."""
    with site().store.transaction() as tx:
        master = _master_of_link(tx, request.form.get("link", ""))
    if master is None:
        return _login_page(wrong=STALE)
    response = redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)
    sessions.sign_in(response, "master", master.id, str(master.chat))
    return response


def _master_of_link(tx: Tx, link: str) -> Master | None:
    """Use a link up; return the master whom it lets in, if it does."""
    taken = tx.links.take(link, time.time())
    if taken is None:
        return None
    master_id, chat = taken
    master = tx.masters.roster().get(master_id)
    if master is None or barred(standing(master), Act.DASHBOARD):
        return None
    # the chat it was sent to is no longer this master's
    if master.chat != chat:
        return None
    return master


def _login_page(link: str = "", wrong: str = "") -> Response:
    """Return the page with a link's button, or with how to get a link."""
    status = HTTPStatus.GONE if wrong else HTTPStatus.OK
    page = render_template("dashboard/login.html", link=link, wrong=wrong)
    return make_response(page, status)


@blueprint.post("/master-dashboard/exit")
def leave() -> AnyResponse:
    """End the session."""
    flash(BYE)
    response = make_response(redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER))
    sessions.sign_out(response, "master")
    return response


@blueprint.get("/master-dashboard/live")
def live() -> AnyResponse:
    """Return the orders as they stand."""
    return make_response(render_template("dashboard/orders.html", **_orders(g.master)))


@blueprint.post("/master-dashboard/accept")
def accept() -> AnyResponse:
    """Take an order, if nobody has it."""
    order_id = request.form.get("order", "")
    outcome = site().actions.accept(order_id, g.master.id)
    done = f"Заказ № {order_id} ваш. Позвоните клиенту."
    return _report(outcome, order_id, done)


@blueprint.post("/master-dashboard/complete")
def complete() -> AnyResponse:
    """Finish an order at a price, or correct the price of one that is finished."""
    order_id = request.form.get("order", "")
    with site().store.reading() as tx:
        usual = tx.orders.usual_price_for(order_id)
    answer = read_price(request.form, usual)
    # whose order it is not is told so, not what such orders cost
    if answer.sure and not site().actions.may_price(order_id, g.master.id):
        answer = replace(answer, wrong="", price=Decimal(answer.sure))
    if answer.wrong or answer.price is None:
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, asked=(order_id, answer))
    outcome = site().actions.complete(order_id, g.master.id, answer.price, answer.said)
    net = answer.price - (outcome.commission or 0)
    done = f"Заказ № {order_id} завершён: {money(answer.price)}, вам {money(net)}."
    if outcome.finished:
        before, after = known_money(outcome.before), money(answer.price)
        done = f"Заказ № {order_id} завершён: было {before}, стало {after}, вам {money(net)}."
    return _report(outcome, order_id, done)


@blueprint.post("/master-dashboard/give-back")
def give_back() -> AnyResponse:
    """Give an order back, with the reason."""
    order_id = request.form.get("order", "")
    answer = read_reason(request.form)
    if answer.wrong:
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, asked=(order_id, answer))
    outcome = site().actions.give_back(order_id, g.master.id, answer.reason)
    done = f"Заказ № {order_id} вернули, его предложат другим мастерам."
    return _report(outcome, order_id, done)


def _report(outcome: Outcome, order_id: str, done: str) -> AnyResponse:
    """Lead to the page, which says what came of an act and shows how things stand now."""
    if outcome.refusal:
        owner = outcome.owner.name if outcome.owner else ""
        flash(refused(outcome.refusal, order_id[:20], owner), "bad")
    else:
        flash(done, "good")
    return redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)


def _page(status: int = 200, asked: tuple[str, MasterAnswer] | None = None) -> Response:
    """Return the master's page; ``asked`` is an answer that he must correct."""
    master: Master = g.master
    page = render_template(
        "dashboard/home.html",
        master=master,
        asked=asked,
        **_money_of(master),
        **_orders(master),
    )
    return make_response(page, status)


def _money_of(master: Master) -> dict[str, Any]:
    """Return what the page shows of a master's money."""
    now = clock()
    today = now.date()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    with site().store.reading() as tx:
        since = min(last_month, today - timedelta(days=DAYS))
        done = tx.search.finished(master.id, since)
    percent = site().settings.commission.percent
    sums = earnings.earnings(done, master, percent, now)
    days = earnings.by_day(done, master, percent, today, DAYS)
    return {
        "sums": dict(zip(SUMS, sums, strict=True)),
        "last_month": earnings.last_month(done, master, percent, today),
        "chart": columns(
            [bar_label(day, "day") for day in days],
            [Series("на руки", "amber", [one.net for one in days.values()])],
            roubles,
        ),
        "lately": done[:LATELY],
    }


def _orders(master: Master) -> dict[str, Any]:
    """Return what the page shows of orders: the master's own, and those he may take."""
    new = []
    with site().store.reading() as tx:
        mine = tx.orders.find(master_id=master.id, status=Status.WORK, limit=SHOWN)
        if not barred(standing(master), Act.LIST_NEW):
            new = free(tx, clock(), SHOWN)
    return {"mine": mine, "free": new, "now": clock(), "reasons": REASONS_TO_GIVE_BACK}
