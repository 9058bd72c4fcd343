"""The first page with the order form, and the page that says that the order was taken."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_limiter import Limiter
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from record.errors import StoreError
from record.logs import get_logger
from record.model import read_service
from record.worksheets import SERVICES
from web.consent import CONSENT_VERSION
from web.forms import LIMITS, TRAP, TRAPPED, OrderForm, clean, read_order_form, trapped
from web.security import bound
from web.shown import greeting
from web.site import site, site_of

log = get_logger(__name__)
blueprint = Blueprint("home", __name__)
UNSAVED = "Не получилось сохранить заявку. Всё, что вы написали, на месте: отправьте ещё раз или позвоните нам."
CHECK = "Проверьте, пожалуйста, отмеченные поля. Остальное мы сохранили."
PREFILLED = ("category", "problem")


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; only orders that were taken count against an address's limit."""
    app.register_blueprint(blueprint)
    per_minute = site_of(app).settings.web.orders_per_minute
    taken = limiter.limit(f"{per_minute}/minute", deduct_when=lambda response: response.status_code == 303)
    bound(app, "home.order", taken)


@blueprint.get("/")
@blueprint.get("/index.html")
def index() -> Response:
    """Show the greeting and an empty order form; a link from the catalog may fill some of it."""
    typed = {name: clean(request.args.get(name, ""), LIMITS[name]) for name in PREFILLED}
    return order_page(OrderForm(typed, token=secrets.token_urlsafe(12)))


@blueprint.post("/")
@blueprint.post("/index.html")
@blueprint.post("/order")
def order() -> AnyResponse:
    """Take an order, or show the form again with what is wrong beside each field."""
    form = _sent(request.form)
    if trapped(request.form):
        return order_page(form, 422, TRAPPED)
    if form.errors:
        return order_page(form, 422, CHECK)
    try:
        placed = site().actions.place_order(form.draft(), once=form.once(session.get("csrf_token", "")))
    except StoreError as error:
        log.critical("order_not_saved", error=str(error))
        return order_page(form, 503, UNSAVED)
    log.info("order_placed", order=placed.id, consent=CONSENT_VERSION)
    session.permanent = True
    session["order"] = [placed.id, placed.key]
    return redirect(url_for("home.complete"), 303)


@blueprint.get("/order-complete.html")
def complete() -> Response:
    """Show the number of the order that this visitor has just made, again after a reload too."""
    number, key = session.get("order") or ("", "")
    response = make_response(render_template("order-complete.html", id=number, key=key))
    response.headers["Cache-Control"] = "no-store"
    return response


def form_again(status: int, notice: str) -> Response:
    """Show the form as it was sent, with a notice above it, so that nothing has to be typed twice."""
    return order_page(_sent(request.form), status, notice)


def order_page(form: OrderForm, status: int = 200, notice: str = "") -> Response:
    """Return the first page with this form in it."""
    session.permanent = True
    page = render_template(
        "index.html",
        form=form,
        notice=notice,
        limits=LIMITS,
        trap=TRAP,
        csrf=generate_csrf(),
        categories=_categories(form.values.get("category", "")),
        greeting=greeting(datetime.now(site().settings.zone)),
        mine=session.get("order"),
    )
    return make_response(page, status)


def _sent(sent: Mapping[str, str]) -> OrderForm:
    return read_order_form(sent, site().settings.company.default_region)


def _categories(chosen: str) -> list[str]:
    """Return what can be chosen: the company's own for who does not know, then those of «Услуги»."""
    try:
        with site().store.reading() as tx:
            services = [read_service(row) for row in tx.lists.get(SERVICES)]
    except StoreError:
        services = []
    shown = (service.category for service in services if service.shown and service.category)
    names = list(dict.fromkeys([site().settings.company.category, *shown]))
    return names if chosen in ("", *names) else [*names, chosen]
