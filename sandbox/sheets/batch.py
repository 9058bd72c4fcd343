"""spreadsheets.batchUpdate:
https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/batchUpdate.
"""

from collections.abc import Sequence

from sandbox.sheets import (
    cell_requests,
    decoration_requests,
    dimension_requests,
    metadata_requests,
    moving_requests,
    protection_requests,
    search_requests,
    tab_requests,
)
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import ApiError, invalid
from sandbox.sheets.request import Batch, Handler
from sandbox.sheets.spreadsheet import Spreadsheet

HANDLERS: dict[str, Handler] = {
    **tab_requests.HANDLERS,
    **dimension_requests.HANDLERS,
    **cell_requests.HANDLERS,
    **moving_requests.HANDLERS,
    **search_requests.HANDLERS,
    **decoration_requests.HANDLERS,
    **protection_requests.HANDLERS,
    **metadata_requests.HANDLERS,
}


def run(book: Spreadsheet, requests: Sequence[Json], user: str) -> list[Json]:
    """Apply the requests to a draft, in order; the replies mirror them.

    An error names the request it is about.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    batch = Batch(book, user)
    replies = []
    for index, request in enumerate(requests):
        replies.append(_apply(batch, index, request))
    return replies


def _apply(batch: Batch, index: int, request: Json) -> Json:
    if not request:
        raise invalid(f"Invalid requests[{index}]: No request set.")
    if len(request) > 1:
        kinds = list(request)
        raise invalid(
            f"Invalid value at 'requests[{index}]' (oneof), oneof field 'kind' is already set. "
            f"Cannot set '{kinds[1]}'"
        )
    ((name, body),) = request.items()
    handler = HANDLERS.get(name)
    if handler is None:
        raise ApiError(
            501,
            f"Invalid requests[{index}].{name}: the sandbox does not cover this request.",
        )
    try:
        return handler(batch, body)
    except ApiError as error:
        if error.code != 400 or error.details:
            raise
        raise invalid(f"Invalid requests[{index}].{name}: {error.message}") from error
