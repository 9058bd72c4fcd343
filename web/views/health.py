"""Whether the whole system works, for a monitor and for nginx.

The reasons in words and the figures are for whoever asks from this machine or a private
network, or has METRICS_TOKEN; anybody else learns which kind of trouble it is.
"""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, jsonify, request
from flask_limiter import Limiter

from record.errors import StoreError
from record.logs import masked
from record.watch.health import Kind, Reason, examine
from record.whereabouts import is_here
from web.access.security import has_metrics_token, is_from_private_network
from web.site import site

blueprint = Blueprint("health", __name__)


def register(app: Flask, limiter: Limiter) -> None:
    """Put this page into the site, with no limit on how often it is asked."""
    app.register_blueprint(blueprint)
    limiter.exempt(blueprint)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Answer 200 when all is well, 503 with the reasons when not."""
    report, troubles = _report()
    if not _may_know_why():
        report = _outline(troubles)
    status = 503 if troubles else 200
    return jsonify(report), status


def _may_know_why() -> bool:
    """Return whether one of the company's own asks."""
    settings = site().settings
    if has_metrics_token(settings):
        return True
    if not is_from_private_network():
        return False
    # who names the site's public address comes through its proxy, whoever that is
    public = urlsplit(settings.web.public_url).hostname
    names_public = urlsplit(f"//{request.host}").hostname == public
    return is_here(settings.web.public_url) or not names_public


def _outline(troubles: Sequence[Reason]) -> dict[str, Any]:
    """Return what strangers may know: whether all is well, else which kinds of trouble."""
    kinds = [trouble.kind for trouble in troubles]
    return {"healthy": not troubles, "reasons": list(dict.fromkeys(kinds))}


def _report() -> tuple[dict[str, Any], Sequence[Reason]]:
    """Return what a monitor should know, and every reason to worry."""
    now = time.time()
    try:
        with site().store.reading() as tx:
            health = examine(tx, site().settings, now, now - site().started)
    except StoreError as error:
        lost = Reason(Kind.STORE, masked(str(error)))
        return {"healthy": False, "reasons": [lost.text]}, [lost]
    poll_age = None
    if health.poll_age is not None:
        poll_age = round(health.poll_age, 1)
    report = {
        "healthy": not health.reasons,
        "reasons": list(health.reasons),
        "starting": health.starting,
        "poll_age_s": poll_age,
        "outbox": health.outbox,
        "outbox_oldest_s": round(health.outbox_age, 1),
        "journal": health.journal,
        "journal_oldest_s": round(health.journal_age, 1),
    }
    return report, health.troubles
