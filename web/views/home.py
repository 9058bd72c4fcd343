"""The first page with the order form, and the page that says the order was taken."""

from dataclasses import dataclass, replace

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from itsdangerous import BadSignature
from werkzeug.wrappers import Response as AnyResponse

from record import consent
from record.actions.client_acts import Draft, Placed
from record.actions.limits import TokenUsed
from record.errors import StoreError
from record.grid.worksheets import SERVICES
from record.logs import get_logger
from record.reports.estimate import Estimate, choice_code, read_choice
from record.store import Tx
from record.store.facts import alive
from record.values import Status
from web.access.security import limit_view, never_cached, signer
from web.forms.estimates import as_comment, as_problem
from web.forms.order import TRAPPED, OrderForm, trapped
from web.present.formats import greeting
from web.present.prices import PriceList
from web.present.tracking import bot_link, bot_name
from web.site import clock, site, site_of
from web.views.calculator import estimate_of
from web.views.catalog import price_list, rates
from web.views.order_form import (
    has_cookies,
    is_filled_quickly,
    is_from_this_site,
    is_stale,
    known_by,
    new_form,
    order_form,
    renewed,
    sent_form,
)

log = get_logger(__name__)
blueprint = Blueprint("home", __name__)
UNSAVED = "Не получилось сохранить заявку. Всё, что вы написали, на месте: отправьте ещё раз или позвоните нам."
STALE = (
    "Эта страница открыта больше суток. Проверьте, всё ли верно, и отправьте ещё раз."
)
USED = "Эта форма уже отправлена: заявка №{number} принята. Если нужна ещё одна, отправьте форму снова."
AGAIN = {
    "same": "Эта заявка у нас уже есть, второй раз мы её не записали.",
    "corrected": "Заявку исправили: мастера увидят то, что вы отправили сейчас.",
}
TAKEN_SALT = "naryad order taken"
TAKEN_S = 86_400
CHECK = "Проверьте, пожалуйста, отмеченные поля. Остальное мы сохранили."


@dataclass(frozen=True)
class Counts:
    """How many masters take orders now, and how many orders are done, without polish."""

    masters: int = 0
    done: int = 0


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; orders have limits of their own.

    Only orders that were taken count against an address. Forms that come back faster
    than people type have a smaller limit, over an hour.
    """
    app.register_blueprint(blueprint)
    web = site_of(app).settings.web
    taken = limiter.limit(f"{web.orders_per_minute}/minute", deduct_when=_was_taken)
    quick = limiter.limit(
        f"{web.quick_orders_per_hour}/hour",
        deduct_when=_was_taken,
        exempt_when=lambda: not is_filled_quickly(),
    )
    limit_view(app, "home.order", lambda view: taken(quick(view)))
    # it asks by itself, since who keeps no cookies may order too
    app.extensions["csrf"].exempt("web.views.home.order")


def _was_taken(response: AnyResponse) -> bool:
    return response.status_code == 303


@blueprint.get("/")
@blueprint.get("/index.html")
def index() -> Response:
    """Show the greeting and an empty order form.

    A link from the catalog or the calculator may fill some of it.
    """
    return _first_page(new_form(), request.args.get("estimate", ""))


@blueprint.get("/counts")
def counts() -> Response:
    """Return the part of the first page with the counts, or nothing if they are as seen."""
    with site().store.reading() as tx:
        found = _counts(tx)
    if request.args.get("seen") == f"{found.masters}-{found.done}":
        return make_response("", 204)
    return make_response(render_template("parts/counts.html", counts=found))


@blueprint.post("/")
@blueprint.post("/index.html")
@blueprint.post("/order")
def order() -> AnyResponse:
    """Take an order, or show the form again with what is wrong beside each field."""
    # who keeps no cookies has no session that could vouch for his form
    if not is_from_this_site():
        current_app.extensions["csrf"].protect()
    form = _sent()
    if trapped(request.form):
        return _form_again(form, 422, TRAPPED)
    if form.errors:
        return _form_again(form, 422, CHECK)
    if is_stale():
        return _form_again(renewed(form), 409, STALE)
    placed = _placed(form)
    if not isinstance(placed, Placed):
        return placed
    log.info("order_placed", order=placed.id, consent=consent.VERSION)
    session.permanent = True
    session["order"] = [placed.id, placed.key]
    if placed.how in AGAIN:
        flash(AGAIN[placed.how])
    if has_cookies():
        return redirect(url_for("home.complete"), 303)
    taken = signer(TAKEN_SALT).sign(f"{placed.key} {placed.id}").decode()
    return redirect(url_for("home.complete", taken=taken), 303)


def _placed(form: OrderForm) -> Placed | Response:
    """Save an order; return the page with the form and why where that can't be done."""
    code = _sent_code()
    try:
        draft = _draft(form, code)
        return site().actions.place_order(draft, known_by(form, code))
    except TokenUsed as used:
        return _form_again(renewed(form), 409, USED.format(number=used))
    except StoreError as error:
        log.critical("order_not_saved", error=str(error))
        return _form_again(form, 503, UNSAVED)


