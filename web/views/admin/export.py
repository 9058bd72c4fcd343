"""Orders as files for Excel: what the list shows, whole, sent while it is being made."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask import Response, request

from record.dispatch.listing import Wanted
from record.dispatch.model import Order, Roster
from record.store import Store
from web.forms.panel import read_filter
from web.present.tables import csv_parts, xlsx_parts
from web.site import site
from web.views.admin import searches
from web.views.admin.frame import blueprint

Write = Callable[[Iterable[Order], Roster], Iterator[bytes]]
KINDS: dict[str, tuple[Write, str]] = {
    "csv": (csv_parts, "text/csv; charset=utf-8"),
    "xlsx": (
        xlsx_parts,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@blueprint.get("/admin/export.<any('csv', 'xlsx'):kind>")
def export(kind: str) -> Response:
    """Send the orders that the address asks for as a file."""
    write, mimetype = KINDS[kind]
    wanted = read_filter(request.args, searches.last())
    response = Response(_parts(site().store, wanted, write), mimetype=mimetype)
    day = datetime.now(site().settings.zone)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="naryad-{day:%Y-%m-%d}.{kind}"'
    )
    return response


def _parts(store: Store, wanted: Wanted, write: Write) -> Iterator[bytes]:
    # sent part by part after the view has returned, so it opens the store by itself
    with store.reading() as tx:
        yield from write(tx.search.all(wanted), tx.masters.roster())
