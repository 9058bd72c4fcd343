"""Orders in the panel: the list with its filters, one order, its history and changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from record.actions.staff import Saved
from record.dispatch.listing import STATUSES, Wanted
from record.dispatch.model import Order, Roster
from record.dispatch.unfinished import Unfinished
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.store import Tx
from record.store.consents import Consent
from record.store.facts import GRIDS_KNOWN, UNFINISHED
from record.values import Status, as_shown
from record.values.sources import SOURCES
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
from web.order_numbers import order_meant
from web.present.order_history import HistoryLine, ToldLine, event_lines, told_lines
from web.site import site
from web.views.admin import searches
from web.views.admin.frame import SAME, blueprint, page, panel, row_url

SHOWN = 50
UnfinishedRow = tuple[Unfinished, str]
SAVED = "Сохранено. В таблице это появится через пару секунд."


@blueprint.get("/admin/orders")
def orders() -> Response:
    """List the orders that the address asks for, a page at a time."""
    wanted = read_filter(request.args, searches.last())
    if wanted.text:
        searches.remember(wanted.text)
    below = read_rank(request.args.get("below", ""))
    above = read_rank(request.args.get("above", ""))
    with site().store.reading() as tx:
        found = tx.search.page(wanted, below=below, above=above, limit=SHOWN)
        roster = tx.masters.roster()
        counts = tx.orders.count_by_status()
        sources = tx.search.sources()
        exact = _with_number(tx, wanted.text)
        unfinished = _unfinished(tx, wanted, is_first=below is None and above is None)
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
        unfinished=unfinished,
    )


def _unfinished(tx: Tx, wanted: Wanted, *, is_first: bool) -> list[UnfinishedRow]:
    """Return the rows that are no orders yet, and where each stands in the sheet.

    They have nothing that a filter could ask for, but words.
    """
    filtered = replace(wanted, text="", unclear=False) != Wanted()
    if filtered or not is_first:
        return []
    rows = tx.facts.get(UNFINISHED) or []
    grids = tx.facts.get(GRIDS_KNOWN) or {}
    grid = grids.get(ORDERS, {}).get("id")
    found = [row for row in rows if row.has(wanted.text)]
    return [(row, row_url(site().settings, grid, row.position)) for row in found]


def _with_number(tx: Tx, text: str) -> Order | None:
    """Return the order whose number was searched for, whatever the filters leave out."""
    if not text:
        return None
    return tx.orders.get(text.lstrip("#№ "))


@blueprint.post("/admin/orders")
def search() -> AnyResponse:
    """Keep what is searched for out of addresses and their logs; then show the list."""
    wanted = read_filter(request.form)
    searches.remember(wanted.text)
    asked: dict[str, Any] = {**filter_arguments(wanted)}
    return redirect(url_for("admin.orders", **asked), HTTPStatus.SEE_OTHER)


@blueprint.get("/admin/orders/<order:called>")
def order(called: str) -> Response:
    """Show one order whole, with the form to change it."""
    with site().store.reading() as tx:
        order_id = order_meant(tx, called)
    return _order_page(order_id)


@blueprint.post("/admin/orders/<order:called>")
def save(called: str) -> AnyResponse:
    """Change status, master or price.

    Where a person has changed one of these cells meanwhile, both values are shown.
    """
    with site().store.reading() as tx:
        order_id = order_meant(tx, called)
        usual = tx.orders.usual_price_for(order_id)
        form = read_edit(request.form, tx.masters.roster(), usual)
    if form.errors:
        return _order_page(order_id, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    saved = panel().edit_order(order_id, form.edits)
    if saved.refusal == "gone":
        abort(404)
    if saved.refusal:
        return _order_page(order_id, HTTPStatus.CONFLICT, form=form, saved=saved)
    flash(SAVED if saved.changed else SAME)
    return redirect(url_for("admin.order", called=order_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/admin/overruled/<int(max=2147483647):write_id>")
def read_overruled(write_id: int) -> AnyResponse:
    """Put away the news that a change was overruled in the sheet."""
    panel().dismiss(write_id)
    return redirect(url_for("admin.home"), HTTPStatus.SEE_OTHER)


@dataclass(frozen=True)
class OrderDetails:
    """All that is shown of an order."""

    order: Order
    cells: dict[str, str]
    roster: Roster
    history: list[HistoryLine]
    told: list[ToldLine]
    consent: Consent | None


def _order_page(
    order_id: str,
    status: int = 200,
    form: OrderEdit | None = None,
    saved: Saved | None = None,
) -> Response:
    """Return the page; ``form`` is one that was not saved, ``saved`` says why not."""
    with site().store.reading() as tx:
        details = _details(tx, order_id)
    if details is None:
        abort(404)
    fields = form_fields(details.cells, details.roster)
    typed = fields
    seen = details.cells
    errors: Mapping[str, str] = {}
    if form is not None:
        typed = {**fields, **form.typed}
        errors = form.errors
        # after a conflict the form knows what stands in the cells now: sent once more,
        # it overrules that knowingly
        if saved is None:
            seen = {name: request.form.get(f"seen_{name}", "") for name in COLUMNS}
    return page(
        "order.html",
        status,
        whole=details,
        order=details.order,
        typed=typed,
        seen=seen,
        keep=[name for name, value in fields.items() if value == KEEP],
        errors=errors,
        sure=form.sure if form else "",
        saved=saved,
        statuses=STATUSES,
        sources=SOURCES,
    )


def _details(tx: Tx, order_id: str) -> OrderDetails | None:
    order = tx.orders.get(order_id)
    row = tx.orders.shown_row(order_id)
    if order is None or row is None:
        return None
    roster = tx.masters.roster()
    zone = site().settings.zone
    sheet = WORKSHEETS[ORDERS]
    cells = {}
    for name, column in COLUMNS.items():
        cells[name] = as_shown(row[sheet.index(column)])
    return OrderDetails(
        order=order,
        cells=cells,
        roster=roster,
        history=event_lines(order, tx.history.of(order_id), roster, zone),
        told=told_lines(tx.outbox.told(order_id), roster, zone),
        consent=tx.consents.of(order_id),
    )