@blueprint.get("/order-complete.html")
def complete() -> Response:
    """Show the number of the order that this visitor has just made, also on a reload."""
    number, key = session.get("order") or _taken(request.args.get("taken", ""))
    page = render_template(
        "order-complete.html", id=number, key=key, bot=_bot_link(number, key)
    )
    return never_cached(make_response(page))


def _taken(signed: str) -> tuple[str, str]:
    """Return the order that an address names for who keeps no cookies, if it is fresh."""
    try:
        said = signer(TAKEN_SALT).unsign(signed, max_age=TAKEN_S).decode()
    except BadSignature:
        return "", ""
    # a number may be any words, a key holds no space
    key, _, number = said.partition(" ")
    return number, key


def sent_form_again(status: int, notice: str) -> Response:
    """Show the form as it was sent, so that nothing has to be typed twice."""
    return _form_again(_sent(), status, notice)


def _form_again(form: OrderForm, status: int, notice: str) -> Response:
    return _first_page(form, _sent_code(), status, notice)


def _first_page(
    form: OrderForm, code: str, status: int = 200, notice: str = ""
) -> Response:
    """Return the first page with this form; ``code`` is the calculator's choice in it."""
    prices, found = _prices_and_counts()
    choice = read_choice(code)
    made = estimate_of(choice, prices)
    code_in_form = ""
    if made is not None:
        code_in_form = choice_code(choice)
    page = render_template(
        "index.html",
        **order_form(form, prices),
        notice=notice,
        greeting=greeting(clock()),
        mine=session.get("order"),
        made=made,
        code=code_in_form,
        counts=found,
        minimum=rates().minimum if prices.offers else None,
        reviews=site().settings.reviews,
        offers=prices.offers,
    )
    return make_response(page, status)


def _prices_and_counts() -> tuple[PriceList, Counts]:
    """Return what the mirror knows; without it the form still takes orders."""
    try:
        with site().store.reading() as tx:
            return PriceList.of(tx.lists.get(SERVICES)), _counts(tx)
    except StoreError:
        return PriceList(), Counts()


def _counts(tx: Tx) -> Counts:
    """Return the true figures of this moment."""
    quiet = tx.masters.quiet()
    unreachable = tx.masters.unreachable("master")
    masters = 0
    for master in tx.masters.roster().active():
        # who can't be reached or asked for quiet takes no orders
        if master.id not in quiet and master.chat not in unreachable:
            masters += 1
    return Counts(masters, tx.orders.count_of(Status.DONE))


def _bot_link(number: str, key: str) -> str:
    """Return the link for news in Telegram, "" where no bot is known of."""
    if not number:
        return ""
    try:
        with site().store.reading() as tx:
            beat = tx.facts.get(alive("bot.client"))
            return bot_link(bot_name(beat), number, key)
    except StoreError:
        return ""


def _sent_code() -> str:
    return request.form.get("estimate", "")


def _sent() -> OrderForm:
    return sent_form(chosen=_estimate(_sent_code()) is not None)


def _estimate(code: str) -> Estimate | None:
    """Return what the works chosen in the calculator cost now, None without a choice."""
    if not code:
        return None
    try:
        return estimate_of(read_choice(code), price_list())
    except StoreError:
        return None


def _draft(form: OrderForm, code: str) -> Draft:
    """Return the order."""
    draft = form.draft()
    # works from the calculator are priced once more, whatever the browser showed
    made = _estimate(code)
    if made is None:
        return draft
    problem = as_problem(made, draft.problem)
    return replace(draft, problem=problem, comment=as_comment(made))
