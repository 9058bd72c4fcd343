"""Orders in the panel: the list with its filters, one order with its history, and its
changes.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.staff import Panel, Saved
from record.dispatch.listing import STATUSES
from record.dispatch.model import Order, Roster
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.reports.totals import SOURCES
from record.store import Tx
from record.values import Status, as_shown
from web.forms.panel import (
    COLUMNS,
    KEEP,
    OrderEdit,
    filter_arguments,
    form_fields,
    read_edit,
    read_filter,
    read_rank,
)
from web.present.order_history import HistoryLine, event_lines, notice_lines
from web.site import site
from web.views.admin import searches
from web.views.admin.frame import blueprint, page

SHOWN = 50
SAVED = "Сохранено. В таблице это появится через пару секунд."
SAME = "Ничего не изменилось: всё уже так."


@blueprint.get("/admin/orders")
def orders() -> Response:
    """List the orders that the address asks for, a page at a time."""
    wanted = read_filter(request.args, searches.kept())
    if wanted.text:
        searches.keep(wanted.text)
    below, above = (
        read_rank(request.args.get("below", "")),
        read_rank(request.args.get("above", "")),
    )
    with site().store.reading() as tx:
        found = tx.search.page(wanted, below=below, above=above, limit=SHOWN)
        roster, counts, sources = (
            tx.masters.roster(),
            tx.orders.count_by_status(),
            tx.search.sources(),
        )
        exact = tx.orders.get(wanted.text.lstrip("#№ ")) if wanted.text else None
    return page(
        "orders.html",
        found=found,
        wanted=wanted,
        asked=filter_arguments(wanted),
        roster=roster,
        counts=counts,
        statuses=[(status.value, status.facts.many) for status in Status],
        sources={source: SOURCES.get(source, source) for source in sources},
        exact=exact,
    )


@blueprint.post("/admin/orders")
def search() -> AnyResponse:
    """Keep what is searched for out of addresses and their logs, since it may be a
    phone; then show the list.
    """
    wanted = read_filter(request.form)
    searches.keep(wanted.text)
    asked: dict[str, Any] = {**filter_arguments(wanted)}
    return redirect(url_for("admin.orders", **asked), HTTPStatus.SEE_OTHER)


@blueprint.get("/admin/orders/<path:order_id>")
def order(order_id: str) -> Response:
    """Show one order whole, with the form to change it."""
    return _order_page(order_id)


@blueprint.post("/admin/orders/<path:order_id>")
def save(order_id: str) -> AnyResponse:
    """Change status, master or price; where a person has changed one of them meanwhile,
    show both.
    """
    with site().store.reading() as tx:
        form = read_edit(request.form, tx.masters.roster())
    if form.errors:
        return _order_page(order_id, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    saved = Panel(site().store).edit_order(order_id, form.edits)
    if saved.refusal == "gone":
        abort(404)
    if saved.refusal:
        return _order_page(order_id, HTTPStatus.CONFLICT, form=form, saved=saved)
    flash(SAVED if saved.changed else SAME)
    return redirect(url_for("admin.order", order_id=order_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/admin/overruled/<int(max=2147483647):write_id>")
def read_overruled(write_id: int) -> AnyResponse:
    """Put away the news that a change was overruled in the sheet."""
    Panel(site().store).dismiss(write_id)
    return redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER)


@dataclass(frozen=True)
class _Whole:
    """All that is shown of an order."""

    order: Order
    cells: dict[str, str]
    roster: Roster
    history: list[HistoryLine]
    told: list[HistoryLine]
    consent: tuple[str, float] | None


def _order_page(
    order_id: str,
    status: int = 200,
    form: OrderEdit | None = None,
    saved: Saved | None = None,
) -> Response:
    """Return the page; the form of a conflict keeps what was typed, but knows now what
    stands in the cells.
    """
    with site().store.reading() as tx:
        whole = _whole(tx, order_id)
    if whole is None:
        abort(404)
    shown = form_fields(whole.cells, whole.roster)
    return page(
        "order.html",
        status,
        whole=whole,
        order=whole.order,
        typed={**shown, **(form.typed if form else {})},
        seen={name: request.form.get(f"seen_{name}", "") for name in COLUMNS}
        if form and not saved
        else whole.cells,
        keep=[name for name, value in shown.items() if value == KEEP],
        errors=form.errors if form else {},
        saved=saved,
        statuses=STATUSES,
        sources=SOURCES,
    )


def _whole(tx: Tx, order_id: str) -> _Whole | None:
    order, row = tx.orders.get(order_id), tx.orders.shown_row(order_id)
    if order is None or row is None:
        return None
    roster, zone = tx.masters.roster(), site().settings.zone
    sheet = WORKSHEETS[ORDERS]
    return _Whole(
        order,
        {name: as_shown(row[sheet.index(column)]) for name, column in COLUMNS.items()},
        roster,
        event_lines(order, tx.history.of(order_id), roster, zone),
        notice_lines(tx.outbox.results(order_id), roster),
        tx.consents.of(order_id),
    )
