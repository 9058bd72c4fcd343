"""What every page of the panel stands in: one blueprint, its guard, and the frame."""

from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from record.actions import staff
from record.actions.staff import Panel
from record.settings import Settings
from web.access import sessions
from web.access.security import never_cached
from web.site import site

WITHOUT_SESSION = frozenset(
    {
        "admin.home",
        "admin.login",
        "admin.confirm",
        "admin.confirm_live",
        "admin.confirm_by_code",
    }
)
# what a page asks by itself does not keep a session awake
LIVE = frozenset({"admin.live", "admin.health_live"})
SAME = "Ничего не изменилось: всё уже так."

blueprint = Blueprint("admin", __name__)
blueprint.after_request(never_cached)


# Beside the blueprint, so that no page can hang on it without its guard.
@blueprint.before_request
def _require_session() -> AnyResponse | None:
    """Send whoever has no session to the password form."""
    endpoint = request.endpoint or ""
    g.signed_in = sessions.signed_in("admin", acting=endpoint not in LIVE)
    if g.signed_in or endpoint in WITHOUT_SESSION:
        return None
    if request.headers.get("HX-Request"):
        # htmx would put the form that a redirect leads to into the middle of the page
        return make_response(
            "", HTTPStatus.NO_CONTENT, {"HX-Redirect": url_for("admin.home")}
        )
    return redirect(url_for("admin.home", next=_page_to_return_to()), 303)


def _page_to_return_to() -> str | None:
    """Return the address that was asked for; a form that was sent can't be sent again."""
    if request.method != "GET":
        return None
    return request.full_path.rstrip("?")


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """Return a page of the panel, with the counts and news that its frame shows."""
    with site().store.reading() as tx:
        shown["unclear"] = tx.search.unclear()
        shown["overruled"] = staff.overruled(tx)
        shown["hopeful"] = sum(not one.master.active for one in staff.masters(tx))
    shown["me"] = g.signed_in.name
    shown["sheet_url"] = _sheet_url(site().settings)
    return make_response(render_template(f"admin/{template}", **shown), status)


def panel() -> Panel:
    """Return the acts of staff, in the name of who is signed in."""
    return Panel(site().store, g.signed_in.actor)


def _sheet_url(settings: Settings) -> str:
    """Return where a person opens the spreadsheet."""
    # a sandbox shows its sheets on its first page; only Google has a page for each
    if settings.sheets.api_url:
        return settings.sheets.api_url.rstrip("/") + "/"
    sheet_id = settings.sheets.spreadsheet_id
    return f"https://docs.google.com/spreadsheets/d/{sheet_id}/edit"


def row_url(settings: Settings, grid: int | None, position: int) -> str:
    """Return where a person opens a row of a worksheet; without its number, the sheet."""
    address = _sheet_url(settings)
    if settings.sheets.api_url or grid is None:
        return address
    return f"{address}#gid={grid}&range=A{position}"
