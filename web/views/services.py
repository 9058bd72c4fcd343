"""The page of services: what we do, for how much at least, and what such work looks
like.
"""

from flask import Blueprint, Flask, render_template
from flask_limiter import Limiter

from web.present.showcase import examples, sections
from web.views.calculator import rates
from web.views.catalog import price_list

blueprint = Blueprint("services", __name__)


def register(app: Flask, _limiter: Limiter) -> None:
    """Put this page into the site."""
    app.register_blueprint(blueprint)


@blueprint.get("/services.html")
def page() -> str:
    """Tell of every kind of work in «Услуги»."""
    prices = price_list()
    return render_template(
        "services.html", sections=sections(prices), examples=examples(prices, rates())
    )
