"""The worksheets as a person sees them, with all that is on them; and what a person does to their looks."""

from typing import Any

import gspread

from record.grid.worksheets import ORDERS
from tests.harness.system import System

Json = dict[str, Any]
GRID = {"startRowIndex", "startColumnIndex", "dimension", "gridProperties"}


class View:
    """The spreadsheet with all that is on it."""

    def __init__(self, system: System) -> None:
        fields = (
            "sheets(properties,conditionalFormats,protectedRanges,basicFilter,data(columnMetadata,rowData.values))"
        )
        answer = system.staff().fetch_sheet_metadata({"fields": fields})
        self.sheets: dict[str, Json] = {one["properties"]["title"]: one for one in answer["sheets"]}

    def place(self, title: str, column: str) -> int:
        """Return the 0-based place of a column."""
        return [cell.get("formattedValue") for cell in self.row(title, 0)].index(column)

    def row(self, title: str, row: int) -> list[Json]:
        """Return the cells of a 0-based row."""
        rows = self.sheets[title]["data"][0]["rowData"]
        return list(rows[row].get("values", [])) if row < len(rows) else []

    def cell(self, title: str, column: str, row: int) -> Json:
        """Return a cell of a 0-based row."""
        cells, place = self.row(title, row), self.place(title, column)
        return dict(cells[place]) if place < len(cells) else {}

    def rule(self, title: str, column: str, row: int = 1) -> Json:
        """Return the data validation of a cell, or nothing."""
        return dict(self.cell(title, column, row).get("dataValidation", {}))

    def form(self, title: str, column: str, row: int = 1) -> Json:
        """Return the format of a cell."""
        return dict(self.cell(title, column, row).get("userEnteredFormat", {}))

    def width(self, title: str, column: str) -> int:
        """Return the width of a column."""
        return int(self.sheets[title]["data"][0]["columnMetadata"][self.place(title, column)]["pixelSize"])

    def ticked(self, title: str) -> set[int]:
        """Return the 0-based rows that have a checkbox in any column."""
        rows = self.sheets[title]["data"][0]["rowData"]
        return {
            number
            for number, row in enumerate(rows)
            for cell in row.get("values", [])
            if cell.get("dataValidation", {}).get("condition", {}).get("type") == "BOOLEAN"
        }

    def formulas(self) -> list[str]:
        """Return the formulas of the conditional formats of «Заявки», first one first."""
        return [formula(rule) for rule in self.sheets[ORDERS].get("conditionalFormats", [])]

    def guards(self, title: str) -> dict[str, Json]:
        """Return the protections of a worksheet by description."""
        return {one["description"]: one for one in self.sheets[title].get("protectedRanges", [])}


def formula(rule: Json) -> str:
    """Return what a conditional format asks."""
    return str(rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"])


def writes(system: System) -> int:
    """Return how many write requests there have been."""
    return int(system.http.get(f"{system.url}/sandbox/requests").json()["sheets_write"])


def change(system: System, title: str, **requests: Json) -> None:
    """Change a worksheet as a person does; each request without its sheetId."""
    worksheet = system.staff().worksheet(title)

    def with_id(value: Any) -> Any:
        if isinstance(value, dict):
            value = {key: with_id(part) for key, part in value.items()}
            return value | {"sheetId": worksheet.id} if value.keys() & GRID else value
        return [with_id(part) for part in value] if isinstance(value, list) else value

    system.staff().batch_update({"requests": [{name: with_id(body)} for name, body in requests.items()]})


def column(place: int, start: int = 1) -> Json:
    """Return the range of a column below the header."""
    return {"startRowIndex": start, "startColumnIndex": place, "endColumnIndex": place + 1}


def red(formula: str, place: int) -> Json:
    """Return a conditional format of a person's own."""
    asked = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    painted = {"backgroundColor": {"red": 1}}
    return {"ranges": [column(place)], "booleanRule": {"condition": asked, "format": painted}}


def brightness(colour: str) -> float:
    """Return a colour's relative luminance."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def hexed(style: Json) -> str:
    """Return a ColorStyle as #RRGGBB."""
    return "#" + "".join(f"{round(style['rgbColor'].get(part, 0) * 255):02X}" for part in ("red", "green", "blue"))


def form(place: int, start: int, end: int, wanted: Json) -> Json:
    """Return the request by which a person formats cells of a column."""
    where = column(place, start) | {"endRowIndex": end}
    fields = ",".join(f"userEnteredFormat.{key}" for key in wanted)
    return {"range": where, "cell": {"userEnteredFormat": wanted}, "fields": fields}


def header(place: int, *, note: str, colour: Json) -> Json:
    """Return the request by which a person notes and colours a header."""
    where = column(place, 0) | {"endRowIndex": 1}
    return {
        "range": where,
        "cell": {"note": note, "userEnteredFormat": {"backgroundColor": colour}},
        "fields": "note,userEnteredFormat",
    }


def move(sheet: gspread.Worksheet, name: str, to: int) -> None:
    """Drag a column elsewhere, as a person does."""
    place = sheet.row_values(1).index(name)
    source = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    sheet.spreadsheet.batch_update({"requests": [{"moveDimension": {"source": source, "destinationIndex": to}}]})
