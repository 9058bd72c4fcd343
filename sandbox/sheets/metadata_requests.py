"""Requests about developer metadata of the whole spreadsheet.

That of tabs, rows and columns is not covered.

https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from collections.abc import Callable
from typing import Any

from sandbox.sheets import fields
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import invalid
from sandbox.sheets.request import Batch, Handler, need

VISIBILITIES = {"DOCUMENT", "PROJECT"}


def _create(batch: Batch, body: Json) -> Json:
    wanted: Json = need(body, "developerMetadata")
    if not wanted.get("metadataKey"):
        raise invalid("developerMetadata.metadataKey must be set.")
    if wanted.get("visibility") not in VISIBILITIES:
        raise invalid("developerMetadata.visibility must be specified.")
    if not wanted.get("location", {}).get("spreadsheet"):
        raise invalid("The sandbox keeps metadata of the whole spreadsheet only.")
    known = {one["metadataId"] for one in batch.book.metadata}
    if wanted.get("metadataId") in known:
        raise invalid(
            f"Developer metadata with id {wanted['metadataId']} already exists."
        )
    made = {
        "metadataId": wanted.get("metadataId") or batch.book.new_sheet_id(),
        "metadataKey": wanted["metadataKey"],
        "metadataValue": wanted.get("metadataValue", ""),
        "location": {"locationType": "SPREADSHEET", "spreadsheet": True},
        "visibility": wanted["visibility"],
    }
    batch.book.metadata.append(made)
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def _update(batch: Batch, body: Json) -> Json:
    wanted = need(body, "developerMetadata")
    mask = fields.write_mask(body.get("fields"), "DeveloperMetadata")
    matches = _matcher(body)
    changed = list(batch.book.metadata)
    for place, one in enumerate(changed):
        if matches(one):
            changed[place] = fields.merged(one, wanted, mask)
    found = [one for one in changed if matches(one)]
    if not found:
        raise invalid("No developer metadata matched the data filters.")
    batch.book.metadata = changed
    return {"updateDeveloperMetadata": {"developerMetadata": found}}


def _delete(batch: Batch, body: Json) -> Json:
    matches = _matcher({"dataFilters": [need(body, "dataFilter")]})
    gone = [one for one in batch.book.metadata if matches(one)]
    batch.book.metadata = [one for one in batch.book.metadata if not matches(one)]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone}}


def _matcher(body: Json) -> Callable[[Json], bool]:
    """Return what says whether the filters mean an item of metadata.

    By id, key, value and visibility: all that a filter names.
    """
    filters: list[Any] = need(body, "dataFilters")
    lookups = [one.get("developerMetadataLookup", {}) for one in filters]
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    return lambda one: any(
        all(one[name] == lookup[name] for name in names if name in lookup)
        for lookup in lookups
        if lookup
    )


HANDLERS: dict[str, Handler] = {
    "createDeveloperMetadata": _create,
    "updateDeveloperMetadata": _update,
    "deleteDeveloperMetadata": _delete,
}
