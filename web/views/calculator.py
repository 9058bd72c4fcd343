"""The calculator: services and quantities in, a total out.

The address holds the choice, so that a total can be sent to somebody; the sum is the
server's.
"""

from typing import Any

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

from record.reports.estimate import (
    Choice,
    Estimate,
    choice_code,
    estimate,
    read_choice,
)
from record.reports.price_rule import offered_rates
from web.forms.estimates import FIELD, typed_choice
from web.present.prices import PriceList
from web.views.catalog import price_list, rates, varied
from web.views.order_form import new_form, order_form

blueprint = Blueprint("calculator", __name__)


def register(app: Flask, _limiter: Limiter) -> None:
    """Put these pages into the site."""
    app.register_blueprint(blueprint)


@blueprint.get("/calculator.html")
def page() -> AnyResponse:
    """Show the services and what the chosen ones cost.

    A form that was sent leads to the address of its choice; htmx gets the total alone,
    and that address.
    """
    prices = price_list()
    is_form = any(name.startswith(FIELD) for name in request.args)
    if is_form:
        return _answer_form(prices)
    choice = _offered(read_choice(request.args.get("estimate", "")), prices)
    form = order_form(new_form(), prices)
    page = render_template("calculator.html", **_what_it_costs(choice, prices), **form)
    return varied(make_response(page))


def _answer_form(prices: PriceList) -> AnyResponse:
    choice = typed_choice(request.args, prices.services)
    address = url_for("calculator.page", estimate=choice_code(choice) or None)
    if "HX-Request" not in request.headers:
        return redirect(f"{address}#total", 303)
    shown = _what_it_costs(_offered(choice, prices), prices)
    response = make_response(render_template("calculator-total.html", **shown))
    response.headers["HX-Replace-Url"] = address
    return varied(response)


def _offered(choice: Choice, prices: PriceList) -> Choice:
    """Return what is still offered of a choice: an old link may name other services."""
    quantities = {
        code: count
        for code, count in choice.quantities.items()
        if code in prices.services
    }
    return Choice(quantities, choice.urgent, choice.night)


def _what_it_costs(choice: Choice, prices: PriceList) -> dict[str, Any]:
    code = ""
    if choice:
        code = choice_code(choice)
    return {
        "groups": prices.groups(),
        "choice": choice,
        "code": code,
        "made": estimate_of(choice, prices),
        "rates": offered_rates(rates(), prices.services.values()),
    }


def estimate_of(choice: Choice, prices: PriceList) -> Estimate | None:
    """Return what a choice costs today, None where nothing of it is still offered."""
    made = estimate(choice, prices.services, rates())
    if not made.items:
        return None
    return made
