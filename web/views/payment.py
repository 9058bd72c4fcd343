"""How to pay: the sum, a QR for the bank's app and the requisites; or, without
requisites, how to pay the master.
"""

import io

import segno
from flask import (
    Blueprint,
    Flask,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record.actions.orders import said_paid
from record.dispatch.model import Order
from record.payment import qr_text
from web.access.order_keys import order_by_key
from web.access.security import limit_view, never_cached
from web.site import site

blueprint = Blueprint("payment", __name__)
blueprint.after_request(never_cached)
MISSES = "30/minute"


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; nobody may try keys."""
    app.register_blueprint(blueprint)
    for endpoint in ("payment.page", "payment.qr", "payment.paid"):
        limit_view(
            app,
            endpoint,
            limiter.limit(
                MISSES, deduct_when=lambda response: response.status_code == 404
            ),
        )


@blueprint.get("/payment.html")
def page() -> AnyResponse:
    """Show how to pay for an order, or how one pays at all."""
    order = _order()
    if order is None and request.args.get("id"):
        return make_response(render_template("track-missing.html"), 404)
    shown = render_template(
        "payment.html",
        order=order,
        requisites=site().settings.payment.requisites,
        purpose=_purpose(order),
        said=_said(order),
    )
    return make_response(shown)


@blueprint.get("/payment/qr.svg")
def qr() -> AnyResponse:
    """Return the payment QR of an order, or the one without a sum."""
    requisites, order = site().settings.payment.requisites, _order()
    if requisites is None or (order is None and request.args.get("id")):
        return make_response("", 404)
    code = segno.make_qr(
        qr_text(requisites, order.price if order else None, _purpose(order)), error="m"
    )
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        scale=8,
        border=4,
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
    if order is None or not site().actions.paid(order.id):
        return make_response(render_template("track-missing.html"), 404)
    return redirect(
        url_for("payment.page", id=order.id, key=order.key, _anchor="said"), 303
    )


def _order() -> Order | None:
    sent = request.form if request.method == "POST" else request.args
    with site().store.reading() as tx:
        return order_by_key(tx, sent.get("id", ""), sent.get("key", ""))


def _said(order: Order | None) -> bool:
    """Say whether the client said already that he has paid this price."""
    if order is None or order.price is None:
        return False
    with site().store.reading() as tx:
        return tx.forms.order(said_paid(order)) is not None


def _purpose(order: Order | None) -> str:
    return f"Оплата по заявке №{order.id}" if order else "Оплата работ электрика"
