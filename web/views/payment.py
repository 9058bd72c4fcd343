"""How to pay: the sum, a QR for the bank's app and the requisites.

Without requisites in the settings: how to pay the master.
"""

import io

import segno
from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record.actions.client_acts import has_said_paid
from record.dispatch.model import Order
from record.payment import qr_text
from web.access.order_keys import limit_misses, order_by_key, order_missing
from web.access.security import never_cached, never_stored
from web.site import site

blueprint = Blueprint("payment", __name__)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    # how one pays at all is for everybody, an order's page is one client's
    if request.values.get("id") or request.endpoint != "payment.page":
        return never_cached(response)
    return never_stored(response)


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; nobody may try keys."""
    app.register_blueprint(blueprint)
    limit_misses(app, limiter, ("payment.page", "payment.qr", "payment.paid"))


@blueprint.get("/payment.html")
def page() -> AnyResponse:
    """Show how to pay for an order, or how one pays at all."""
    order = _order()
    if order is None and request.args.get("id"):
        return order_missing()
    has_said = False
    if order is not None:
        with site().store.reading() as tx:
            has_said = has_said_paid(tx, order)
    shown = render_template(
        "payment.html",
        order=order,
        requisites=site().settings.payment.requisites,
        purpose=_purpose(order),
        said=has_said,
    )
    return make_response(shown)


@blueprint.get("/payment/qr.svg")
def qr() -> AnyResponse:
    """Return the payment QR of an order, or the one without a sum."""
    requisites = site().settings.payment.requisites
    order = _order()
    if requisites is None:
        return make_response("", 404)
    if order is None and request.args.get("id"):
        return make_response("", 404)
    price = order.price if order else None
    code = segno.make_qr(qr_text(requisites, price, _purpose(order)), error="m")
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        scale=8,
        border=4,
        # a QR is read dark on light, also where the page is dark
        dark="#14262e",
        light="#fff",
        xmldecl=False,
        svgns=True,
    )
    response = make_response(drawn.getvalue())
    response.mimetype = "image/svg+xml"
    return response


@blueprint.post("/payment.html")
def paid() -> AnyResponse:
    """Note that the client says he has paid; staff check it."""
    order = _order()
    if order is None:
        return order_missing()
    if not site().actions.paid(order.id):
        return order_missing()
    return redirect(
        url_for("payment.page", id=order.id, key=order.key, _anchor="said"), 303
    )


def _order() -> Order | None:
    sent = request.args
    if request.method == "POST":
        sent = request.form
    with site().store.reading() as tx:
        return order_by_key(tx, sent.get("id", ""), sent.get("key", ""))


def _purpose(order: Order | None) -> str:
    return f"Оплата по заявке №{order.id}" if order else "Оплата работ электрика"
