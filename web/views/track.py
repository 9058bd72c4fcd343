"""The tracking page: where an order stands, kept fresh while it is open."""

import hashlib

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from record.actions.access import sight
from record.dispatch.permissions import Act, Who
from record.store.facts import alive
from record.values import Status
from record.values.actors import Actor
from web.access.order_keys import order_by_key
from web.access.security import limit_view, never_cached
from web.present.tracking import TrackedOrder, bot_link, bot_name, tracked_order
from web.site import clock, site

blueprint = Blueprint("track", __name__)
blueprint.after_request(never_cached)
MISSES = "30/minute"
TAKEN = "Отменить уже не получится: мастер взял заявку. Позвоните ему или нам."
UNSURE = "Отменить отсюда не получится: заявкой занимается диспетчер. Позвоните нам."


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site.

    Only misses count against an address: a whole town behind one mobile operator's
    address may watch its orders, and nobody may try keys.
    """
    app.register_blueprint(blueprint)
    for endpoint in ("track.page", "track.live", "track.cancel"):
        limit_view(
            app,
            endpoint,
            limiter.limit(
                MISSES, deduct_when=lambda response: response.status_code == 404
            ),
        )


@blueprint.get("/track.html")
def page() -> AnyResponse:
    """Show an order to whoever has its key."""
    return _page("track.html")


@blueprint.get("/track/live")
def live() -> AnyResponse:
    """Return the part of the page that changes, or nothing where it looks as it did."""
    return _page("track-live.html", part=True)


@blueprint.post("/track/cancel")
def cancel() -> AnyResponse:
    """Call off an order that nobody has taken yet; where somebody was quicker, say so."""
    found, _ = _picture(request.form.get("id", ""), request.form.get("key", ""))
    if found is None:
        return _missing()
    refused = site().actions.cancel(found.id, by=Actor.client()).refusal
    if refused and found.status is not Status.CANCELLED:
        return _page(
            "track.html", status=409, notice=TAKEN if refused == "not_new" else UNSURE
        )
    return redirect(url_for("track.page", id=found.id, key=request.form["key"]), 303)


def _page(
    template: str, *, part: bool = False, status: int = 200, notice: str = ""
) -> Response:
    sent = request.values
    found, bot = _picture(sent.get("id", ""), sent.get("key", ""))
    if found is None:
        return _missing()
    seen = _print(found)
    if part and sent.get("seen") == seen:
        return make_response("", 204)
    if found.open:
        session.permanent = True
    page = render_template(
        template,
        order=found,
        key=sent["key"],
        seen=seen,
        part=part,
        notice=notice,
        bot=bot,
    )
    return make_response(page, status)


def _picture(order_id: str, key: str) -> tuple[TrackedOrder | None, str]:
    """Return what to show and the link to the bot; None alike for a wrong number, a
    wrong key and no key.
    """
    with site().store.reading() as tx:
        order = order_by_key(tx, order_id, key)
        if order is None:
            return None, ""
        bot = ""
        if not order.chat:
            beat = tx.facts.get(alive("bot.client"))
            bot = bot_link(bot_name(beat), order.id, order.key)
        may_cancel = not sight(tx, order.id, None, clock(), Who.LINK).refusal(
            Act.CANCEL
        )
        events, zone = tx.history.of(order.id), site().settings.zone
        return tracked_order(
            order, tx.masters.roster(), events, zone, may_cancel=may_cancel
        ), bot


def _missing() -> Response:
    return make_response(render_template("track-missing.html"), 404)


def _print(found: TrackedOrder) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]
