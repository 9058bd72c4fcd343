"""A master's own page: his orders, new ones, his money. He enters by a link that the
bot sends him.
"""

import time
from datetime import timedelta
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
from record.actions.orders import Outcome
from record.dispatch.model import Master
from record.dispatch.permissions import Act, barred, standing
from record.reports import earnings
from record.values import Status
from record.wording import money
from web.access import sessions
from web.access.security import limit_view, never_cached
from web.forms.master import REASONS, MasterAnswer, read_price, read_reason, refused
from web.present.charts import Series, bar_label, columns, roubles
from web.site import clock, site

blueprint = Blueprint("dashboard", __name__)
blueprint.after_request(never_cached)
OPEN = frozenset({"dashboard.home", "dashboard.enter"})
LIVE = frozenset({"dashboard.live"})
TRIES = "10/minute"
SHOWN, DAYS, LATELY = 30, 14, 5
SUMS = ("сегодня", "эта неделя", "этот месяц")
STALE = (
    "Эта ссылка уже не работает: она на один раз и на 10 минут. Возьмите в боте новую."
)
BYE = "Вы вышли. Чтобы войти снова, возьмите в боте новую ссылку."


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; only links that did not open count against an
    address.
    """
    app.register_blueprint(blueprint)
    misses = limiter.limit(
        TRIES, deduct_when=lambda response: response.status_code == HTTPStatus.GONE
    )
    limit_view(app, "dashboard.enter", misses)


@blueprint.before_request
def _guard() -> AnyResponse | None:
    """Let nobody further than the door without a session; a page left open is led there
    by itself.
    """
    endpoint = request.endpoint or ""
    entered = sessions.signed_in("master", acting=endpoint not in LIVE)
    g.master = entered.master if entered else None
    if g.master or endpoint in OPEN:
        return None
    if request.headers.get("HX-Request"):
        return make_response(
            "", HTTPStatus.NO_CONTENT, {"HX-Redirect": url_for("dashboard.home")}
        )
    return redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)


@blueprint.get("/master-dashboard.html")
def home() -> Response:
    """Show a master his page, to others how to get there; a link is not used up by
    looking at it.
    """
    session.permanent = True
    if link := request.args.get("enter", ""):
        return make_response(render_template("dashboard/login.html", link=link[:100]))
    return (
        _page()
        if g.master
        else make_response(render_template("dashboard/login.html", link=""))
    )


@blueprint.post("/master-dashboard/enter")
def enter() -> AnyResponse:
    """Use the link up and let the master in."""
    with site().store.transaction() as tx:
        taken = tx.links.take(request.form.get("link", ""), time.time())
        master = tx.masters.roster().get(taken[0]) if taken else None
    if (
        taken is None
        or master is None
        or barred(standing(master), Act.DASHBOARD)
        or master.chat != taken[1]
    ):
        return make_response(
            render_template("dashboard/login.html", link="", wrong=STALE),
            HTTPStatus.GONE,
        )
    response = redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)
    sessions.sign_in(response, "master", master.id, str(master.chat))
    return response


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
    return _told(outcome, order_id, f"Заказ № {order_id} ваш. Позвоните клиенту.")


@blueprint.post("/master-dashboard/complete")
def complete() -> AnyResponse:
    """Finish an order at a price, or mend the price of one that is finished."""
    order_id, answer = request.form.get("order", ""), read_price(request.form)
    if answer.wrong or answer.price is None:
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, asked=(order_id, answer))
    outcome = site().actions.complete(order_id, g.master.id, answer.price, answer.said)
    share = outcome.commission or 0
    said = f"Заказ № {order_id} завершён: {money(answer.price)}, вам {money(answer.price - share)}."
    return _told(outcome, order_id, said)


@blueprint.post("/master-dashboard/give-back")
def give_back() -> AnyResponse:
    """Give an order back, with the reason."""
    order_id, answer = request.form.get("order", ""), read_reason(request.form)
    if answer.wrong:
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, asked=(order_id, answer))
    outcome = site().actions.give_back(order_id, g.master.id, answer.reason)
    return _told(
        outcome, order_id, f"Заказ № {order_id} вернули, его предложат другим мастерам."
    )


def _told(outcome: Outcome, order_id: str, said: str) -> AnyResponse:
    """Say what came of an act on the page itself, which shows how things stand now."""
    owner = outcome.owner.name if outcome.owner else ""
    flash(refused(outcome.refusal, order_id[:20], owner) if outcome.refusal else said,
          "bad" if outcome.refusal else "good")  # fmt: skip
    return redirect(url_for("dashboard.home"), HTTPStatus.SEE_OTHER)


def _page(status: int = 200, asked: tuple[str, MasterAnswer] | None = None) -> Response:
    master: Master = g.master
    now = clock()
    with site().store.reading() as tx:
        since = min(
            (now.date().replace(day=1) - timedelta(days=1)).replace(day=1),
            now.date() - timedelta(days=DAYS),
        )
        done = tx.search.finished(master.id, since)
    percent = site().settings.commission.percent
    days = earnings.by_day(done, master, percent, now.date(), DAYS)
    page = render_template(
        "dashboard/home.html",
        master=master,
        asked=asked,
        sums=dict(
            zip(SUMS, earnings.earnings(done, master, percent, now), strict=True)
        ),
        last_month=earnings.last_month(done, master, percent, now.date()),
        chart=columns(
            [bar_label(day, "day") for day in days],
            [Series("на руки", "amber", [one.net for one in days.values()])],
            roubles,
        ),
        lately=done[:LATELY],
        **_orders(master),
    )
    return make_response(page, status)


def _orders(master: Master) -> dict[str, Any]:
    with site().store.reading() as tx:
        mine = tx.orders.find(master_id=master.id, status=Status.WORK, limit=SHOWN)
        new = [] if barred(standing(master), Act.LIST_NEW) else free(tx, clock(), SHOWN)
    return {"mine": mine, "free": new, "now": clock(), "reasons": REASONS}
