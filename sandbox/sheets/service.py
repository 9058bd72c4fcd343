"""What the Sheets API does once a request is understood.

A method per API method, without HTTP.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sandbox.sheets import a1, batch, creation, fields, resource, values
from sandbox.sheets.access import Access
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import ApiError, invalid
from sandbox.sheets.library import Library
from sandbox.sheets.spreadsheet import Spreadsheet
from sandbox.sheets.tab_requests import copied
from sandbox.sheets.validation import required
from sandbox.sheets.values import Written

Answer = str | Json


class Call(NamedTuple):
    """A validated request."""

    user: str
    kind: str
    book_id: str
    target: str
    query: Json
    body: Json
    mask: str | None


class Service:
    """https://developers.google.com/sheets/api/reference/rest."""

    def __init__(self, library: Library, access: Access) -> None:
        """Serve the library's spreadsheets."""
        self._library = library
        self._access = access

    def open(self, call: Call) -> Spreadsheet:
        """The spreadsheet; 404 when there is none, 403 when the caller may not do that."""
        return self._opened(call.book_id, call.user, call.kind)

    def _opened(self, book_id: str, user: str, kind: str) -> Spreadsheet:
        book = self._library.get(book_id)
        self._access.check(book, user, kind)
        return book

    def create(self, call: Call) -> Answer:
        """spreadsheets.create, with all that the tabs shall hold."""
        wanted = call.body
        properties = dict(wanted.get("properties", {}))
        title = properties.pop("title", "Untitled spreadsheet")
        book = self._library.create(title, call.user, properties)
        filled = creation.fill(book, wanted)
        if filled:
            batch.run(book, filled, call.user)
        self._library.add(book)
        return resource.spreadsheet(book, call.user, mask=call.mask)

    def get(self, call: Call) -> Answer:
        """spreadsheets.get."""
        ranges: Sequence[str] = call.query.get("ranges", [])
        data = bool(call.query.get("includeGridData"))
        return resource.spreadsheet(
            self.open(call), call.user, ranges, data=data, mask=call.mask
        )

    def get_by_filter(self, call: Call) -> Answer:
        """spreadsheets.getByDataFilter, for A1 ranges and grid ranges."""
        book = self.open(call)
        ranges = [
            _filter_range(book, item) for item in call.body.get("dataFilters", [])
        ]
        data = bool(call.body.get("includeGridData"))
        return resource.spreadsheet(book, call.user, ranges, data=data, mask=call.mask)

    def batch_update(self, call: Call) -> Answer:
        """spreadsheets.batchUpdate."""
        self.open(call)
        with self._library.write(call.book_id, call.user) as book:
            replies = batch.run(book, call.body.get("requests", []), call.user)
            answer: Json = {"spreadsheetId": book.id, "replies": replies}
            if call.body.get("includeSpreadsheetInResponse"):
                answer["updatedSpreadsheet"] = self._updated(book, call)
        return answer

    def _updated(self, book: Spreadsheet, call: Call) -> Json:
        ranges = call.body.get("responseRanges", [])
        data = bool(call.body.get("responseIncludeGridData"))
        below = (
            fields.below(fields.parse(call.mask), "updatedSpreadsheet")
            if call.mask
            else {}
        )
        if below is None:
            return {}
        mask = unparsed(below) if below else None
        return resource.spreadsheet(
            book,
            call.user,
            ranges,
            data=data,
            mask=mask or ("*" if call.mask else None),
        )

    def copy_to(self, call: Call) -> Answer:
        """spreadsheets.sheets.copyTo."""
        source_book = self._opened(call.book_id, call.user, "read")
        source = source_book.sheet(int(call.target))
        required(call.body.get("destinationSpreadsheetId"), "destinationSpreadsheetId")
        destination = call.body["destinationSpreadsheetId"]
        self._opened(destination, call.user, "write")
        with self._library.write(destination, call.user) as book:
            prefix = "Копия" if book.locale.name == "ru_RU" else "Copy of"
            copy = copied(book, source, f"{prefix} {source.title}", None, None)
        return copy.properties

    def values_get(self, call: Call) -> Answer:
        """values.get."""
        return values.read(self.open(call), call.target, call.query)

    def values_batch_get(self, call: Call) -> Answer:
        """values.batchGet."""
        return values.batch_read(
            self.open(call), call.query.get("ranges", []), call.query
        )

    def values_batch_get_by_filter(self, call: Call) -> Answer:
        """values.batchGetByDataFilter, for A1 ranges and grid ranges."""
        book = self.open(call)
        filters = call.body.get("dataFilters", [])
        texts = [
            values.read(book, _filter_range(book, item), call.body) for item in filters
        ]
        matched = [
            {"valueRange": json.loads(text), "dataFilters": [item]}
            for text, item in zip(texts, filters, strict=True)
        ]
        return {"spreadsheetId": book.id, "valueRanges": matched}

    def values_update(self, call: Call) -> Answer:
        """values.update."""
        self.open(call)
        option = _input_option(call.query)
        with self._library.write(call.book_id, call.user) as book:
            written = values.update(book, call.target, call.body, option, call.user)
            return _reply(book, written, call.query)

    def values_append(self, call: Call) -> Answer:
        """values.append."""
        self.open(call)
        _input_option(call.query)
        with self._library.write(call.book_id, call.user) as book:
            table, written = values.append(
                book, call.target, call.body, call.query, call.user
            )
            answer: Json = {"spreadsheetId": book.id}
            if table:
                answer["tableRange"] = table
            return {**answer, "updates": _reply(book, written, call.query)}

    def values_clear(self, call: Call) -> Answer:
        """values.clear."""
        self.open(call)
        with self._library.write(call.book_id, call.user) as book:
            return {
                "spreadsheetId": book.id,
                "clearedRange": values.clear(book, call.target, call.user),
            }

    def values_batch_update(self, call: Call) -> Answer:
        """values.batchUpdate."""
        self.open(call)
        option = _input_option(call.body)
        with self._library.write(call.book_id, call.user) as book:
            done: list[Written] = []
            for index, part in enumerate(call.body.get("data", [])):
                with _named(f"data[{index}]"):
                    required(part.get("range"), "range")
                    done.append(
                        values.update(book, part["range"], part, option, call.user)
                    )
            replies = [_reply(book, written, call.body) for written in done]
        return _totals(call.book_id, done, replies)

    def values_batch_clear(self, call: Call) -> Answer:
        """values.batchClear."""
        self.open(call)
        with self._library.write(call.book_id, call.user) as book:
            cleared = []
            for index, text in enumerate(call.body.get("ranges", [])):
                with _named(f"range[{index}]"):
                    cleared.append(values.clear(book, text, call.user))
        return {"spreadsheetId": call.book_id, "clearedRanges": cleared}


