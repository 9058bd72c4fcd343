"""The calculator: services and quantities in, a total out; the address holds the
choice, the server does the sum.
"""

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

from record.reports.estimate import (
    Choice,
    Estimate,
    Rates,
    choice_code,
    estimate,
    read_choice,
)
from web.forms.estimates import FIELD, typed_choice
from web.present.prices import PriceList
from web.site import site
from web.views.catalog import price_list
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
    if any(name.startswith(FIELD) for name in request.args):
        choice = typed_choice(request.args, prices.services)
        address = url_for("calculator.page", estimate=choice_code(choice) or None)
        if "HX-Request" not in request.headers:
            return redirect(f"{address}#total", 303)
        return _shown(
            "calculator-total.html",
            prices,
            choice,
            {"HX-Replace-Url": address},
            part=True,
        )
    return _shown(
        "calculator.html",
        prices,
        read_choice(request.args.get("estimate", "")),
        {},
        part=False,
    )


def _shown(
    template: str,
    prices: PriceList,
    choice: Choice,
    headers: dict[str, str],
    *,
    part: bool,
) -> Response:
    known = Choice(
        {k: n for k, n in choice.quantities.items() if k in prices.services},
        choice.urgent,
        choice.night,
    )
    page = render_template(
        template,
        groups=prices.groups(),
        choice=known,
        code=choice_code(known) if known else "",
        made=calculated(known, prices),
        rates=rates(),
        **({} if part else order_form(new_form(), prices)),
    )
    response = make_response(page)
    response.headers.update(headers | {"Vary": "HX-Request"})
    return response


def rates() -> Rates:
    """Return what is added to the prices."""
    said = site().settings.calculator
    return Rates(said.minimum, said.urgent_percent, said.night_percent)


def calculated(choice: Choice, prices: PriceList) -> Estimate | None:
    """Return what a choice costs by today's prices, or None where nothing is chosen
    that is still offered.
    """
    made = estimate(choice, prices.services, rates())
    return made if made.items else None
