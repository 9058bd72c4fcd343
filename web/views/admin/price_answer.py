"""The answer of staff in the panel to what «Проверка» asks about a price."""

from http import HTTPStatus

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.staff import Edit
from record.dispatch.model import Order
from record.dispatch.price_questions import question_of
from web.order_numbers import order_meant
from web.site import site
from web.views.admin.frame import SAME, blueprint, panel

SAVED = "Цена подтверждена, клиент узнает о ней через пару секунд."
OTHER = "Пока страница была открыта, цену изменили. Посмотрите, верна ли она теперь."


@blueprint.post("/admin/price/<order:called>")
def confirm_price(called: str) -> AnyResponse:
    """Write «да» into «Проверка», as staff at the sheet would; of the price they saw."""
    with site().store.reading() as tx:
        order_id = order_meant(tx, called)
        order = tx.orders.get(order_id)
    if order is None:
        abort(HTTPStatus.NOT_FOUND)
    flash(_confirmed(order))
    return redirect(url_for("admin.order", called=order_id), HTTPStatus.SEE_OTHER)


def _confirmed(order: Order) -> str:
    """Confirm the price that is asked about; return what to say."""
    question = question_of(order)
    if question is None:
        return SAME
    if question.price != request.form.get("asked", ""):
        return OTHER
    edit = Edit("Проверка", order.check, "да")
    return SAVED if panel().edit_order(order.id, (edit,)).changed else SAME
