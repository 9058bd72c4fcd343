"""The tracking page: where an order stands, kept fresh while it is open."""

import hashlib
import hmac

from flask import Blueprint, Flask, Response, make_response, render_template, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.security import bound
from web.site import site
from web.tracking import Picture, picture

blueprint = Blueprint("track", __name__)
MISSES = "30/minute"


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site.

    Only misses count against an address: a whole town behind one mobile operator's address may watch its orders,
    and nobody may try keys.
    """
    app.register_blueprint(blueprint)
    for endpoint in ("track.page", "track.live"):
        bound(app, endpoint, limiter.limit(MISSES, deduct_when=lambda response: response.status_code == 404))


@blueprint.get("/track.html")
def page() -> AnyResponse:
    """Show an order to whoever has its key."""
    return _page("track.html")


@blueprint.get("/track/live")
def live() -> AnyResponse:
    """Return the part of the page that changes, or nothing where it looks as it did."""
    return _page("track-live.html", part=True)


def _page(template: str, *, part: bool = False) -> Response:
    found = _picture(request.args.get("id", ""), request.args.get("key", ""))
    if found is None:
        return _unsaved(make_response(render_template("track-missing.html"), 404))
    seen = _print(found)
    if part and request.args.get("seen") == seen:
        return _unsaved(make_response("", 204))
    page = render_template(template, order=found, key=request.args["key"], seen=seen, part=part)
    return _unsaved(make_response(page))


def _picture(order_id: str, key: str) -> Picture | None:
    """Return what to show, or None alike for a wrong number, a wrong key and no key."""
    order_id = order_id.strip().removeprefix("#")
    with site().store.reading() as tx:
        order = tx.orders.get(order_id)
        expected = order.key if order else ""
        fits = hmac.compare_digest(expected.encode(), key.strip().encode())
        if order is None or not expected or not fits:
            return None
        return picture(order, tx.masters.roster(), tx.history.of(order_id), site().settings.zone)


def _print(found: Picture) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _unsaved(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
