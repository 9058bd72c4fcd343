"""Whether the whole system works, for a monitor and for nginx."""

import time
from typing import Any

from flask import Blueprint, Flask, Response, jsonify
from flask_limiter import Limiter

from record.errors import StoreError
from record.health import examine
from record.logs import masked
from web.site import site

blueprint = Blueprint("health", __name__)


def register(app: Flask, limiter: Limiter) -> None:
    """Put this page into the site, with no limit on how often it is asked."""
    app.register_blueprint(blueprint)
    limiter.exempt(blueprint)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Answer 200 when all is well, 503 with the reasons when not."""
    report = look()
    return jsonify(report), 200 if report["healthy"] else 503


def look() -> dict[str, Any]:
    """Return what a monitor should know, and every reason to worry."""
    now = time.time()
    try:
        with site().store.reading() as tx:
            health = examine(tx, site().settings, now, now - site().started)
    except StoreError as error:
        return {"healthy": False, "reasons": [masked(str(error))]}
    return {
        "healthy": not health.reasons,
        "reasons": list(health.reasons),
        "starting": health.starting,
        "poll_age_s": None if health.poll_age is None else round(health.poll_age, 1),
        "outbox": health.outbox,
        "outbox_oldest_s": round(health.outbox_age, 1),
        "journal": health.journal,
        "journal_oldest_s": round(health.journal_age, 1),
    }
