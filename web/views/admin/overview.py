"""The panel's first page: what needs a person now, and how the day goes."""

import time
from typing import Any

from flask import Response, g, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.dispatch.listing import rank
from record.dispatch.model import Order
from record.grid.writes import Write
from record.logs import masked
from record.reports import periods
from record.reports.periods import Period
from record.store import Tx
from record.values import Status
from record.watch.health import examine
from web.site import clock, site
from web.views.admin.frame import blueprint, page
from web.views.admin.login import login_page

WAITING, WORKING = 12, 12


@blueprint.get("/admin.html")
def home() -> Response:
    """Show the day to who is in, and the password form to who is not."""
    return page("overview.html", **_day()) if g.signed_in else login_page()


@blueprint.get("/admin/live")
def live() -> AnyResponse:
    """Return the part of the first page that changes."""
    return make_response(render_template("admin/overview-live.html", **_day()))


def _day() -> dict[str, Any]:
    settings, now = site().settings, clock()
    with site().store.reading() as tx:
        today = Period.last(1, now.date())
        arrived = tx.search.arrived(today.before().since, today.until)
        done = tx.search.done(today.before().since, today.until)
        return {
            "now": now,
            "today": periods.total(today, arrived, done),
            "yesterday": periods.total(today.before(), arrived, done),
            "counts": tx.orders.count_by_status(),
            "waiting": _of(tx, Status.NEW, WAITING),
            "working": _of(tx, Status.WORK, WORKING),
            "roster": tx.masters.roster(),
            "hopefuls": [
                one.master for one in staff.masters(tx) if not one.master.active
            ],
            "reasons": examine(
                tx, settings, time.time(), time.time() - site().started
            ).reasons,
            "parked": parked(tx),
            "unclear": tx.search.unclear(),
        }


def parked(tx: Tx) -> list[tuple[Write, str]]:
    """Return the writes that Google refuses for good, and what it says, without secrets
    and phones.
    """
    return [(write, masked(error)) for write, error in tx.journal.parked()]


def _of(tx: Tx, status: Status, limit: int) -> list[Order]:
    """Return the orders that stand so, those that have stood so longest first."""
    found = tx.orders.find(status=status, limit=200)
    return sorted(found, key=rank)[:limit]
