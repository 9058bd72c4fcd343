"""The first page with the order form, and the page that says that the order was taken."""

from dataclasses import dataclass, replace

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record.actions.limits import TokenUsed
from record.actions.orders import Draft, Placed
from record.errors import StoreError
from record.grid.worksheets import SERVICES
from record.logs import get_logger
from record.reports.estimate import Estimate, choice_code, read_choice
from record.store import Tx
from record.store.facts import alive
from record.values import Status
from web.access.security import limit_view, never_cached
from web.forms.estimates import as_comment, as_problem
from web.forms.order import CONSENT_VERSION, TRAPPED, OrderForm, trapped
from web.present.formats import greeting
from web.present.prices import PriceList
from web.present.tracking import bot_link, bot_name
from web.site import clock, site, site_of
from web.views.calculator import calculated
from web.views.catalog import price_list
from web.views.order_form import (
    is_filled_quickly,
    is_stale,
    new_form,
    order_form,
    renewed,
    sent_form,
    single_use_token,
)

log = get_logger(__name__)
blueprint = Blueprint("home", __name__)
UNSAVED = "Не получилось сохранить заявку. Всё, что вы написали, на месте: отправьте ещё раз или позвоните нам."
STALE = (
    "Эта страница открыта больше суток. Проверьте, всё ли верно, и отправьте ещё раз."
)
USED = "Эта форма уже отправлена: заявка №{number} принята. Если нужна ещё одна, отправьте форму снова."
CHECK = "Проверьте, пожалуйста, отмеченные поля. Остальное мы сохранили."


@dataclass(frozen=True)
class Counts:
    """How many masters take orders now, and how many orders are done; both as they are."""

    masters: int = 0
    done: int = 0


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; only orders that were taken count against an
    address's limits.

    Forms that come back faster than people type have a smaller one, over an hour.
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


def _was_taken(response: AnyResponse) -> bool:
    return response.status_code == 303


@blueprint.get("/")
@blueprint.get("/index.html")
def index() -> Response:
    """Show the greeting and an empty order form; a link from the catalog or the
    calculator may fill some of it.
    """
    return order_page(new_form(), code=request.args.get("estimate", ""))


@blueprint.get("/counts")
def counts() -> Response:
    """Return the part of the first page that counts masters and orders, or nothing
    where they stand as they were.
    """
    with site().store.reading() as tx:
        found = counted(tx)
    if request.args.get("seen") == f"{found.masters}-{found.done}":
        return make_response("", 204)
    return make_response(render_template("parts/counts.html", counts=found))


@blueprint.post("/")
@blueprint.post("/index.html")
@blueprint.post("/order")
def order() -> AnyResponse:
    """Take an order, or show the form again with what is wrong beside each field."""
    form = _sent()
    if trapped(request.form):
        return order_page(form, 422, TRAPPED)
    if form.errors:
        return order_page(form, 422, CHECK)
    if is_stale():
        return order_page(renewed(form), 409, STALE)
    placed = _placed(form)
    if not isinstance(placed, Placed):
        return placed
    log.info("order_placed", order=placed.id, consent=CONSENT_VERSION)
    session.permanent = True
    session["order"] = [placed.id, placed.key]
    return redirect(url_for("home.complete"), 303)


def _placed(form: OrderForm) -> Placed | Response:
    """Save an order; return the page with the form and why where that can't be done."""
    code = request.form.get("estimate", "")
    try:
        visitor = f"{session.get('csrf_token', '')}\0{code}"
        return site().actions.place_order(
            _draft(form, code), once=form.once(visitor), token=single_use_token()
        )
    except TokenUsed as used:
        return order_page(renewed(form), 409, USED.format(number=used))
    except StoreError as error:
        log.critical("order_not_saved", error=str(error))
        return order_page(form, 503, UNSAVED)


@blueprint.get("/order-complete.html")
def complete() -> Response:
    """Show the number of the order that this visitor has just made, again after a
    reload too.
    """
    number, key = session.get("order") or ("", "")
    return never_cached(
        make_response(
            render_template(
                "order-complete.html", id=number, key=key, bot=_bot(number, key)
            )
        )
    )


def form_again(status: int, notice: str) -> Response:
    """Show the form as it was sent, with a notice above it, so that nothing has to be
    typed twice.
    """
    return order_page(_sent(), status, notice)


def order_page(
    form: OrderForm, status: int = 200, notice: str = "", code: str | None = None
) -> Response:
    """Return the first page with this form in it, and the choice of the calculator that
    comes with it.
    """
    code = request.form.get("estimate", "") if code is None else code
    prices, found = _known()
    choice = read_choice(code)
    made = calculated(choice, prices)
    page = render_template(
        "index.html",
        **order_form(form, prices),
        notice=notice,
        greeting=greeting(clock()),
        mine=session.get("order"),
        made=made,
        code=choice_code(choice) if made else "",
        counts=found,
        reviews=site().settings.reviews,
    )
    return make_response(page, status)


def counted(tx: Tx) -> Counts:
    """Return the true figures of this moment; a master who can't be reached or asked
    for quiet takes no orders.
    """
    roster, quiet, away = (
        tx.masters.roster(),
        tx.masters.quiet(),
        tx.masters.unreachable("master"),
    )
    takes = [
        one for one in roster.active() if one.id not in quiet and one.chat not in away
    ]
    return Counts(len(takes), tx.orders.count_of(Status.DONE))


def _known() -> tuple[PriceList, Counts]:
    """Return what the mirror knows; without it the form still takes orders."""
    try:
        with site().store.reading() as tx:
            return PriceList.of(tx.lists.get(SERVICES)), counted(tx)
    except StoreError:
        return PriceList(), Counts()


def _bot(number: str, key: str) -> str:
    """Return the link by which the order's news come to Telegram, "" where nobody knows
    of a bot.
    """
    if not number:
        return ""
    try:
        with site().store.reading() as tx:
            beat = tx.facts.get(alive("bot.client"))
            return bot_link(bot_name(beat), number, key)
    except StoreError:
        return ""


def _sent() -> OrderForm:
    return sent_form(chosen=_made(request.form.get("estimate", "")) is not None)


def _made(code: str) -> Estimate | None:
    """Return what the works chosen in the calculator cost now, or None where nothing
    was chosen.
    """
    try:
        return calculated(read_choice(code), price_list()) if code else None
    except StoreError:
        return None


def _draft(form: OrderForm, code: str) -> Draft:
    """Return the order; works from the calculator are priced anew, whatever the browser
    showed.
    """
    draft = form.draft()
    made = _made(code)
    if made is None:
        return draft
    return replace(
        draft, problem=as_problem(made, draft.problem), comment=as_comment(made)
    )
