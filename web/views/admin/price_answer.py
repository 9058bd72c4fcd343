"""The answer of staff in the panel to what «Проверка» asks about a price."""

from http import HTTPStatus

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.staff import Edit
from record.dispatch.price_questions import question_of
from web.order_numbers import order_meant
from web.site import site
from web.views.admin.frame import SAME, blueprint, panel

SAVED = "Цена подтверждена, клиент узнает о ней через пару секунд."


@blueprint.post("/admin/price/<order:called>")
def confirm_price(called: str) -> AnyResponse:
    """Write «да» into «Проверка», as staff at the sheet would."""
    with site().store.reading() as tx:
        order_id = order_meant(tx, called)
        order = tx.orders.get(order_id)
    if order is None:
        abort(HTTPStatus.NOT_FOUND)
    said = SAME
    if question_of(order):
        edit = Edit("Проверка", order.check, "да")
        if panel().edit_order(order_id, (edit,)).changed:
            said = SAVED
    flash(said)
    return redirect(url_for("admin.order", called=order_id), HTTPStatus.SEE_OTHER)
