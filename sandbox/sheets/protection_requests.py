"""Requests about protected ranges."""

from sandbox.sheets import fields
from sandbox.sheets.cells import Json
from sandbox.sheets.decoration_requests import find
from sandbox.sheets.errors import invalid
from sandbox.sheets.protection import may_edit, refused
from sandbox.sheets.request import Batch, Handler, need
from sandbox.sheets.resource import protection_json


def _add(batch: Batch, body: Json) -> Json:
    wanted = need(body, "protectedRange")
    if "namedRangeId" in wanted:
        raise invalid("The sandbox protects ranges only, not named ranges.")
    sheet, _ = batch.book.grid_box(need(wanted, "range"))
    _check(wanted)
    protection = {"protectedRangeId": batch.book.new_sheet_id(), **wanted}
    _include(protection, batch)
    sheet.decorations["protectedRanges"].append(protection)
    shown = protection_json(protection, batch.user, batch.book.owner)
    # who may always edit is named in later answers only
    shown["editors"] = wanted.get("editors", {})
    return {"addProtectedRange": {"protectedRange": shown}}


def _update(batch: Batch, body: Json) -> Json:
    wanted = need(body, "protectedRange")
    mask = fields.write_mask(body.get("fields"), "ProtectedRange")
    sheet, index = find(
        batch.book,
        "protectedRanges",
        "protectedRangeId",
        wanted.get("protectedRangeId"),
        "protected range",
    )
    items = sheet.decorations["protectedRanges"]
    _require(items[index], batch)
    new = fields.merged(items[index], wanted, mask) | {
        "protectedRangeId": items[index]["protectedRangeId"]
    }
    if new.get("warningOnly") and "editors" not in wanted:
        new.pop("editors", None)
    _check(new)
    batch.book.grid_box(need(new, "range"))
    _include(new, batch)
    items[index] = new
    return {}


def _delete(batch: Batch, body: Json) -> Json:
    sheet, index = find(
        batch.book,
        "protectedRanges",
        "protectedRangeId",
        body.get("protectedRangeId"),
        "protected range",
    )
    _require(sheet.decorations["protectedRanges"][index], batch)
    del sheet.decorations["protectedRanges"][index]
    return {}


def _check(protection: Json) -> None:
    if protection.get("warningOnly") and protection.get("editors"):
        raise invalid("Cannot set both 'warningOnly' and 'editors'.")


def _include(protection: Json, batch: Batch) -> None:
    """Whoever protects, and the owner, can always edit."""
    protection.pop("requestingUserCanEdit", None)
    if protection.get("warningOnly"):
        return
    editors = dict(protection.get("editors", {}))
    users = list(editors.get("users", []))
    users += [
        user
        for user in dict.fromkeys((batch.user, batch.book.owner))
        if user not in users
    ]
    protection["editors"] = {**editors, "users": users}


def _require(protection: Json, batch: Batch) -> None:
    if not may_edit(protection, batch.user, batch.book.owner):
        raise refused()


HANDLERS: dict[str, Handler] = {
    "addProtectedRange": _add,
    "updateProtectedRange": _update,
    "deleteProtectedRange": _delete,
}
