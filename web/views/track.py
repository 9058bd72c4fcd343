"""The tracking page: where an order stands, kept fresh while it is open."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

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
from record.actions.client_acts import has_said_paid
from record.dispatch.model import LONGEST_REASON, REASONS_TO_CANCEL
from record.dispatch.permissions import Act, Refusal, Who
from record.store.facts import alive
from record.values import Status
from record.values.actors import Actor
from web.access.order_keys import limit_misses, order_by_key, order_missing
from web.access.security import never_cached
from web.forms.order import clean
from web.present.tracking import TrackedOrder, bot_link, bot_name, tracked_order
from web.site import clock, site

blueprint = Blueprint("track", __name__)
blueprint.after_request(never_cached)
TAKEN = "Отменить уже не получится: мастер взял заявку. Позвоните ему или нам."
UNSURE = "Отменить отсюда не получится: заявкой занимается диспетчер. Позвоните нам."
RESTS = "Диспетчер сейчас меняет эту заявку. Попробуйте через полминуты, а если не выйдет, позвоните нам."
WHY_NOT: Mapping[Refusal, str] = {"not_new": TAKEN, "rests": RESTS}


@dataclass(frozen=True)
class TrackingPage:
    """What the page shows: the order, and the link to the bot, "" where there is none."""

    order: TrackedOrder
    bot: str


def register(app: Flask, limiter: Limiter) -> None:
    """Put these pages into the site; nobody may try keys."""
    app.register_blueprint(blueprint)
    limit_misses(app, limiter, ("track.page", "track.live", "track.cancel"))


@blueprint.get("/track.html")
def page() -> AnyResponse:
    """Show an order to whoever has its key."""
    found = _find(request.values)
    if found is None:
        return order_missing()
    return _show(found)


@blueprint.get("/track/live")
def live() -> AnyResponse:
    """Return the part of the page that changes, or nothing where it looks as it did."""
    found = _find(request.values)
    if found is None:
        return order_missing()
    if request.values.get("seen") == _digest(found.order):
        return make_response("", 204)
    return _show(found, template="track-live.html", part=True)


@blueprint.post("/track/cancel")
def cancel() -> AnyResponse:
    """Cancel an order that nobody has taken yet; say so where somebody was quicker."""
    before = _find(request.form)
    if before is None:
        return order_missing()
    order = before.order
    reason = clean(request.form.get("reason", ""), LONGEST_REASON)
    outcome = site().actions.cancel(order.id, by=Actor.client(), reason=reason)
    refused = outcome.refusal
    # who presses twice sees what he wanted to see
    if not refused or order.status is Status.CANCELLED:
        return redirect(
            url_for("track.page", id=order.id, key=request.form["key"]), 303
        )
    notice = WHY_NOT.get(refused, UNSURE)
    # as it stands now: it is somebody's since the page was shown
    found = _find(request.values)
    if found is None:
        return order_missing()
    return _show(found, status=409, notice=notice)


def _show(
    found: TrackingPage,
    *,
    template: str = "track.html",
    part: bool = False,
    status: int = 200,
    notice: str = "",
) -> Response:
    if found.order.may_cancel:
        # its button is a form, whose token hangs on the session
        session.permanent = True
    page = render_template(
        template,
        order=found.order,
        key=request.values["key"],
        seen=_digest(found.order),
        part=part,
        notice=notice,
        bot=found.bot,
        reasons=REASONS_TO_CANCEL,
        longest_reason=LONGEST_REASON,
    )
    return make_response(page, status)


def _find(sent: Mapping[str, str]) -> TrackingPage | None:
    """Return what to show; None alike for a wrong number, a wrong key and no key."""
    zone = site().settings.zone
    with site().store.reading() as tx:
        order = order_by_key(tx, sent.get("id", ""), sent.get("key", ""))
        if order is None:
            return None
        bot = ""
        # who gets news in Telegram already needs no link
        if not order.chat:
            beat = tx.facts.get(alive("bot.client"))
            bot = bot_link(bot_name(beat), order.id, order.key)
        seen_by_client = sight(tx, order.id, None, clock(), Who.LINK)
        tracked = tracked_order(
            order,
            tx.masters.roster(),
            tx.history.of(order.id),
            zone,
            may_cancel=seen_by_client.offers(Act.CANCEL),
            said_paid=has_said_paid(tx, order),
        )
    return TrackingPage(tracked, bot)


def _digest(found: TrackedOrder) -> str:
    """Return what changes whenever anything on the page does."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]
