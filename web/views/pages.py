"""Pages that only tell something: what we do and for how much, contacts, the consent."""

from flask import Blueprint, Flask, render_template
from flask_limiter import Limiter

from web.forms.order import CONSENT_DATE, CONSENT_VERSION
from web.present.showcase import examples, sections
from web.views.calculator import rates
from web.views.catalog import price_list

blueprint = Blueprint("pages", __name__)


def register(app: Flask, _limiter: Limiter) -> None:
    """Put these pages into the site."""
    app.register_blueprint(blueprint)


@blueprint.get("/services.html")
def services() -> str:
    """Show every kind of work in «Услуги», with its lowest price and examples."""
    prices = price_list()
    return render_template(
        "services.html", sections=sections(prices), examples=examples(prices, rates())
    )


@blueprint.get("/contacts.html")
def contacts() -> str:
    """Show how and when to reach the company."""
    return render_template("contacts.html")


@blueprint.get("/privacy.html")
def privacy() -> str:
    """Show what a client agrees to."""
    return render_template("privacy.html", version=CONSENT_VERSION, date=CONSENT_DATE)
