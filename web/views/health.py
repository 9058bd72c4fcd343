"""Whether the whole system works, for a monitor and for nginx.

The reasons in words and the figures are for who asks from this machine or a private
network, or knows METRICS_TOKEN; anybody else learns of what kind the trouble is.
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
    report, troubles = look()
    shown = report if _may_know_why() else _outline(troubles)
    return jsonify(shown), 503 if troubles else 200


def _may_know_why() -> bool:
    """Say whether this is one of the company's own; who names the site's public address
    comes through its proxy.
    """
    settings = site().settings
    public = urlsplit(settings.web.public_url).hostname
    passed_on = urlsplit(f"//{request.host}").hostname == public and not is_here(
        settings.web.public_url
    )
    return has_metrics_token(settings) or (is_from_private_network() and not passed_on)


def _outline(troubles: Sequence[Reason]) -> dict[str, Any]:
    """Return what strangers may know: whether all is well, and of what kind the trouble
    is.
    """
    return {
        "healthy": not troubles,
        "reasons": list(dict.fromkeys(trouble.kind for trouble in troubles)),
    }


def look() -> tuple[dict[str, Any], Sequence[Reason]]:
    """Return what a monitor should know, and every reason to worry."""
    now = time.time()
    try:
        with site().store.reading() as tx:
            health = examine(tx, site().settings, now, now - site().started)
    except StoreError as error:
        lost = Reason(Kind.STORE, masked(str(error)))
        return {"healthy": False, "reasons": [lost.text]}, [lost]
    report = {
        "healthy": not health.reasons,
        "reasons": list(health.reasons),
        "starting": health.starting,
        "poll_age_s": None if health.poll_age is None else round(health.poll_age, 1),
        "outbox": health.outbox,
        "outbox_oldest_s": round(health.outbox_age, 1),
        "journal": health.journal,
        "journal_oldest_s": round(health.journal_age, 1),
    }
    return report, health.troubles
