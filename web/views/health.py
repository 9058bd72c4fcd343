"""Whether the whole system works, for a monitor and for nginx."""

import time
from typing import Any

from flask import Blueprint, Flask, Response, jsonify
from flask_limiter import Limiter

from record.errors import StoreError
from record.logs import masked
from record.settings import Settings
from record.store import Tx
from web.site import site

blueprint = Blueprint("health", __name__)
INTERVALS = 3
LEAST_S = 15
WAITING_S = 60


def register(app: Flask, limiter: Limiter) -> None:
    """Put this page into the site, with no limit on how often it is asked."""
    app.register_blueprint(blueprint)
    limiter.exempt(blueprint)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Answer 200 when all is well, 503 with the reasons when not."""
    try:
        with site().store.reading() as tx:
            report = examine(tx, site().settings, time.time())
    except StoreError as error:
        report = {"healthy": False, "reasons": [masked(str(error))]}
    return jsonify(report), 200 if report["healthy"] else 503


def examine(tx: Tx, settings: Settings, now: float) -> dict[str, Any]:
    """Return what a monitor should know, and every reason to worry."""
    polls = tx.runs.last("poll", 1, ok=True)
    poll_age = max(0.0, now - polls[0].at) if polls else None
    notices, oldest = tx.outbox.depth()
    writes, _ = tx.journal.depth()
    reasons = [
        *_of_poll(poll_age, settings.polling.interval_s),
        *([f"Сообщение ждёт отправки {oldest:.0f} с"] if oldest > WAITING_S else []),
        *(masked(str(problem)) for problem in tx.facts.get("sheet_problems", [])),
    ]
    return {
        "healthy": not reasons,
        "reasons": reasons,
        "poll_age_s": None if poll_age is None else round(poll_age, 1),
        "outbox": notices,
        "journal": writes,
    }


def _of_poll(age: float | None, interval: float) -> list[str]:
    if age is None:
        return ["Таблицу ещё ни разу не прочитали"]
    late = age > max(LEAST_S, INTERVALS * interval)
    return [f"Таблицу не читали {age:.0f} с"] if late else []
