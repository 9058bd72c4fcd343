"""The panel's first page: what needs a person now, and how the day goes."""

import time
from typing import Any

from flask import Response, g, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.dispatch.listing import Wanted
from record.dispatch.model import Order
from record.grid.writes import Write
from record.logs import masked
from record.reports import periods
from record.reports.periods import Period
from record.store import Tx
from record.store.facts import UNFINISHED
from record.values import Status
from record.watch.health import examine
from web.site import clock, site
from web.views.admin.frame import blueprint, page
from web.views.admin.login import login_page

WAITING, WORKING = 12, 12
BELOW_ALL = -(1 << 62)  # any rank stands above it


@blueprint.get("/admin.html")
def home() -> Response:
    """Show the day to who is signed in, and the password form to who is not."""
    if g.signed_in is None:
        return login_page()
    return page("overview.html", **_day())


@blueprint.get("/admin/live")
def live() -> AnyResponse:
    """Return the part of the first page that changes."""
    return make_response(render_template("admin/overview-live.html", **_day()))


def _day() -> dict[str, Any]:
    """Return what the page shows, all of one moment."""
    settings = site().settings
    now = clock()
    today = Period.last(1, now.date())
    yesterday = today.before()
    uptime = time.time() - site().started
    with site().store.reading() as tx:
        unfinished = tx.facts.get(UNFINISHED) or []
        arrived = tx.search.arrived(yesterday.since, today.until)
        done = tx.search.done(yesterday.since, today.until)
        masters = [one.master for one in staff.masters(tx)]
        return {
            "now": now,
            "today": periods.total(today, arrived, done),
            "yesterday": periods.total(yesterday, arrived, done),
            "counts": tx.orders.count_by_status(),
            "waiting": _longest_in(tx, Status.NEW, WAITING),
            "working": _longest_in(tx, Status.WORK, WORKING),
            "roster": tx.masters.roster(),
            "hopefuls": [master for master in masters if not master.active],
            "reasons": examine(tx, settings, time.time(), uptime).reasons,
            "parked": parked(tx),
            "unfinished": len(unfinished),
            "shared": not tx.staff.any(),
            "unclear": tx.search.unclear(),
        }


def parked(tx: Tx) -> list[tuple[Write, str]]:
    """Return the writes that Google refuses for good, and what it says."""
    # what Google says may repeat a cell; so it is shown without secrets and phones
    return [(write, masked(error)) for write, error in tx.journal.parked()]


def _longest_in(tx: Tx, status: Status, limit: int) -> list[Order]:
    """Return the orders in a status, those that came first on top."""
    oldest = tx.search.page(Wanted(status=status.value), above=BELOW_ALL, limit=limit)
    return list(reversed(oldest.orders))