class _named:  # noqa: N801 - reads as a statement
    """Names the part of a batch in the errors it raises."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: object, error: BaseException | None, _trace: object
    ) -> None:
        if isinstance(error, ApiError) and error.code == 400 and not error.details:
            raise invalid(f"Invalid {self._part}: {error.message}") from error


def unparsed(tree: fields.Tree) -> str:
    """The text of a mask."""
    return ",".join(_part(name, below) for name, below in tree.items())


def _part(name: str, below: fields.Tree) -> str:
    if not below:
        return name
    return f"{name}({unparsed(below)})"


def _input_option(options: Json) -> str:
    option = options.get("valueInputOption")
    required(option, "valueInputOption")
    if option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def _reply(book: Spreadsheet, written: Written, options: Json) -> Json:
    wanted = options.get("includeValuesInResponse")
    return written.reply(
        book, values.rendering_of(book, options, "response") if wanted else None
    )


def _totals(book_id: str, done: list[Written], replies: list[Json]) -> Json:
    rows = {(one.sheet.id, row) for one in done for row in one.rows}
    columns = {(one.sheet.id, column) for one in done for column in one.columns}
    return {
        "spreadsheetId": book_id,
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.cells for one in done),
        "totalUpdatedSheets": len({one.sheet.id for one in done if one.cells}),
        "responses": replies,
    }


def _filter_range(book: Spreadsheet, data_filter: Json) -> str:
    if "a1Range" in data_filter:
        return str(data_filter["a1Range"])
    if "gridRange" in data_filter:
        sheet, box = book.grid_box(data_filter["gridRange"])
        return a1.write(sheet.title, box)
    raise ApiError(501, "The sandbox does not cover filters by developer metadata.")


Operation = Callable[[Service, Call], Any]
