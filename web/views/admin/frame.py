"""What every page of the panel stands in: one blueprint, and the frame around each page."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from record.actions import staff
from record.settings import Settings
from web.access.security import never_cached
from web.site import site

blueprint = Blueprint("admin", __name__)
blueprint.after_request(never_cached)


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """Return a page of the panel, with the counts and news that its frame shows."""
    with site().store.reading() as tx:
        shown["unclear"] = tx.search.unclear()
        shown["overruled"] = staff.overruled(tx)
        shown["hopeful"] = sum(not one.master.active for one in staff.masters(tx))
    shown["sheet_url"] = _sheet_url(site().settings)
    return make_response(render_template(f"admin/{template}", **shown), status)


def _sheet_url(settings: Settings) -> str:
    """Return where a person opens the spreadsheet."""
    # a sandbox shows its sheets on its first page; only Google has a page for each
    if settings.sheets.api_url:
        return settings.sheets.api_url.rstrip("/") + "/"
    sheet_id = settings.sheets.spreadsheet_id
    return f"https://docs.google.com/spreadsheets/d/{sheet_id}/edit"
