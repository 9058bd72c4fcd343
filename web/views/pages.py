"""Pages that only tell something: what we do and for how much, and the texts on personal data."""

from flask import Blueprint, Flask, abort, render_template, request
from flask_limiter import Limiter

from record.consent import DATES, VERSION
from record.reports.price_rule import rule_in_words
from web.present.showcase import examples, sections
from web.views.catalog import price_list, rates

blueprint = Blueprint("pages", __name__)


def register(app: Flask, _limiter: Limiter) -> None:
    """Put these pages into the site."""
    app.register_blueprint(blueprint)


@blueprint.get("/services.html")
def services() -> str:
    """Show every kind of work in «Услуги», with its lowest price and examples."""
    prices = price_list()
    return render_template(
        "services.html",
        sections=sections(prices),
        examples=examples(prices, rates()),
        rule=rule_in_words(rates(), prices.services.values()),
        offers=prices.offers,
    )


@blueprint.get("/privacy.html")
def privacy() -> str:
    """Show how the company treats personal data."""
    return render_template("privacy.html", version=VERSION, dates=DATES)


@blueprint.get("/consent.html")
def consent() -> str:
    """Show what people agree to; an older version is shown by its date."""
    version = request.args.get("version", VERSION)
    if version not in DATES:
        abort(404)
    return render_template("consent.html", version=version, latest=VERSION, dates=DATES)
