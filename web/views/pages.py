"""Pages that only tell something: the text on personal data."""

from flask import Blueprint, render_template

from web.forms.consent import CONSENT_DATE, CONSENT_VERSION

blueprint = Blueprint("pages", __name__)


@blueprint.get("/privacy.html")
def privacy() -> str:
    """Show what a client agrees to."""
    return render_template("privacy.html", version=CONSENT_VERSION, date=CONSENT_DATE)
