"""Protected ranges:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange.
"""

from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import ApiError, invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.spreadsheet import Spreadsheet, grid_span


def may_edit(protection: Json, user: str, owner: str) -> bool:
    """Whether the user may write where this protection lies.

    A warning stops nobody who writes by API.
    """
    if user == owner or protection.get("warningOnly"):
        return True
    editors = protection.get("editors", {})
    return bool(editors.get("domainUsersCanEdit")) or user in editors.get("users", [])


def guard(book: Spreadsheet, sheet: Sheet, box: Box, user: str) -> None:
    """Refuse a write that touches a cell protected from this user."""
    for protection in sheet.decorations["protectedRanges"]:
        if may_edit(protection, user, book.owner):
            continue
        covered = _box(sheet, protection.get("range", {}))
        if not covered.overlaps(box):
            continue
        free = [_box(sheet, part) for part in protection.get("unprotectedRanges", [])]
        if not any(part.contains(box) for part in free):
            raise refused()


def refused() -> ApiError:
    """A 400, not a 403."""
    return invalid(
        "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove "
        "protection if you need to edit."
    )


def whole(sheet: Sheet) -> Box:
    """Every cell of the tab."""
    return Box(0, 0, sheet.row_count, sheet.column_count)


def _box(sheet: Sheet, grid_range: Json) -> Box:
    span = grid_span(grid_range)
    return Box(
        span.r0 or 0,
        span.c0 or 0,
        sheet.row_count if span.r1 is None else span.r1,
        sheet.column_count if span.c1 is None else span.c1,
    )
