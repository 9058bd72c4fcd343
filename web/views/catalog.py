"""The catalog: every service with its price, by category and by careless words.

The address keeps what was asked.
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

from record.grid.worksheets import SERVICES
from record.reports.price_rule import Rates, rule_in_words
from web.forms.order import clean
from web.present.prices import QUERY_LIMIT, PriceList
from web.site import site

blueprint = Blueprint("catalog", __name__)


def register(app: Flask, _limiter: Limiter) -> None:
    """Put these pages into the site."""
    app.register_blueprint(blueprint)


@blueprint.get("/catalog.html")
def page() -> Response:
    """Show what fits the category and the query."""
    query = clean(request.args.get("q", ""), QUERY_LIMIT)
    prices = price_list()
    category = request.args.get("category", "")
    if category not in prices.categories:
        category = ""
    template = "catalog.html"
    # as one types, htmx asks for the list alone
    if "HX-Request" in request.headers:
        template = "catalog-list.html"
    shown = render_template(
        template,
        all=prices,
        found=prices.of_category(category).found(query),
        category=category,
        query=query,
        limit=QUERY_LIMIT,
        rates=rates(),
        rule=rule_in_words(rates(), prices.services.values()),
    )
    return varied(make_response(shown))


@blueprint.get("/products.html")
def products() -> AnyResponse:
    """Lead to the catalog, with what was asked."""
    return redirect(
        url_for(
            "catalog.page",
            category=request.args.get("category"),
            q=request.args.get("q"),
        )
    )


def price_list() -> PriceList:
    """Return the prices of the mirror.

    Raises:
        StoreError: the store is away.
    """
    with site().store.reading() as tx:
        return PriceList.of(tx.lists.get(SERVICES))


def rates() -> Rates:
    """Return what is added to the prices."""
    said = site().settings.calculator
    return Rates(said.minimum, said.urgent_percent, said.night_percent)


def varied(response: Response) -> Response:
    """Let no cache mix up a page and its part, whose address is the same."""
    response.headers["Vary"] = "HX-Request"
    return response
